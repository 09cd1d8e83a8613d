import Platform

/// Dates as script(1) and AWS write them: `2026-11-21 08:06:38+00:00`, `2026-11-21T08:06:38.125Z`.
enum WallClockText {
  /// The moment at the front of a text; nil where it does not begin with a date and time.
  /// A text without an offset is read as UTC.
  static func parse(_ text: some StringProtocol) -> Timestamp? {
    let bytes = Array(text.utf8.prefix(48))
    func number(_ start: Int, _ count: Int, _ range: ClosedRange<Int>) -> Int? {
      guard start + count <= bytes.count, let value = DecimalSeconds.count(bytes[start..<start + count]),
        range.contains(value)
      else { return nil }
      return value
    }
    func has(_ index: Int, _ characters: String) -> Bool {
      index < bytes.count && characters.utf8.contains(bytes[index])
    }
    guard has(4, "-"), has(7, "-"), has(10, "T t"), has(13, ":"), has(16, ":"),
      let year = number(0, 4, 1...9999), let month = number(5, 2, 1...12), let day = number(8, 2, 1...31),
      let hour = number(11, 2, 0...23), let minute = number(14, 2, 0...59), let second = number(17, 2, 0...60)
    else { return nil }
    let date = CalendarDate(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    var index = 19
    var microseconds: Int64 = 0
    if has(index, ".,") {
      let digits = bytes[(index + 1)...].prefix { $0 >= 0x30 && $0 <= 0x39 }
      microseconds = (DecimalSeconds.nanoseconds([UInt8(ascii: ".")] + Array(digits)) ?? 0) / 1000
      index += digits.count + 1
    }
    var offset: Int64 = 0
    if has(index, "+-"), let hours = number(index + 1, 2, 0...23) {
      let minutes = number(has(index + 3, ":") ? index + 4 : index + 3, 2, 0...59) ?? 0
      offset = Int64(hours * 60 + minutes) * (has(index, "-") ? -60 : 60)
    }
    return Timestamp(
      microseconds: date.timestamp.microseconds + microseconds - offset * 1_000_000)
  }

  /// As script(1) writes it, in UTC.
  static func script(_ timestamp: Timestamp) -> String {
    let date = CalendarDate(timestamp)
    return "\(date.dateText) \(date.timeText)+00:00"
  }
}
