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

  init(microseconds: Int64, code: Event.Code, bytes: [UInt8]) {
    self.microseconds = microseconds
    self.code = code
    self.bytes = bytes
  }

  /// Reads the line that takes `range` of `text`, without its line feed.
  init(parsing text: borrowing Span<UInt8>, in range: Range<Int>) throws(Problem) {
    var none: [UInt8] = []
    try self.init(parsing: text, in: range, into: &none)
  }

  /// The same into memory that is no longer needed, if there is some: `spare` has none then.
  init(
    parsing text: borrowing Span<UInt8>, in range: Range<Int>, into spare: inout [UInt8]
  ) throws(Problem) {
    var scanner = LineScanner(range)
    try scanner.expect("[", text)
    microseconds = try scanner.time(text)
    try scanner.expect(",", text)
    code = try scanner.code(text)
    try scanner.expect(",", text)
    bytes = try scanner.data(text, into: &spare)
    try scanner.expect("]", text)
    scanner.skipSpace(text)
    if scanner.position < range.upperBound { throw .trailingBytes(byte: scanner.position - range.lowerBound) }
  }
}

/// A position in one line. The text is passed along, since a span cannot be kept.
private struct LineScanner {
  let start: Int
  let end: Int
  var position: Int

  init(_ range: Range<Int>) {
    start = range.lowerBound
    end = range.upperBound
    position = start
  }

  func next(_ text: borrowing Span<UInt8>) -> UInt8? { position < end ? text[position] : nil }

  mutating func skipSpace(_ text: borrowing Span<UInt8>) {
    while let byte = next(text), byte == 0x20 || byte == 0x09 || byte == 0x0D { position += 1 }
  }

  @inline(__always)
  mutating func expect(
    _ character: Unicode.Scalar, _ text: borrowing Span<UInt8>
  ) throws(EventLine.Problem) {
    if position < end, text[position] == UInt8(truncatingIfNeeded: character.value) {
      position &+= 1
    } else {
      try expectBehindSpace(character, text)
    }
  }

  private mutating func expectBehindSpace(
    _ character: Unicode.Scalar, _ text: borrowing Span<UInt8>
  ) throws(EventLine.Problem) {
    skipSpace(text)
    guard let byte = next(text) else { throw .cutOff }
    guard byte == UInt8(ascii: character) else {
      throw .expected(Character(character), byte: position - start)
    }
    position += 1
  }

  /// Seconds with any number of decimals, the first six of which count, as microseconds.
  mutating func time(_ text: borrowing Span<UInt8>) throws(EventLine.Problem) -> Int64 {
    skipSpace(text)
    let numberStart = position
    let isNegative = next(text) == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var value: Int64 = 0
    let digitStart = position
    while let byte = next(text), byte >= 0x30, byte <= 0x39 {
      if value > EventLine.maximumMicroseconds { throw .badTime }
      value = value * 10 + Int64(byte - 0x30)
      position += 1
    }
    guard position > digitStart, value <= EventLine.maximumMicroseconds / 1_000_000 else { throw .badTime }
    var decimals = 0
    if next(text) == UInt8(ascii: ".") {
      position += 1
      let fractionStart = position
      while let byte = next(text), byte >= 0x30, byte <= 0x39 {
        if decimals < 6 {
          value = value * 10 + Int64(byte - 0x30)
          decimals += 1
        }
        position += 1
      }
      if position == fractionStart { throw .badTime }
    }
    if let byte = next(text), byte | 0x20 == UInt8(ascii: "e") {
      return try exponentTime(from: numberStart, text)
    }
    while decimals < 6 {
      value *= 10
      decimals += 1
    }
    return isNegative ? -value : value
  }

  private mutating func exponentTime(
    from numberStart: Int, _ text: borrowing Span<UInt8>
  ) throws(EventLine.Problem) -> Int64 {
    while let byte = next(text), byte != UInt8(ascii: ","), byte > 0x20 { position += 1 }
    let digits = String(decoding: bytes(numberStart..<position, text), as: UTF8.self)
    guard let seconds = Double(digits), abs(seconds) <= Double(EventLine.maximumMicroseconds) / 1e6 else {
      throw .badTime
    }
    return Int64((seconds * 1e6).rounded())
  }

