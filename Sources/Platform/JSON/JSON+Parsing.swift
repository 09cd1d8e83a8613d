/// Why a text is no JSON, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong with the text.
  public enum Problem: Equatable, Sendable {
    /// The text ends in the middle of a value.
    case unexpectedEnd
    /// A byte that cannot stand there.
    case unexpectedByte(UInt8)
    /// Something that begins like a number and is none (RFC 8259, §6).
    case badNumber
    /// An escape in a string that does not exist (RFC 8259, §7).
    case badEscape
    /// Arrays and objects in each other beyond the limit.
    case tooDeep(limit: Int)
    /// Something behind the value.
    case trailingBytes
  }
  /// What is wrong with the text.
  public let problem: Problem
  /// Bytes from the start of the text.
  public let offset: Int

  public var description: String {
    let what =
      switch problem {
      case .unexpectedEnd: "the JSON text ends too early"
      case .unexpectedByte(let byte):
        byte > 0x20 && byte < 0x7f
          ? "\"\(Character(UnicodeScalar(byte)))\" is not expected in JSON here"
          : "byte \(byte) is not expected in JSON here"
      case .badNumber: "this is no JSON number"
      case .badEscape: "this is no escape that JSON has"
      case .tooDeep(let limit): "JSON nested deeper than \(limit) levels"
      case .trailingBytes: "more text follows after the JSON value"
      }
    return "\(what) (byte \(offset))"
  }
}

extension JSON {
  /// Deepest nesting that is read.
  public static let maximumDepth = 128

  /// Reads one JSON value with nothing but white space around it.
  ///
  /// Lenient where files in the wild are: raw control characters inside strings are kept, bytes that are
  /// no UTF-8 and unpaired surrogates become U+FFFD.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    var parser = JSONParser(bytes)
    parser.skipSpace()
    self = try parser.value(depth: 0)
    parser.skipSpace()
    if parser.position < bytes.count { throw parser.error(.trailingBytes) }
  }

  /// Reads one JSON value from text, with nothing but white space around it.
  public init(parsing text: String) throws(JSONError) { try self.init(parsing: Array(text.utf8)) }
}

/// Recursive descent over a byte array; depth is bounded by `JSON.maximumDepth`.
private struct JSONParser {
  let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func error(_ problem: JSONError.Problem) -> JSONError { JSONError(problem: problem, offset: position) }

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  func unexpected() -> JSONError { error(next.map { .unexpectedByte($0) } ?? .unexpectedEnd) }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  mutating func value(depth: Int) throws(JSONError) -> JSON {
    guard depth < JSON.maximumDepth else { throw error(.tooDeep(limit: JSON.maximumDepth)) }
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), .some(0x30...0x39): return try number()
    default: throw unexpected()
    }
  }

  private mutating func word(_ text: String, _ value: JSON) throws(JSONError) -> JSON {
    for byte in text.utf8 where !take(byte) { throw unexpected() }
    return value
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    position += 1
    var members: [JSON.Member] = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw unexpected() }
      let name = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw unexpected() }
      skipSpace()
      members.append(JSON.Member(name, try value(depth: depth + 1)))
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw unexpected() }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    position += 1
    var values: [JSON] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(values) }
    while true {
      skipSpace()
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array(values) }
      guard take(UInt8(ascii: ",")) else { throw unexpected() }
    }
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position - start
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = position
    _ = take(UInt8(ascii: "-"))
    let leading = next
    let whole = digits()
    if whole == 0 || whole > 1 && leading == UInt8(ascii: "0") { throw error(.badNumber) }
    if take(UInt8(ascii: ".")), digits() == 0 { throw error(.badNumber) }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if digits() == 0 { throw error(.badNumber) }
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var start = position
    var text: [UInt8] = []
    while let byte = next {
      if byte == UInt8(ascii: "\"") {
        text += bytes[start..<position]
        position += 1
        return String(decoding: text, as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\") {
        text += bytes[start..<position]
        position += 1
        text += try escape()
        start = position
      } else {
        position += 1
      }
    }
    throw error(.unexpectedEnd)
  }

  private mutating func escape() throws(JSONError) -> [UInt8] {
    guard let byte = next else { throw error(.unexpectedEnd) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      let unit = try hexadecimal()
      if unit & 0xFC00 == 0xD800, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      {
        let before = position
        position += 2
        let low = try hexadecimal()
        if low & 0xFC00 == 0xDC00, let scalar = UnicodeScalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF) {
          return Array(UTF8.encode(scalar)!)  // every scalar has a UTF-8 form
        }
        position = before  // the second escape stands for itself
      }
      return Array(UTF8.encode(UnicodeScalar(unit) ?? "\u{FFFD}")!)  // likewise
    default:
      position -= 1
      throw error(.badEscape)
    }
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next else { throw error(.unexpectedEnd) }
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else {
        throw error(.badEscape)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
