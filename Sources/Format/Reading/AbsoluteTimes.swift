import Platform

/// Sees version 3 files whose numbers are times since the start, as version 2 has them: some converters change
/// the header and leave the events as they were. Read as intervals, a minute would become hours.
enum AbsoluteTimes {
  /// Lines that are looked at.
  private static let lineLimit = 256
  /// Fewest events, and fewest times that grow, before such a thing is believed.
  private static let fewestEvents = 10
  private static let fewestSteps = 8
  /// The same where the header still has the keys of version 2.
  private static let fewestHintedSteps = 3

  /// Whether the lines in a buffer, which is not changed, never go back and mostly go on: intervals do so for ten
  /// events once in millions of files.
  static func begin(_ lines: LineBuffer, of header: Header, isLast: Bool) -> Bool {
    let keys = header.otherKeys.map(\.name)
    let isHinted = keys.contains("width") && keys.contains("height")
    var lines = lines
    var last: Int64 = 0
    var events = 0
    var steps = 0
    while events < lineLimit, case .line(let range) = lines.next(isLast: isLast) {
      // Comments, blank lines and damage say nothing of times.
      guard let line = try? EventLine(parsing: lines.bytes.span, in: range) else { continue }
      if line.microseconds < last { return false }
      if line.microseconds > last { steps += 1 }
      last = line.microseconds
      events += 1
    }
    return isHinted && steps >= fewestHintedSteps || events >= fewestEvents && steps >= fewestSteps
  }
}