  private func bytes(_ range: Range<Int>, _ text: borrowing Span<UInt8>) -> [UInt8] {
    [UInt8](capacity: range.count) { output in
      for index in range { output.append(text[index]) }
    }
  }

  /// A string, or a bare number as some writers put it.
  mutating func data(
    _ text: borrowing Span<UInt8>, into spare: inout [UInt8]
  ) throws(EventLine.Problem) -> [UInt8] {
    skipSpace(text)
    guard let byte = next(text) else { throw .cutOff }
    if byte == UInt8(ascii: "-") || byte >= 0x30 && byte <= 0x39 {
      let numberStart = position
      while let byte = next(text), byte != UInt8(ascii: "]"), byte > 0x20 { position += 1 }
      return bytes(numberStart..<position, text)
    }
    try expect("\"", text)
    var problem: EventLine.Problem?
    // Never longer than the line: each escape stands for fewer bytes than it has.
    let count = end - position
    var bytes: [UInt8] = []
    if spare.capacity < count {
      bytes = [UInt8](capacity: count) { output in
        do throws(EventLine.Problem) { try string(text, into: &output) } catch { problem = error }
      }
    } else {
      swap(&bytes, &spare)
      bytes.removeAll(keepingCapacity: true)
      bytes.append(addingCapacity: count) { output in
        do throws(EventLine.Problem) { try string(text, into: &output) } catch { problem = error }
      }
    }
    if let problem { throw problem }
    return bytes
  }

  /// The code: the first character of a string, which must be ASCII.
  mutating func code(_ text: borrowing Span<UInt8>) throws(EventLine.Problem) -> Event.Code {
    try expect("\"", text)
    guard let byte = next(text) else { throw .cutOff }
    guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else {
      throw .badCode
    }
    while let byte = next(text), byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\") { throw .badCode }
      position += 1
    }
    try expect("\"", text)
    return Event.Code(rawValue: byte)
  }

  private mutating func string(
    _ text: borrowing Span<UInt8>, into output: inout OutputSpan<UInt8>
  ) throws(EventLine.Problem) {
    while true {
      position = ByteScanner.copyString(text, position, end, into: &output)
      guard position < end else { throw .cutOff }
      position += 1
      if text[position - 1] == UInt8(ascii: "\"") { return }
      try escape(text, into: &output)
    }
  }

  /// An escape that `ByteScanner` leaves.
  private mutating func escape(
    _ text: borrowing Span<UInt8>, into output: inout OutputSpan<UInt8>
  ) throws(EventLine.Problem) {
    guard let byte = next(text) else { throw .cutOff }
    position += 1
    switch byte {
    case UInt8(ascii: "u"): try unicodeEscape(text, into: &output)
    case UInt8(ascii: "f"): output.append(0x0C)
    default: throw .badEscape(byte: position - 2 - start)
    }
  }

  /// The rest of `\uXXXX`, with the second half of a surrogate pair; a half alone becomes U+FFFD.
  private mutating func unicodeEscape(
    _ text: borrowing Span<UInt8>, into output: inout OutputSpan<UInt8>
  ) throws(EventLine.Problem) {
    let unit = try hexadecimal(text)
    if unit < 0x80 {
      output.append(UInt8(unit))
      return
    }
    var scalar = UnicodeScalar(unit)
    if unit & 0xFC00 == 0xD800, position + 6 <= end, text[position] == UInt8(ascii: "\\"),
      text[position + 1] == UInt8(ascii: "u")
    {
      let before = position
      position += 2
      let low = try hexadecimal(text)
      if low & 0xFC00 == 0xDC00 {
        scalar = UnicodeScalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF)
      } else {
        position = before  // the second escape stands for itself
      }
    }
    for byte in UTF8.encode(scalar ?? "\u{FFFD}")! { output.append(byte) }  // every scalar has a UTF-8 form
  }

  private mutating func hexadecimal(_ text: borrowing Span<UInt8>) throws(EventLine.Problem) -> UInt32 {
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
