/// Most a peer may send before it is refused.
struct HTTPLimits: Equatable, Sendable {
  /// Bytes of one start or field line.
  var line = 16 << 10
  var fieldCount = 128
  /// Bytes of a body, after chunks are joined.
  var body = 16 << 20

  static let standard = HTTPLimits()
}

/// Reads HTTP/1.1 messages from bytes that come in any portions (RFC 9112).
///
/// `append`, then `next` until it returns nil. After an upgrade, or where a caller stops asking, what was
/// received beyond the last message is `takeLeftover`'s.
struct HTTPMessageParser<Message: HTTPMessage> {
  init(limits: HTTPLimits = .standard) { fatalError() }

  mutating func append(_ bytes: [UInt8]) { fatalError() }

  /// The next whole message; nil where more bytes are needed.
  mutating func next() throws(HTTPError) -> Message? { fatalError() }

  /// Says that the stream has ended: completes a response whose body reaches to the end.
  /// - Returns: that response; nil where nothing was pending.
  /// - Throws: `.closedMidMessage` where a message is incomplete.
  mutating func finish() throws(HTTPError) -> Message? { fatalError() }

  /// Bytes received but not used, handed over once.
  mutating func takeLeftover() -> [UInt8] { fatalError() }

  /// Whether a request with `Expect: 100-continue` waits for leave to send its body (RFC 9110 §10.1.1).
  var awaitsContinue: Bool { fatalError() }
}

typealias HTTPRequestParser = HTTPMessageParser<HTTPRequest>
typealias HTTPResponseParser = HTTPMessageParser<HTTPResponse>

extension HTTPMessageParser where Message == HTTPResponse {
  /// A parser for the answer to one request: a HEAD's answer has no body whatever its fields say.
  init(answerTo method: String, limits: HTTPLimits = .standard) { fatalError() }
}
