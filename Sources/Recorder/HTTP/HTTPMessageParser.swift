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
/// received beyond the last message is `takeLeftover`'s. After an error the stream cannot be read on.
struct HTTPMessageParser<Message: HTTPMessage> {
  private enum Stage {
    case startLine
    case fields(Message)
    case body(Message, HTTPBodyReader)
  }

  private let limits: HTTPLimits
  /// The method a response answers; requests have none.
  private let method: String?
  private var input: HTTPInput
  private var stage = Stage.startLine
  private var failure: HTTPError?
  /// Whether a 1xx came and the answer proper has not begun.
  private var isAnswerDue = false
  /// Empty lines skipped before a request (RFC 9112 §2.2).
  private var emptyLineCount = 0

  init(limits: HTTPLimits = .standard) { self.init(limits: limits, method: nil) }

  fileprivate init(limits: HTTPLimits, method: String?) {
    self.limits = limits
    self.method = method
    input = HTTPInput(lineLimit: limits.line)
  }

  mutating func append(_ bytes: [UInt8]) { input.append(bytes) }

  /// The next whole message; nil where more bytes are needed.
  mutating func next() throws(HTTPError) -> Message? {
    try remembering { (parser) throws(HTTPError) in try parser.read(isAtEnd: false) }
  }

  /// Says that the stream has ended: completes a response whose body reaches to the end.
  /// - Returns: that response; nil where nothing was pending.
  /// - Throws: `.closedMidMessage` where a message is incomplete.
  mutating func finish() throws(HTTPError) -> Message? {
    try remembering { (parser) throws(HTTPError) in
      if let message = try parser.read(isAtEnd: true) { return message }
      if case .startLine = parser.stage, parser.input.isEmpty, !parser.isAnswerDue { return nil }
      throw .closedMidMessage
    }
  }

  /// Bytes received but not used, handed over once.
  mutating func takeLeftover() -> [UInt8] { input.takeAll() }

  /// Whether a request with `Expect: 100-continue` waits for leave to send its body (RFC 9110 §10.1.1).
  var awaitsContinue: Bool {
    guard method == nil, case .body(let message, _) = stage else { return false }
    return message.fields.tokens("Expect").contains("100-continue")
  }

  private mutating func remembering(
    _ body: (inout Self) throws(HTTPError) -> Message?
  ) throws(HTTPError) -> Message? {
    if let failure { throw failure }
    do throws(HTTPError) {
      return try body(&self)
    } catch {
      failure = error
      stage = .startLine  // lets go of what was collected
      throw error
    }
  }

  private mutating func read(isAtEnd: Bool) throws(HTTPError) -> Message? {
    while true {
      switch stage {
      case .startLine:
        guard let line = try startLine() else { return nil }
        guard let message = Message(startLine: line) else { throw .notHTTP(seen: ASCII.excerpt(line)) }
        stage = .fields(message)
      case .fields(var message):
        stage = .startLine  // so that the message has one owner while it grows
        while let line = try input.line() {
          if line.isEmpty {
            stage = .body(message, try HTTPBodyReader(message, answering: method, limit: limits.body))
            break
          }
          try appendField(line, to: &message)
        }
        if case .startLine = stage {
          stage = .fields(message)
          return nil
        }
      case .body(var message, var reader):
        stage = .startLine
        guard try reader.read(from: &input, into: &message.body, isAtEnd: isAtEnd) else {
          stage = .body(message, reader)
          return nil
        }
        isAnswerDue = message.isInterim
        if isAnswerDue { continue }  // 1xx: the answer proper follows (RFC 9110 §15.2)
        return message
      }
    }
  }

  private mutating func startLine() throws(HTTPError) -> [UInt8]? {
    while let line = try input.startLine(isPlausible: Message.mayBegin) {
      if !line.isEmpty { return line }
      emptyLineCount += 1
      if emptyLineCount > 8 || method != nil { throw .notHTTP(seen: "") }
    }
    return nil
  }

  /// RFC 9112 §5: no blanks before the colon, no folding, no control characters.
  private func appendField(_ line: [UInt8], to message: inout Message) throws(HTTPError) {
    let number = message.fields.list.count + 1
    if number > limits.fieldCount { throw .tooManyFields(limit: limits.fieldCount) }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
      line[..<colon].allSatisfy(ASCII.isToken),
      line[colon...].allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
    else { throw .badField(line: number) }
    message.fields.append(
      String(decoding: line[..<colon], as: UTF8.self),
      String(decoding: ASCII.trimmed(line[(colon + 1)...]), as: UTF8.self))
  }
}

typealias HTTPRequestParser = HTTPMessageParser<HTTPRequest>
typealias HTTPResponseParser = HTTPMessageParser<HTTPResponse>

extension HTTPMessageParser where Message == HTTPResponse {
  /// A parser for the answer to one request: a HEAD's answer has no body whatever its fields say.
  init(answerTo method: String, limits: HTTPLimits = .standard) {
    self.init(limits: limits, method: method)
  }
}
