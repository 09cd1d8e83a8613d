/// Why received bytes are no acceptable HTTP/1.1 message (RFC 9112), with what was seen.
enum HTTPError: Error, Equatable, Sendable {
  /// The first line is none of HTTP; the bytes seen, shortened.
  case notHTTP(seen: String)
  /// A field line without a proper name; its number, from 1.
  case badField(line: Int)
  /// A CR or LF alone, where only both together end a line.
  case bareLineEnd
  case lineTooLong(limit: Int)
  case tooManyFields(limit: Int)
  case bodyTooLarge(limit: Int)
  /// Content-Length is no number, or there are several different ones.
  case badLength
  /// Content-Length and Transfer-Encoding together: a sign of request smuggling (RFC 9112 §6.3).
  case ambiguousLength
  case unsupportedTransferEncoding(String)
  /// A chunk's size or end is wrong (RFC 9112 §7.1).
  case badChunk
  /// The stream ended inside a message.
  case closedMidMessage
}

extension HTTPError: CustomStringConvertible {
  var description: String {
    switch self {
    case .notHTTP(let seen): "this is not HTTP: it begins with \"\(seen)\""
    case .badField(let line): "header field \(line) is malformed"
    case .bareLineEnd: "a header line does not end in CR LF"
    case .lineTooLong(let limit): "a header line is longer than \(limit) bytes"
    case .tooManyFields(let limit): "there are more than \(limit) header fields"
    case .bodyTooLarge(let limit): "the body is larger than \(limit) bytes"
    case .badLength: "Content-Length is malformed"
    case .ambiguousLength: "Content-Length and Transfer-Encoding contradict each other"
    case .unsupportedTransferEncoding(let coding): "the transfer encoding \"\(coding)\" is not supported"
    case .badChunk: "the chunked body is malformed"
    case .closedMidMessage: "the connection was closed in the middle of a message"
    }
  }
}
