import Platform

/// Times of a recording as texts that the TIME of the command line reads back.
enum TimeText {
  /// Seconds with three digits: `83.250`. Rounded up, so that playing from there shows what came at that time.
  static func seconds(_ microseconds: Int64) -> String {
    let milliseconds = (max(0, microseconds) + 999) / 1000
    return "\(milliseconds / 1000).\(pad(Int(milliseconds % 1000), 3))"
  }

  /// Hours only where there are any, always two digits of seconds: `1:23.2`, `1:02:03.2`.
  static func clock(_ microseconds: Int64) -> String {
    let tenths = (max(0, microseconds) + 99_999) / 100_000
    return whole(tenths / 10) + ".\(tenths % 10)"
  }

  /// A length for lists, in whole seconds: `0:05`, `1:02:03`.
  static func length(_ microseconds: Int64) -> String { whole((max(0, microseconds) + 500_000) / 1_000_000) }

  private static func whole(_ seconds: Int64) -> String {
    let hours = seconds / 3600
    let minutes = Int(seconds / 60 % 60)
    return (hours > 0 ? "\(hours):\(pad(minutes))" : "\(minutes)") + ":\(pad(Int(seconds % 60)))"
  }

  /// Exact seconds for JSON: as many digits as needed, at most six, as a number.
  static func json(_ microseconds: Int64) -> JSON {
    let value = max(0, microseconds)
    let fraction = value % 1_000_000
    guard fraction != 0 else { return .number("\(value / 1_000_000)") }
    var digits = pad(Int(fraction), 6)
    while digits.last == "0" { digits.removeLast() }
    return .number("\(value / 1_000_000).\(digits)")
  }

  /// A date and time of day on the clocks of a zone, without fraction: `2026-11-21 07:31:02`.
  static func local(_ timestamp: Timestamp, zone: (Timestamp) -> Int) -> String {
    let date = CalendarDate(timestamp, offsetMinutes: zone(timestamp))
    return "\(date.dateText) \(date.timeText)"
  }
}
