/// Reads one message's body as its header says it is delimited (RFC 9112 §6.3).
struct HTTPBodyReader {
  private enum Framing {
    case length(left: Int)
    case chunkSize
    case chunk(left: Int)
    case chunkEnd
    case trailers(count: Int)
    case untilClose
    case done
  }

  /// Most trailer fields that are read past; their contents are dropped.
  private static let trailerLimit = 64

  private var framing: Framing
  private let limit: Int

  /// - Parameter method: of the request that a response answers; nil for requests.
  init(_ message: some HTTPMessage, answering method: String?, limit: Int) throws(HTTPError) {
    self.limit = limit
    let codings = message.fields.tokens("Transfer-Encoding")
    let length = try Self.length(message.fields, limit: limit)
    if !codings.isEmpty {
      if message.fields["Content-Length"] != nil || !message.isVersion11 { throw .ambiguousLength }
      guard codings == ["chunked"] else {
        throw .unsupportedTransferEncoding(ASCII.excerpt(Array(codings.joined(separator: ", ").utf8)))
      }
    }
    if message.hasNoBody(answering: method) {
      framing = .done
    } else if !codings.isEmpty {
      framing = .chunkSize
    } else if let length {
      framing = length == 0 ? .done : .length(left: length)
    } else {
      framing = message.isBodyUntilCloseByDefault ? .untilClose : .done
    }
  }

  /// Content-Length: digits, and where it is repeated always the same ones (RFC 9112 §6.3, items 3 and 5).
  private static func length(_ fields: HTTPFields, limit: Int) throws(HTTPError) -> Int? {
    let values = fields.values("Content-Length")
    guard let first = values.first else { return nil }
    guard values.allSatisfy({ $0 == first }), !first.isEmpty, first.utf8.count <= 18,
      first.utf8.allSatisfy(ASCII.isDigit), let length = Int(first)
    else { throw .badLength }
    if length > limit { throw .bodyTooLarge(limit: limit) }
    return length
  }

  /// Moves what is there of the body. - Returns: whether it is complete.
  mutating func read(
    from input: inout HTTPInput, into body: inout [UInt8], isAtEnd: Bool
  ) throws(HTTPError) -> Bool {
    while true {
      switch framing {
      case .done: return true
      case .length(let left):
        let rest = left - input.move(upTo: left, to: &body)
        framing = rest == 0 ? .done : .length(left: rest)
        if rest > 0 { return false }
      case .untilClose:
        if body.count + input.count > limit { throw .bodyTooLarge(limit: limit) }
        _ = input.move(upTo: input.count, to: &body)
        return isAtEnd
      case .chunkSize:
        guard let line = try input.line() else { return false }
        let size = try Self.chunkSize(line)
        if body.count + size > limit { throw .bodyTooLarge(limit: limit) }
        framing = size == 0 ? .trailers(count: 0) : .chunk(left: size)
      case .chunk(let left):
        let rest = left - input.move(upTo: left, to: &body)
        framing = rest == 0 ? .chunkEnd : .chunk(left: rest)
        if rest > 0 { return false }
      case .chunkEnd:
        guard input.count >= 2 else { return false }
        guard let line = try input.line(), line.isEmpty else { throw .badChunk }
        framing = .chunkSize
      case .trailers(let count):
        guard let line = try input.line() else { return false }
        if count == Self.trailerLimit { throw .tooManyFields(limit: Self.trailerLimit) }
        framing = line.isEmpty ? .done : .trailers(count: count + 1)
      }
    }
  }

  /// Hexadecimal digits, then perhaps extensions, which are ignored (RFC 9112 §7.1.1).
  private static func chunkSize(_ line: [UInt8]) throws(HTTPError) -> Int {
    let digits = line.prefix { ASCII.hexadecimalValue($0) != nil }
    guard !digits.isEmpty, digits.count <= 15 else { throw .badChunk }
    let rest = ASCII.trimmed(line[digits.count...])
    guard rest.isEmpty || rest.first == UInt8(ascii: ";") else { throw .badChunk }
    return digits.reduce(0) { $0 << 4 | Int(ASCII.hexadecimalValue($1) ?? 0) }
  }
}
