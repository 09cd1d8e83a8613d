/// Reads the numbers in a table's text: five bits a character from `0` on, the lowest first, 32 where more follow.
struct RunReader {
  private let text: StaticString
  private var place = 0

  init(_ text: StaticString) { self.text = text }

  var isAtEnd: Bool { place >= text.utf8CodeUnitCount }

  mutating func number() -> Int {
    var number = 0
    var shift = 0
    while place < text.utf8CodeUnitCount {
      let digit = Int(text.utf8Start[place] &- 0x30)
      place += 1
      number |= (digit & 31) << shift
      shift += 5
      if digit < 32 { break }
    }
    return number
  }

  mutating func signed() -> Int {
    let number = number()
    return number & 1 == 0 ? number / 2 : -(number + 1) / 2
  }

  /// The ranges in runs of values for which `isWanted` holds, neighbors joined.
  static func ranges(of text: StaticString, where isWanted: (Int) -> Bool) -> [ClosedRange<UInt32>] {
    var reader = RunReader(text)
    var ranges: [ClosedRange<UInt32>] = []
    var start: UInt32 = 0
    while !reader.isAtEnd {
      let count = UInt32(reader.number() + 1)
      if isWanted(reader.number()) {
        if let last = ranges.last, last.upperBound + 1 == start {
          ranges[ranges.count - 1] = last.lowerBound...start + count - 1
        } else {
          ranges.append(start...start + count - 1)
        }
      }
      start += count
    }
    return ranges
  }

  /// The value at a code point in runs of values.
  static func value(at scalar: UInt32, in text: StaticString) -> Int? {
    var reader = RunReader(text)
    var end = 0
    while !reader.isAtEnd {
      end += reader.number() + 1
      let value = reader.number()
      if scalar < end { return value }
    }
    return nil
  }

  /// The ranges in spans: lengths of what is not and is meant, in turn.
  static func ranges(inSpans text: StaticString) -> [ClosedRange<UInt32>] {
    var reader = RunReader(text)
    var ranges: [ClosedRange<UInt32>] = []
    var start: UInt32 = 0
    while !reader.isAtEnd {
      start += UInt32(reader.number())
      let count = UInt32(reader.number())
      ranges.append(start...start + count - 1)
      start += count
    }
    return ranges
  }
}
