/// One logical line (soft wraps joined) that a person could read, and when.
///
/// Times are milliseconds since the recording's start, rounded up: the screen at such a time shows what is said of it.
struct SettledLine: Equatable, Sendable {
  /// A stretch of bytes that was written at one time.
  struct Run: Equatable, Sendable, BitwiseCopyable {
    /// Offset behind its last byte.
    var end: Int
    var milliseconds: Int64
  }

  struct Flags: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    /// On the alternate screen, as full-screen programs draw.
    static let alternate = Flags(rawValue: 1 << 0)
    /// Left by scrolling off, or stood to the end: plain output. Else something was drawn in its place.
    static let scrolled = Flags(rawValue: 1 << 1)
    /// A shell's prompt.
    static let prompt = Flags(rawValue: 1 << 2)
    /// A prompt with a command typed behind it.
    static let command = Flags(rawValue: 1 << 3)
    /// Stood for less than the settling time: typed and removed, or shown for a moment.
    static let transient = Flags(rawValue: 1 << 4)
    /// Text that begins alike took its place: a line that was still being edited.
    static let edited = Flags(rawValue: 1 << 5)
  }

  /// Valid UTF-8 without line feeds and without trailing blanks; not empty.
  var text: [UInt8]
  /// In order; the last one ends with the text.
  var runs: [Run]
  /// When the first of it came, and until when it stood.
  var first: Int64
  var last: Int64
  var flags: Flags

  /// The first moment at which all bytes of a range stood there; for an empty range that of the byte before it.
  func milliseconds(of range: Range<Int>) -> Int64 {
    let range = range.isEmpty ? max(0, range.lowerBound - 1)..<max(1, range.upperBound) : range
    var latest = first
    var start = 0
    for run in runs {
      if start >= range.upperBound { break }
      if run.end > range.lowerBound { latest = max(latest, run.milliseconds) }
      start = run.end
    }
    return latest
  }
}

extension SettledLine {
  /// A text that came at one time.
  init(_ text: [UInt8], at milliseconds: Int64, flags: Flags = []) {
    self.init(
      text: text, runs: [Run(end: text.count, milliseconds: milliseconds)], first: milliseconds,
      last: milliseconds, flags: flags)
  }

  /// Microseconds to milliseconds, upward.
  static func milliseconds(_ microseconds: Int64) -> Int64 { (max(0, microseconds) + 999) / 1000 }
}
