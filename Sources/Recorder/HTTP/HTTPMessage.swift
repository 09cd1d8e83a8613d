/// What requests and responses have in common (RFC 9112).
protocol HTTPMessage: Equatable, Sendable {
  var fields: HTTPFields { get set }
  var body: [UInt8] { get set }
  /// False for HTTP/1.0.
  var isVersion11: Bool { get }

  /// Reads a first line; nil where it is none.
  init?(startLine: [UInt8])
  /// Whether the bytes that came so far can become a first line.
  static func mayBegin(_ bytes: ArraySlice<UInt8>) -> Bool
  /// Whether a further message answers the same request (1xx).
  var isInterim: Bool { get }
  /// Whether the body reaches to the end of the stream where no field tells its length.
  var isBodyUntilCloseByDefault: Bool { get }
  /// Whether there is no body whatever the fields say.
  func hasNoBody(answering method: String?) -> Bool
}

extension HTTPMessage {
  /// The wire form: first line, fields, a Content-Length where `hasLength` and none is there, and the body.
  ///
  /// Control characters, which would let a value begin a field of its own, become spaces.
  func encoded(startLine: String, hasLength: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    func append(_ text: String) {
      bytes += text.utf8.lazy.map { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F ? 0x20 : $0 }
    }
    append(startLine)
    bytes += "\r\n".utf8
    for field in fields.list {
      append("\(field.name): \(field.value)")
      bytes += "\r\n".utf8
    }
    if hasLength, fields["Content-Length"] == nil, fields["Transfer-Encoding"] == nil {
      bytes += "Content-Length: \(body.count)\r\n".utf8
    }
    bytes += "\r\n".utf8
    return bytes + body
  }

  /// The minor version of `HTTP/1.x`; nil for anything else (RFC 9112 §2.3).
  static func minorVersion(_ bytes: ArraySlice<UInt8>) -> UInt8? {
    guard bytes.count == 8, bytes.starts(with: "HTTP/1.".utf8), let digit = bytes.last, ASCII.isDigit(digit)
    else { return nil }
    return digit - 0x30
  }
}
