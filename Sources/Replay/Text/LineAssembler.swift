import Platform

/// Makes lines of text out of a stream of terminal output or keys: a terminal of one line.
///
/// Carriage returns, backspaces, tabs and the sequences that edit a line do what they do on a screen, so that a
/// corrected command or a progress bar reads as a person saw it. What moves the cursor up or down ends the line:
/// full-screen programs come out in pieces. Memory is bounded by `cellLimit` and `versionLimit`.
struct LineAssembler {
  /// What bytes mean.
  enum Source: Equatable, Sendable {
    /// Output, edited as a terminal would.
    case screen
    /// Output as it came: only sequences and control characters are taken out.
    case output
    /// Keys: return ends a line, erase keys erase.
    case input
  }

  /// Longer lines are cut there.
  static let cellLimit = 1 << 16
  /// A line that changes more often is reported, and goes on under the next number.
  static let versionLimit = 256
  /// Text counts as read when it stood for so long, in microseconds, before it was written over.
  static let readingTime: Int64 = 250_000

  struct Cell: Equatable {
    var scalar: UInt32
    var microseconds: Int64

    /// The right half of a wide character.
    static let filler = UInt32.max
    var isBlank: Bool { scalar == 0x20 }
  }

  let source: Source
  /// Columns of the terminal: how far the cursor may be moved.
  var columns: Int
  /// Lines that are complete; the caller takes them away.
  var lines: [TextLine] = []
  var cells: [Cell] = []
  /// Combining characters, by the cell they belong to.
  private var marks: [Int: [UInt32]] = [:]
  var column = 0
  /// Where the cursor was put by the last character.
  private var columnBehindText = 0
  private var row = 1
  private var versions: [TextLine.Version] = []
  var now: Int64 = 0
  private var lastChange: Int64 = 0
  private var hasChanged = false
  private var scanner = EscapeScanner()
  private var decoder = UTF8Decoder()

  init(_ source: Source, columns: Int) {
    self.source = source
    self.columns = columns > 0 ? columns : 80
  }

  /// Takes the next bytes of the stream, written at `microseconds`.
  mutating func append(_ bytes: [UInt8], at microseconds: Int64) {
    now = microseconds
    for byte in bytes {
      // Plain text at the end of a line is nearly all there is: it takes a third of the time this way.
      if byte >= 0x20, byte < 0x7F, column == cells.count, scanner.isAtRest, !decoder.isWaiting,
        column < Self.cellLimit - 2
      {
        cells.append(Cell(scalar: UInt32(byte), microseconds: microseconds))
        column += 1
        columnBehindText = column
        changed()
        continue
      }
      switch scanner.scan(byte) {
      case .nothing: continue
      case .text(let byte): text(byte)
      case .pair(let first, let second):
        text(first)
        text(second)
      case .control(let byte):
        interrupt()
        control(byte)
      case .sequence(let sequence):
        interrupt()
        if source == .screen { apply(sequence) }
      }
    }
  }

  /// Ends the last line, if it holds anything.
  mutating func finish() {
    interrupt()
    if !cells.isEmpty || !versions.isEmpty { endLine() }
  }

  private mutating func text(_ byte: UInt8) {
    if byte < 0x80 {
      interrupt()
      put(UInt32(byte))
      return
    }
    let scalars = decoder.decode(byte)
    if let scalar = scalars.first { put(scalar) }
    if let scalar = scalars.second { put(scalar) }
  }

  private mutating func interrupt() {
    if let scalar = decoder.interrupt() { put(scalar) }
  }

  private mutating func control(_ byte: UInt8) {
    switch (byte, source) {
    case (0x0A, .screen), (0x0A, .output), (0x0D, .input), (0x0A, .input): endLine()
    case (0x0B, .screen), (0x0C, .screen): endLine()
    case (0x09, .screen): move(to: max(column, min(column / 8 * 8 + 8, screenRow.upperBound - 1)))
    case (0x09, _): put(0x09)
    case (0x0D, .screen): column = screenRow.lowerBound
    case (0x08, .screen): column = max(screenRow.lowerBound, column - 1)
    case (0x08, .input), (0x7F, .input): eraseTyped { _ in false }
    case (0x15, .input): eraseTyped { _ in true }
    default: return
    }
  }

  /// Takes the last typed character away, and those before it for as long as `goesOn`.
  private mutating func eraseTyped(while goesOn: (Cell) -> Bool) {
    repeat {
      guard let last = cells.popLast() else { break }
      marks[cells.count] = nil
      if last.scalar != Cell.filler, !goesOn(last) { break }
    } while true
    column = cells.count
  }

