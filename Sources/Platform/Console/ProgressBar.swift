/// The text of a progress bar: a pure function of numbers.
public struct ProgressText: Sendable, Equatable {
  /// What is going on, in a word or two.
  public var label: String
  /// Done so far, in `unit`.
  public var done: Int64
  /// nil: not known.
  public var total: Int64?
  /// What is counted.
  public var unit: Unit
  /// Since the start.
  public var elapsedMicroseconds: Int64

  /// What is counted.
  public enum Unit: Sendable, Equatable {
    /// Bytes, shown in KiB, MiB and GiB.
    case bytes
    /// Things with a name for many of them, for example "recordings".
    case items(String)
  }

  /// Where the work stands; the parameters are the properties of the same names.
  public init(_ label: String, done: Int64, total: Int64?, unit: Unit, elapsedMicroseconds: Int64) {
    (self.label, self.done, self.total, self.unit) = (label, done, total, unit)
    self.elapsedMicroseconds = elapsedMicroseconds
  }

  /// One line of at most `columns` columns: `Searching  [=====>    ]  52%  1.2 GiB of 2.3 GiB  0:12 left`.
  /// Where there is little room the bar goes first, then the amounts.
  public func line(columns: Int) -> String {
    let label = label.printable
    let percent =
      fraction.map { fraction in
        let number = String(Int(fraction * 100))
        return "  " + String(repeating: " ", count: 3 - number.count) + number + "%"
      } ?? ""
    let left = remaining.map { "  \(Self.clock($0)) left" } ?? ""
    let short = label + percent + left
    let long = label + percent + "  " + amounts + left
    let room = columns - long.columnCount - 4
    guard let fraction, room >= 10 else { return Self.cut(room >= -4 ? long : short, to: columns) }
    let width = min(40, room)
    let filled = Int(fraction * Double(width))
    let done = String(repeating: "=", count: max(0, filled - 1)) + (filled > 0 ? ">" : "")
    return "\(label)  [\(done.padded(to: width))]\(percent)  \(amounts)\(left)"
  }

  /// 0 to 1; nil where the total is not known or nothing.
  private var fraction: Double? {
    guard let total, total > 0 else { return nil }
    return min(1, max(0, Double(done) / Double(total)))
  }

  /// Microseconds still to go at the mean speed so far; nil before there is one.
  private var remaining: Int64? {
    guard let fraction, fraction > 0, fraction < 1, elapsedMicroseconds >= 1_000_000 else { return nil }
    return Int64(min(Double(elapsedMicroseconds) * (1 - fraction) / fraction, 1e15))
  }

  private var amounts: String {
    switch unit {
    case .bytes: ByteCount.text(done) + (total.map { " of " + ByteCount.text($0) } ?? "")
    case .items(let name): "\(done)" + (total.map { " of \($0)" } ?? "") + " \(name)"
    }
  }

  /// At most `columns` columns of `text`.
  private static func cut(_ text: String, to columns: Int) -> String {
    var width = 0
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.prefix { scalar in
          width += scalar.columnCount
          return width <= columns
        }))
  }

  /// `0:05`, `12:34`, `1:02:03`.
  static func clock(_ microseconds: Int64) -> String {
    let seconds = Int((microseconds + 999_999) / 1_000_000)
    let end = "\(pad(seconds % 60))"
    return seconds < 3600 ? "\(seconds / 60):\(end)" : "\(seconds / 3600):\(pad(seconds / 60 % 60)):\(end)"
  }
}

/// Draws progress on standard error: only where that is a terminal, at most ten times a second, and not
/// before half a second has passed, so that quick work shows nothing. `finish` takes the line away again.
public final class ProgressBar<Time: TimeSource> {
  private static var interval: Int64 { 100_000 }
  private static var delay: Int64 { 500_000 }

  private let label: String
  private let unit: ProgressText.Unit
  private let time: Time
  private let start: Instant
  private let isActive: Bool
  private let terminal: Descriptor
  private var nextDrawing: Instant
  private var isDrawn = false

  /// - Parameters:
  ///   - label: what is going on, in a word or two.
  ///   - unit: what is counted.
  ///   - time: the clock that speed and rest are measured by.
  ///   - terminal: where it is drawn; nothing is, where that is no terminal.
  ///   - environment: whose TERM tells whether the terminal can be drawn on.
  ///   - isActive: whether it may draw at all; not with `--quiet`.
  public init(
    _ label: String, unit: ProgressText.Unit, time: Time, terminal: consuming Descriptor = .standardError,
    environment: Environment = .current, isActive: Bool = true
  ) {
    (self.label, self.unit, self.time) = (label, unit, time)
    self.isActive = isActive && Terminal.isTerminal(terminal) && Console.canDraw(environment)
    self.terminal = terminal
    start = time.instant
    nextDrawing = start.advanced(byMicroseconds: Self.delay)
  }

  /// Says how far the work is; cheap enough to call often.
  public func update(_ done: Int64, of total: Int64?) {
    guard isActive else { return }
    let now = time.instant
    guard now >= nextDrawing else { return }
    nextDrawing = now.advanced(byMicroseconds: Self.interval)
    let text = ProgressText(
      label, done: done, total: total, unit: unit, elapsedMicroseconds: now.microseconds(since: start))
    // The last column stays free: a character there would make some terminals wrap.
    draw("\r" + text.line(columns: (Terminal.size(of: terminal)?.columns ?? 80) - 1) + "\u{1B}[K")
    isDrawn = true
  }

  /// Erases the bar; call it before anything else is written to the terminal. A later `update` draws it
  /// again.
  public func finish() {
    guard isDrawn else { return }
    isDrawn = false
    draw("\r\u{1B}[K")
  }

  private func draw(_ text: String) {
    try? terminal.writeAll(Array(text.utf8))  // a bar that cannot be drawn is not worth an error
  }

  deinit { finish() }
}
