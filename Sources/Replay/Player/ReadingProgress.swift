import Platform

/// How far the reading of a recording has come, for the status line.
struct ReadingProgress: Equatable, Sendable {
  private static let barWidth = 10

  /// Of the file's bytes.
  var done: Int64
  /// nil: not known.
  var total: Int64?
  /// Since the reading began.
  var elapsedMicroseconds: Int64

  private var fraction: Double? {
    guard let total, total > 0 else { return nil }
    return min(1, max(0, Double(done) / Double(total)))
  }

  /// `reading [====>     ]  45%  0:12 left` in at most `columns`; the bar goes first, then the rest. Without a total,
  /// `reading 1.2 GiB`.
  func text(columns: Int) -> String {
    guard let fraction else { return Self.longest(["reading \(ByteCount.text(done))", "reading"], columns) }
    let percent = "\(Int(fraction * 100))%"
    let filled = Int(fraction * Double(Self.barWidth))
    let bar = (String(repeating: "=", count: max(0, filled - 1)) + (filled > 0 ? ">" : "")).padded(
      to: Self.barWidth)
    let left = remaining(fraction).map { "  \($0) left" } ?? ""
    return Self.longest(
      ["reading [\(bar)] \(percent)\(left)", "reading \(percent)\(left)", "reading \(percent)"], columns)
  }

  /// The first text that fits; the last one where none does.
  private static func longest(_ texts: [String], _ columns: Int) -> String {
    texts.first { $0.columnCount <= columns } ?? texts[texts.count - 1]
  }

  /// At the mean speed so far; nil in the first second, which tells none.
  private func remaining(_ fraction: Double) -> String? {
    guard fraction > 0, fraction < 1, elapsedMicroseconds >= 1_000_000 else { return nil }
    let seconds = Int(min(Double(elapsedMicroseconds) * (1 - fraction) / fraction / 1e6, 1e6).rounded(.up))
    func pad(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    return seconds < 3600
      ? "\(seconds / 60):\(pad(seconds % 60))"
      : "\(seconds / 3600):\(pad(seconds / 60 % 60)):\(pad(seconds % 60))"
  }
}
