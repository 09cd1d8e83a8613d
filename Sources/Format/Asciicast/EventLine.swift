/// One event line of asciicast v2 or v3: `[time, "code", "data"]`, scanned by hand.
///
/// Lenient where files in the wild are: any white space, any number form, raw control characters in strings,
/// numbers as data. Bytes outside escapes are kept as they are.
struct EventLine: Equatable {
  /// The line's first number in microseconds: an interval in v3, a time since the start in v2.
  var microseconds: Int64
  var code: Event.Code
  var bytes: [UInt8]

  /// Why a line is no event.
  enum Problem: Error, Equatable {
    case expected(Character, byte: Int)
    case badTime
    case badCode
    case badEscape(byte: Int)
    case cutOff
    case trailingBytes(byte: Int)

    var words: String {
      switch self {
      case .expected(let character, let byte): "\"\(character)\" expected at byte \(byte)"
      case .badTime: "the time is no number, or out of range"
      case .badCode: "the code is not one ASCII character"
      case .badEscape(let byte): "unknown escape at byte \(byte)"
      case .cutOff: "the line ends too early"
      case .trailingBytes(let byte): "more text after the event, at byte \(byte)"
      }
    }
  }

  /// Longest time that is believed: 100 years.
  static let maximumMicroseconds: Int64 = 100 * 366 * 86_400 * 1_000_000

  /// Reads the line that takes `range` of `text`, without its line feed.
  init(parsing text: [UInt8], in range: Range<Int>) throws(Problem) {
    var scanner = LineScanner(text, range)
    try scanner.expect("[")
    microseconds = try scanner.time()
    try scanner.expect(",")
    let code = try scanner.string()
    guard let first = code.first, first > 0x20, first < 0x7F else { throw .badCode }
    self.code = Event.Code(rawValue: first)
    try scanner.expect(",")
    bytes = try scanner.data()
    try scanner.expect("]")
    scanner.skipSpace()
    if scanner.position < range.upperBound { throw .trailingBytes(byte: scanner.position - range.lowerBound) }
  }
}

/// A position in one line.
private struct LineScanner {
  let text: [UInt8]
  let start: Int
  let end: Int
  var position: Int

  init(_ text: [UInt8], _ range: Range<Int>) {
    self.text = text
    start = range.lowerBound
    end = range.upperBound
    position = start
  }

  var next: UInt8? { position < end ? text[position] : nil }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0D { position += 1 }
  }

  mutating func expect(_ character: Unicode.Scalar) throws(EventLine.Problem) {
    skipSpace()
    guard let byte = next else { throw .cutOff }
    guard byte == UInt8(ascii: character) else {
      throw .expected(Character(character), byte: position - start)
    }
    position += 1
  }

  /// Seconds with any number of decimals, the first six of which count, as microseconds.
  mutating func time() throws(EventLine.Problem) -> Int64 {
    skipSpace()
    let numberStart = position
    let isNegative = next == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var value: Int64 = 0
    var digitCount = 0
    while let byte = next, byte >= 0x30, byte <= 0x39 {
      if value > EventLine.maximumMicroseconds { throw .badTime }
      value = value * 10 + Int64(byte - 0x30)
      digitCount += 1
      position += 1
    }
    guard digitCount > 0, value <= EventLine.maximumMicroseconds / 1_000_000 else { throw .badTime }
    var scale: Int64 = 1_000_000
    value *= scale
    if next == UInt8(ascii: ".") {
      position += 1
      let fractionStart = position
      while let byte = next, byte >= 0x30, byte <= 0x39 {
        scale /= 10
        value += Int64(byte - 0x30) * scale
        position += 1
      }
      if position == fractionStart { throw .badTime }
    }
    if let byte = next, byte | 0x20 == UInt8(ascii: "e") { return try exponentTime(from: numberStart) }
    return isNegative ? -value : value
  }

  private mutating func exponentTime(from numberStart: Int) throws(EventLine.Problem) -> Int64 {
    while let byte = next, byte != UInt8(ascii: ","), byte > 0x20 { position += 1 }
    let digits = String(decoding: text[numberStart..<position], as: UTF8.self)
    guard let seconds = Double(digits), abs(seconds) <= Double(EventLine.maximumMicroseconds) / 1e6 else {
      throw .badTime
    }
    return Int64((seconds * 1e6).rounded())
  }

  /// A string, or a bare number or word as some writers put it.
  mutating func data() throws(EventLine.Problem) -> [UInt8] {
    skipSpace()
    guard let byte = next else { throw .cutOff }
    if byte == UInt8(ascii: "-") || byte >= 0x30 && byte <= 0x39 {
      let numberStart = position
      while let byte = next, byte != UInt8(ascii: "]"), byte > 0x20 { position += 1 }
      return Array(text[numberStart..<position])
    }
    return try string()
  }

  mutating func string() throws(EventLine.Problem) -> [UInt8] {
    try expect("\"")
    let text = text
    var runStart = position
    var index = position
    var bytes: [UInt8] = []
    while index < end {
      let byte = text[index]
      if byte == UInt8(ascii: "\"") {
        position = index + 1
        if bytes.isEmpty { return Array(text[runStart..<index]) }
        bytes.append(contentsOf: text[runStart..<index])
        return bytes
      }
      if byte == UInt8(ascii: "\\") {
        if bytes.isEmpty { bytes.reserveCapacity(end - position) }
        bytes.append(contentsOf: text[runStart..<index])
        position = index + 1
        try escape(into: &bytes)
        index = position
        runStart = index
      } else {
        index += 1
      }
    }
    throw .cutOff
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(EventLine.Problem) {
    guard let byte = next else { throw .cutOff }
    position += 1
    switch byte {
    case UInt8(ascii: "u"): try unicodeEscape(into: &bytes)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    default: throw .badEscape(byte: position - 2 - start)
    }
  }

  /// The rest of `\uXXXX`, with the second half of a surrogate pair; a half alone becomes U+FFFD.
  private mutating func unicodeEscape(into bytes: inout [UInt8]) throws(EventLine.Problem) {
    let unit = try hexadecimal()
    if unit < 0x80 {
      bytes.append(UInt8(unit))
      return
    }
    var scalar = UnicodeScalar(unit)
    if unit & 0xFC00 == 0xD800, position + 6 <= end, text[position] == UInt8(ascii: "\\"),
      text[position + 1] == UInt8(ascii: "u")
    {
      let before = position
      position += 2
      let low = try hexadecimal()
      if low & 0xFC00 == 0xDC00 {
        scalar = UnicodeScalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF)
      } else {
        position = before  // the second escape stands for itself
      }
    }
    guard let scalar else {
      bytes.append(contentsOf: UTF8Sequence.replacement)
      return
    }
    bytes.append(contentsOf: UTF8.encode(scalar)!)  // every scalar has a UTF-8 form
  }

  private mutating func hexadecimal() throws(EventLine.Problem) -> UInt32 {
    guard position + 4 <= end else { throw .cutOff }
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = text[position]
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x37
      case 0x61...0x66: digit = byte - 0x57
      default: throw .badEscape(byte: position - start)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
