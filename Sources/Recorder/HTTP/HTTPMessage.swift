/// What requests and responses have in common (RFC 9112).
protocol HTTPMessage: Equatable, Sendable {
  var fields: HTTPFields { get set }
  var body: [UInt8] { get set }
}

/// An HTTP/1.1 request.
struct HTTPRequest: HTTPMessage {
  var method: String
  /// Path and query as they stand in the request line, never decoded.
  var target: String
  var fields: HTTPFields
  var body: [UInt8]
  /// False for HTTP/1.0.
  var isVersion11 = true

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
    var bytes = Array("\(method) \(target) HTTP/1.1\r\n".utf8)
    let wantsLength = !body.isEmpty || method == "POST" || method == "PUT"
    Self.appendFields(fields, length: wantsLength ? body.count : nil, to: &bytes)
    return bytes + body
  }
}

/// An HTTP/1.1 response.
struct HTTPResponse: HTTPMessage {
  var status: Int
  /// The words after the status; may be empty.
  var reason: String
  var fields: HTTPFields
  var body: [UInt8]
  var isVersion11 = true

  /// `reason` nil: the standard's own words.
  init(status: Int, reason: String? = nil, fields: HTTPFields = [:], body: [UInt8] = []) {
    self.status = status
    self.reason = reason ?? Self.words(status)
    self.fields = fields
    self.body = body
  }

  /// The response as it goes over the wire; Content-Length is added unless the status has no body.
  func encoded() -> [UInt8] {
    var bytes = Array("HTTP/1.1 \(status) \(reason)\r\n".utf8)
    let hasBody = status >= 200 && status != 204 && status != 304
    Self.appendFields(fields, length: hasBody ? body.count : nil, to: &bytes)
    return bytes + body
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

extension HTTPMessage {
  fileprivate static func appendFields(_ fields: HTTPFields, length: Int?, to bytes: inout [UInt8]) {
    for field in fields.list { bytes += "\(field.name): \(field.value)\r\n".utf8 }
    if let length, fields["Content-Length"] == nil, fields["Transfer-Encoding"] == nil {
      bytes += "Content-Length: \(length)\r\n".utf8
    }
    bytes += "\r\n".utf8
  }
}
