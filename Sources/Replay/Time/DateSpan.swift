import Platform

/// A date as people write it for a filter, with the precision they gave: a day, a minute, a second, a moment.
struct DateSpan: Equatable, Sendable {
  /// What `--since` takes.
  var start: Timestamp
  /// What `--until` takes: the first moment after the day, minute or second that was named.
  var end: Timestamp

  /// - Parameter zone: minutes east of UTC at a moment, for dates that name no zone.
  init(parsing text: String, now: Timestamp, zone: (Timestamp) -> Int) throws(MomentError) {
    let words = text.split(separator: " ").map { $0.lowercased() }
    if let timestamp = Timestamp(rfc3339: text) {
      self.init(start: timestamp, end: Timestamp(microseconds: timestamp.microseconds + 1))
    } else if words == ["now"] {
      self.init(start: now, end: now)
    } else if words == ["today"] || words == ["yesterday"] {
      var day = CalendarDate(now, offsetMinutes: zone(now))
      (day.hour, day.minute, day.second, day.microsecond) = (0, 0, 0, 0)
      self.init(words == ["today"] ? day : day.adding(days: -1), seconds: 86_400, zone: zone)
    } else if words.last == "ago", let length = Self.length(words.dropLast().joined()) {
      let moment = Timestamp(microseconds: now.microseconds - length)
      self.init(start: moment, end: moment)
    } else if let (date, seconds) = Self.local(text) {
      self.init(date, seconds: seconds, zone: zone)
    } else {
      throw .notADate(text)
    }
  }

  private init(start: Timestamp, end: Timestamp) { (self.start, self.end) = (start, end) }

  /// A local date; a day ends where the next begins, also when the clocks are changed in between.
  private init(_ date: CalendarDate, seconds: Int, zone: (Timestamp) -> Int) {
    let end =
      seconds == 86_400
      ? date.adding(days: 1)
      : CalendarDate(Timestamp(microseconds: date.timestamp.microseconds + Int64(seconds) * 1_000_000))
    start = date.timestamp(zone: zone)
    self.end = end.timestamp(zone: zone)
  }

  /// `2h`, `90 minutes`, `3d`, `1w`: microseconds.
  private static func length(_ text: String) -> Int64? {
    let number = text.prefix { $0.isASCII && $0.isNumber }
    guard let value = Int64(number), value <= 1_000_000 else { return nil }
    let units: [([String], Int64)] = [
      (["s", "sec", "secs", "second", "seconds"], 1), (["m", "min", "mins", "minute", "minutes"], 60),
      (["h", "hour", "hours"], 3600), (["d", "day", "days"], 86_400), (["w", "week", "weeks"], 604_800),
    ]
    let name = String(text.dropFirst(number.count))
    return units.first { $0.0.contains(name) }.map { value * $0.1 * 1_000_000 }
  }

  /// `2026-11-21`, and with ` 06:31` or ` 06:31:02` behind it; the length in seconds of what is named.
  private static func local(_ text: String) -> (CalendarDate, Int)? {
    var reader = DigitReader(text)
    guard var date = reader.date() else { return nil }
    if reader.isAtEnd { return (date, 86_400) }
    guard reader.skip(" ") || reader.skip("T"), let hour = reader.number(2, 0...23), reader.skip(":"),
      let minute = reader.number(2, 0...59)
    else { return nil }
    (date.hour, date.minute) = (hour, minute)
    if reader.isAtEnd { return (date, 60) }
    guard reader.skip(":"), let second = reader.number(2, 0...59), reader.isAtEnd else { return nil }
    date.second = second
    return (date, 1)
  }
}

extension CalendarDate {
  /// The moment at which clocks of a zone show this date.
  func timestamp(zone: (Timestamp) -> Int) -> Timestamp {
    let asUTC = timestamp.microseconds
    // The offset belongs to the moment, not to the date: look again from where the first guess leads.
    let first = asUTC - Int64(zone(Timestamp(microseconds: asUTC))) * 60_000_000
    return Timestamp(microseconds: asUTC - Int64(zone(Timestamp(microseconds: first))) * 60_000_000)
  }

  func adding(days: Int) -> CalendarDate {
    CalendarDate(Timestamp(microseconds: timestamp.microseconds + Int64(days) * 86_400_000_000))
  }
}
