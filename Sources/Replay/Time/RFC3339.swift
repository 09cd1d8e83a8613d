import Platform

/// Reads numbers of fixed width from a text such as a date.
struct DigitReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Exactly `width` digits with a value in `range`.
  mutating func number(_ width: Int, _ range: ClosedRange<Int>) -> Int? {
    guard position + width <= bytes.count else { return nil }
    let digits = bytes[position..<position + width]
    guard digits.allSatisfy(\.isDigit) else { return nil }
    let value = digits.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
    guard range.contains(value) else { return nil }
    position += width
    return value
  }

  /// `YYYY-MM-DD`, a day that exists.
  mutating func date() -> CalendarDate? {
    guard let year = number(4, 1...9999), skip("-"), let month = number(2, 1...12), skip("-"),
      let day = number(2, 1...31)
    else { return nil }
    let date = CalendarDate(year: year, month: month, day: day)
    return CalendarDate(date.timestamp) == date ? date : nil
  }

  /// One or more digits after a point, as microseconds; further digits are cut off.
  mutating func fraction() -> Int? {
    var value = 0
    var count = 0
    while position < bytes.count, bytes[position].isDigit {
      if count < 6 { value = value * 10 + Int(bytes[position] & 0x0F) }
      count += 1
      position += 1
    }
    guard count > 0 else { return nil }
    while count < 6 {
      value *= 10
      count += 1
    }
    return value
  }
}

extension Timestamp {
  /// RFC 3339, section 5.6: `2026-11-21T06:31:02.5Z`, `2026-11-21 07:31:02+01:00`. Leap seconds count as the next one.
  init?(rfc3339 text: String) {
    var reader = DigitReader(text)
    guard var date = reader.date(), reader.skip("T") || reader.skip("t") || reader.skip(" "),
      let hour = reader.number(2, 0...23), reader.skip(":"), let minute = reader.number(2, 0...59),
      reader.skip(":"), let second = reader.number(2, 0...60)
    else { return nil }
    (date.hour, date.minute, date.second) = (hour, minute, second)
    if reader.skip(".") {
      guard let fraction = reader.fraction() else { return nil }
      date.microsecond = fraction
    }
    var offset = 0
    if !(reader.skip("Z") || reader.skip("z")) {
      let isEast = reader.skip("+")
      guard isEast || reader.skip("-"), let hours = reader.number(2, 0...23), reader.skip(":"),
        let minutes = reader.number(2, 0...59)
      else { return nil }
      offset = (isEast ? 1 : -1) * (hours * 60 + minutes)
    }
    guard reader.isAtEnd else { return nil }
    self.init(microseconds: date.timestamp.microseconds - Int64(offset) * 60_000_000)
  }
}
