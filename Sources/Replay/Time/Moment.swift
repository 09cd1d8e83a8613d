import Platform

/// A moment in a recording as people write it: the TIME of the command line.
enum Moment: Equatable, Sendable {
  /// Microseconds from the recording's start.
  case offset(Int64)
  /// 0 to 100 hundredths of the recording's length.
  case percent(Double)
  case end
  /// The first marker with this label.
  case marker(String)
  case wallClock(Timestamp)

  init(parsing text: String) throws(MomentError) {
    if let moment = Self.parse(text) {
      self = moment
    } else {
      throw .notATime(text)
    }
  }

  private static func parse(_ text: String) -> Moment? {
    if text == "end" { return .end }
    if text == "start" { return .offset(0) }
    if text.hasPrefix("marker:") { return .marker(String(text.dropFirst(7))) }
    if text.hasSuffix("%") {
      guard let value = microseconds(decimal: text.dropLast()), value <= 100_000_000 else { return nil }
      return .percent(Double(value) / 1_000_000)
    }
    if let timestamp = Timestamp(rfc3339: text) { return .wallClock(timestamp) }
    if let value = microseconds(decimal: text[...]) { return .offset(value) }
    return (clock(text) ?? units(text)).map { .offset($0) }
  }

  /// More than any recording lasts, in seconds; keeps sums far from overflow.
  private static let secondsLimit: Int64 = 1_000_000_000_000

  /// Decimal seconds, digits beyond the microsecond cut off.
  static func microseconds(decimal text: Substring) -> Int64? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap({ $0.isEmpty && parts.count == 2 ? 0 : digits($0) }),
      whole <= secondsLimit
    else { return nil }
    guard parts.count == 2 else { return whole * 1_000_000 }
    let fraction = parts[1]
    guard !fraction.isEmpty, digits(fraction.prefix(18)) != nil, fraction.utf8.allSatisfy(\.isDigit),
      let value = digits(Substring(String(fraction.prefix(6)).padded(with: "0", to: 6)))
    else { return nil }
    return whole * 1_000_000 + value
  }

  private static func digits(_ text: Substring) -> Int64? {
    guard !text.isEmpty, text.utf8.count <= 18, text.utf8.allSatisfy(\.isDigit) else { return nil }
    return Int64(text)
  }

  /// `1:20`, `1:02:03`, `1:02:03.5`: below the first part, minutes and seconds are less than 60.
  private static func clock(_ text: String) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let last = parts.last, last.utf8.first?.isDigit == true,
      let seconds = microseconds(decimal: last), seconds < 60_000_000
    else { return nil }
    var total: Int64 = 0
    for (index, part) in parts.dropLast().enumerated() {
      guard let value = digits(part), value <= secondsLimit / 3600, index == 0 || value < 60 else {
        return nil
      }
      total = total * 60 + value
    }
    return total * 60_000_000 + seconds
  }

  /// `90s`, `1m20s`, `2h`, `1d2h`, `250ms`: each unit at most once, from large to small.
  private static func units(_ text: String) -> Int64? {
    let known: [(String, Int64)] = [
      ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000),
    ]
    var rest = text[...]
    var total: Int64 = 0
    var next = 0
    while !rest.isEmpty {
      let number = rest.prefix { $0 == "." || $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(number.count)
      let name = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(name.count)
      guard let index = known.firstIndex(where: { $0.0 == name }), index >= next,
        let value = microseconds(decimal: number),
        value <= secondsLimit * 1_000_000 / max(1, known[index].1 / 1_000_000)
      else { return nil }
      // Thousandths and longer units are whole multiples of a microsecond, so nothing is rounded away twice.
      total += index == known.count - 1 ? value / 1000 : value * (known[index].1 / 1_000_000)
      next = index + 1
    }
    return next == 0 ? nil : total
  }
}

extension UInt8 {
  var isDigit: Bool { 0x30...0x39 ~= self }
}

extension String {
  /// The text with `character` after it up to `count` characters.
  fileprivate func padded(with character: Character, to count: Int) -> String {
    self + String(repeating: character, count: max(0, count - self.count))
  }
}