  /// The cells of the screen's row that the cursor is on: a line longer than the screen goes on in the next row, but
  /// carriage return, backspace and erasing do not leave theirs. Having written the last column, the cursor is still
  /// in its row.
  var screenRow: Range<Int> {
    let isBehindRow = column > 0 && column == columnBehindText && column % columns == 0
    let start = (isBehindRow ? column - 1 : column) / columns * columns
    return start..<start + columns
  }

  /// Writes a character where the cursor stands.
  private mutating func put(_ scalar: UInt32) {
    let width = Self.width(of: scalar)
    if width == 0 {
      if column > 0, column <= cells.count, marks[column - 1, default: []].count < 8 {
        marks[column - 1, default: []].append(scalar)
        changed()
      }
      return
    }
    if column + width > Self.cellLimit { endLine() }
    move(to: column)
    set(column, scalar)
    if width == 2 { set(column + 1, Cell.filler) }
    column += width
    columnBehindText = column
  }

  /// Moves the cursor, with blanks up to it where the line is shorter.
  mutating func move(to target: Int) {
    column = max(0, min(target, Self.cellLimit - 1))
    while cells.count < column { cells.append(Cell(scalar: 0x20, microseconds: now)) }
  }

  /// Replaces one cell; keeps its time where nothing changes.
  mutating func set(_ index: Int, _ scalar: UInt32) {
    guard index < cells.count else {
      cells.append(Cell(scalar: scalar, microseconds: now))
      changed()
      return
    }
    guard cells[index].scalar != scalar || marks[index] != nil else { return }
    if !cells[index].isBlank { keepVersion() }
    cells[index] = Cell(scalar: scalar, microseconds: now)
    marks[index] = nil
    changed()
  }

  /// Replaces the line from `start` on, for insertions and deletions.
  mutating func replace(from start: Int, with rest: [Cell]) {
    guard start <= cells.count, Array(cells[start...]) != rest else { return }
    keepVersion()
    marks = marks.filter { $0.key < start }
    cells.replaceSubrange(start..., with: rest.prefix(Self.cellLimit - start))
    changed()
  }

  private mutating func changed() {
    lastChange = now
    hasChanged = true
  }

  /// Called before text is written over: keeps it if there was time to read it.
  private mutating func keepVersion() {
    guard hasChanged, now - lastChange >= Self.readingTime, source == .screen else { return }
    hasChanged = false
    let version = currentVersion()
    guard !version.bytes.isEmpty, version.bytes != versions.last?.bytes else { return }
    versions.append(version)
    if versions.count == Self.versionLimit {
      lines.append(TextLine(row: row, versions: versions))
      versions = []
      row += 1
    }
  }

  private func currentVersion() -> TextLine.Version {
    var bytes: [UInt8] = []
    var runs: [TextLine.Version.Run] = []
    var end = cells.count
    while end > 0, cells[end - 1].isBlank, marks[end - 1] == nil { end -= 1 }
    bytes.reserveCapacity(end)
    for (index, cell) in cells[..<end].enumerated() where cell.scalar != Cell.filler {
      Self.appendUTF8(cell.scalar, to: &bytes)
      for mark in marks.isEmpty ? [] : marks[index] ?? [] { Self.appendUTF8(mark, to: &bytes) }
      if let last = runs.last, last.microseconds == cell.microseconds {
        runs[runs.count - 1].end = bytes.count
      } else {
        runs.append(.init(end: bytes.count, microseconds: cell.microseconds))
      }
    }
    if runs.isEmpty { runs = [.init(end: 0, microseconds: now)] }
    return TextLine.Version(bytes: bytes, runs: runs)
  }

  /// Ends the line, also an empty one.
  mutating func endLine() {
    let version = currentVersion()
    if versions.isEmpty || !version.bytes.isEmpty { versions.append(version) }
    lines.append(TextLine(row: row, versions: versions))
    row += 1
    startLine()
  }

  /// Ends the line unless nothing stands on it: for what moves the cursor elsewhere.
  mutating func breakLine() {
    if versions.isEmpty, cells.allSatisfy(\.isBlank) { startLine() } else { endLine() }
  }

  private mutating func startLine() {
    versions = []
    cells.removeAll(keepingCapacity: true)
    marks = [:]
    column = 0
    hasChanged = false
  }

  private static func appendUTF8(_ scalar: UInt32, to bytes: inout [UInt8]) {
    if scalar < 0x80 {
      bytes.append(UInt8(scalar))
    } else if let scalar = Unicode.Scalar(scalar) {
      bytes += UTF8.encode(scalar).map(Array.init) ?? []
    }
  }

  private static func width(of scalar: UInt32) -> Int {
    if scalar < 0x300 { return 1 }
    return Unicode.Scalar(scalar).map { String($0).columnCount } ?? 1
  }
}
