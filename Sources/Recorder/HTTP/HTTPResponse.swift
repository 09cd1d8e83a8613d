/// An HTTP/1.1 response.
struct HTTPResponse: HTTPMessage {
  var status: Int
  /// The words after the status; may be empty.
  var reason: String
  var fields: HTTPFields
  var body: [UInt8]
  private(set) var isVersion11 = true

  /// `reason` nil: the standard's own words.
  init(status: Int, reason: String? = nil, fields: HTTPFields = [:], body: [UInt8] = []) {
    self.status = status
    self.reason = reason ?? Self.words(status)
    self.fields = fields
    self.body = body
  }

  /// The response as it goes over the wire; Content-Length is added unless the status has no body.
  func encoded() -> [UInt8] {
    encoded(
      startLine: "HTTP/1.1 \(status) \(reason)", hasLength: status >= 200 && status != 204 && status != 304)
  }

  private static func words(_ status: Int) -> String {
    switch status {
    case 100: "Continue"
    case 101: "Switching Protocols"
    case 200: "OK"
    case 201: "Created"
    case 204: "No Content"
    case 400: "Bad Request"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 413: "Content Too Large"
    case 426: "Upgrade Required"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 503: "Service Unavailable"
    default: "Status"
    }
  }
}

extension HTTPResponse {
  /// `version SP status SP reason` (RFC 9112 §4); the second space may be missing with the reason.
  init?(startLine: [UInt8]) {
    guard startLine.count >= 12, let minor = Self.minorVersion(startLine[..<8]), startLine[8] == 0x20,
      startLine[9..<12].allSatisfy(ASCII.isDigit), startLine.count == 12 || startLine[12] == 0x20
    else { return nil }
    let status = startLine[9..<12].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard status >= 100 else { return nil }
    self.init(status: status, reason: String(decoding: startLine.dropFirst(13), as: UTF8.self))
    isVersion11 = minor >= 1
  }

  static func mayBegin(_ bytes: ArraySlice<UInt8>) -> Bool {
    zip(bytes, "HTTP/1.".utf8).allSatisfy { $0 == $1 }
  }

  /// 101 is the last word before another protocol begins.
  var isInterim: Bool { status < 200 && status != 101 }

  var isBodyUntilCloseByDefault: Bool { true }

  func hasNoBody(answering method: String?) -> Bool {
    method == "HEAD" || method == "CONNECT" && 200..<300 ~= status || status < 200 || status == 204
      || status == 304
  }
}
