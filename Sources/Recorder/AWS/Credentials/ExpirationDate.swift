import Platform

extension Timestamp {
  /// Reads the dates that AWS's services and tools write: `2026-11-24T21:00:00Z`, with a fraction, with an
  /// offset (`+00:00`), or with `UTC` at the end, as old versions of the AWS CLI wrote; nil for anything else.
  init?(iso8601 text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 40, bytes[10] == UInt8(ascii: "T") || bytes[10] == 0x20 else {
      return nil
    }
    func number(_ range: Range<Int>) -> Int? {
      bytes[range].allSatisfy(ASCII.isDigit) ? Int(String(decoding: bytes[range], as: UTF8.self)) : nil
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      bytes[4] == bytes[7], bytes[4] == UInt8(ascii: "-"), bytes[13] == bytes[16],
      bytes[13] == UInt8(ascii: ":"), 1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second < 61
    else { return nil }
    var rest = bytes[19...]
    if rest.first == UInt8(ascii: ".") { rest = rest.dropFirst().drop(while: ASCII.isDigit) }
    guard let offset = Self.offsetMinutes(rest) else { return nil }
    let date = CalendarDate(
      year: year, month: month, day: day, hour: hour, minute: minute - offset, second: second)
    self = date.timestamp
  }

  private static func offsetMinutes(_ bytes: ArraySlice<UInt8>) -> Int? {
    let text = String(decoding: bytes, as: UTF8.self)
    if text == "Z" || text == "UTC" { return 0 }
    let digits = bytes.dropFirst().filter { $0 != UInt8(ascii: ":") }
    guard let sign = bytes.first, "+-".utf8.contains(sign), digits.count == 4,
      digits.allSatisfy(ASCII.isDigit), let number = Int(String(decoding: digits, as: UTF8.self))
    else { return nil }
    let minutes = number / 100 * 60 + number % 100
    return sign == UInt8(ascii: "-") ? -minutes : minutes
  }
}
