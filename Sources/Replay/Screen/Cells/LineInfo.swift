/// What the screen keeps of a row beside its cells.
struct LineInfo: Equatable, Sendable, BitwiseCopyable {
  /// How large the characters of a row are drawn (DECSWL, DECDWL, DECDHL).
  enum Size: UInt8, Sendable {
    case single, doubleWidth, doubleHeightTop, doubleHeightBottom
  }

  /// What a shell said begins in a row (OSC 133).
  enum Mark: UInt8, Sendable {
    case none, prompt, command, output
  }

  /// `indent` and `occupancy`, read and written in one: two halves cost half of the time of short lines.
  private var bounds: UInt32 = 0xFFFF
  /// The text goes on in the next row: the terminal broke the line, not the program.
  var isWrapped = false
  var size = Size.single
  var mark = Mark.none
  /// Another number after each change, across all rows of both screens: equal numbers mean equal contents.
  var version: UInt64 = 0

  init() {}

  init(indent: UInt16, occupancy: UInt16, version: UInt64) {
    bounds = UInt32(indent) | UInt32(occupancy) << 16
    self.version = version
  }

  /// A blank row.
  init(version: UInt64) { self.version = version }

  /// Positions before this one are blank in the default style: a row that scrolls costs what was written in it.
  @inline(__always) var indent: UInt16 {
    get { UInt16(truncatingIfNeeded: bounds) }
    set { bounds = bounds & 0xFFFF_0000 | UInt32(newValue) }
  }

  /// Positions from here on are blank in the default style.
  @inline(__always) var occupancy: UInt16 {
    get { UInt16(truncatingIfNeeded: bounds >> 16) }
    set { bounds = bounds & 0xFFFF | UInt32(newValue) << 16 }
  }

  /// Notes that positions from `lower` up to `upper` may be other than blank.
  @inline(__always)
  mutating func include(_ lower: Int, _ upper: Int) {
    let old = bounds
    bounds =
      min(old & 0xFFFF, UInt32(truncatingIfNeeded: lower)) | max(old >> 16, UInt32(truncatingIfNeeded: upper))
      &<< 16
  }

  /// Notes a change of positions from `lower` up to `upper`.
  @inline(__always)
  mutating func note(_ lower: Int, _ upper: Int, _ version: UInt64, at now: Int64) {
    self.version = version
    lastWrite = now
    if firstWrite < 0 { firstWrite = now }
    include(lower, upper)
  }

  /// The positions that may be other than blank.
  @inline(__always) var extent: Range<Int> { occupancy > indent ? Int(indent)..<Int(occupancy) : 0..<0 }
  /// When the row was first and last written since it was blank, in microseconds of `Screen.now`; -1: never.
  var firstWrite: Int64 = -1
  var lastWrite: Int64 = -1
}
