/// An HTTP/1.1 request.
struct HTTPRequest: HTTPMessage {
  var method: String
  /// Path and query as they stand in the request line, never decoded.
  var target: String
  var fields: HTTPFields
  var body: [UInt8]
  private(set) var isVersion11 = true

  init(method: String, target: String, fields: HTTPFields = [:], body: [UInt8] = []) {
    self.method = method
    self.target = target
    self.fields = fields
    self.body = body
  }

  /// The target up to the question mark.
  var path: String { String(target.prefix { $0 != "?" }) }

  /// What follows the first question mark; nil where there is none.
  var query: String? {
    target.firstIndex(of: "?").map { String(target[target.index(after: $0)...]) }
  }

  /// Whether the sender wants the connection kept after the answer (RFC 9112 §9.3).
  var keepsAlive: Bool {
    let wishes = fields.tokens("Connection")
    return isVersion11 ? !wishes.contains("close") : wishes.contains("keep-alive")
  }

  /// The request as it goes over the wire; Content-Length is added where a body or the method calls for it.
  func encoded() -> [UInt8] {
    encoded(
      startLine: "\(method) \(target) HTTP/1.1",
      hasLength: !body.isEmpty || method == "POST" || method == "PUT")
  }
}

extension HTTPRequest {
  /// `method SP target SP version` (RFC 9112 §3), single spaces, no control characters.
  init?(startLine: [UInt8]) {
    let parts = startLine.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(ASCII.isToken),
      !parts[1].isEmpty, parts[1].allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
      let minor = Self.minorVersion(parts[2])
    else { return nil }
    self.init(
      method: String(decoding: parts[0], as: UTF8.self), target: String(decoding: parts[1], as: UTF8.self))
    isVersion11 = minor >= 1
  }

  /// Empty lines and a method's letters; a TLS hello begins with neither.
  static func mayBegin(_ bytes: ArraySlice<UInt8>) -> Bool {
    let method = bytes.drop { $0 == 0x0D || $0 == 0x0A }.prefix { $0 != 0x20 }
    return method.prefix(32).allSatisfy(ASCII.isToken) && method.count <= 32
  }

  var isInterim: Bool { false }
  var isBodyUntilCloseByDefault: Bool { false }
  func hasNoBody(answering method: String?) -> Bool { false }
}
