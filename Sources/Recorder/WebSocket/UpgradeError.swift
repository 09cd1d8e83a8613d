/// Why an HTTP connection did not become a WebSocket (RFC 6455 §4).
enum UpgradeError: Error, Equatable, Sendable {
  /// The server's answer is no 101.
  case refused(status: Int, reason: String)
  case upgradeField(found: String?)
  case connectionField(found: String?)
  /// Sec-WebSocket-Accept does not fit the key: whoever answered did not understand the request.
  case acceptField(found: String?)
  /// The server chose an extension nobody offered.
  case unexpectedExtension(String)
  case unexpectedSubprotocol(String)
  /// A request by another method than GET, or in HTTP/1.0.
  case request(method: String, isVersion11: Bool)
  case version(found: String?)
  /// Sec-WebSocket-Key is missing or no 16 bytes in Base64.
  case key
}

extension UpgradeError {
  /// What a server answers to such a request (§4.2.2).
  var response: HTTPResponse {
    let words = Array("\(self)\n".utf8)
    switch self {
    case .version, .upgradeField, .connectionField:
      return HTTPResponse(
        status: 426,
        fields: [
          "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": WebSocketUpgrade.version,
          "Content-Type": "text/plain",
        ], body: words)
    default:
      return HTTPResponse(status: 400, fields: ["Content-Type": "text/plain"], body: words)
    }
  }
}

extension UpgradeError: CustomStringConvertible {
  var description: String {
    switch self {
    case .refused(let status, let reason):
      "the server refused the WebSocket connection: \(status)\(reason.isEmpty ? "" : " \(Self.printable(reason))")"
    case .upgradeField(let found): "no upgrade to WebSocket: the Upgrade field is \(Self.quoted(found))"
    case .connectionField(let found): "no upgrade to WebSocket: the Connection field is \(Self.quoted(found))"
    case .acceptField(let found):
      "no WebSocket server answered: its Sec-WebSocket-Accept field is \(Self.quoted(found)); "
        + "check the address, and whether a proxy stands in between"
    case .unexpectedExtension(let name):
      "the server wants a WebSocket extension nobody offered: \(Self.printable(name))"
    case .unexpectedSubprotocol(let name):
      "the server wants a WebSocket subprotocol nobody offered: \(Self.printable(name))"
    case .request(let method, let isVersion11):
      "a WebSocket connection begins with GET in HTTP/1.1, not with \(Self.printable(method)) in HTTP/1.\(isVersion11 ? 1 : 0)"
    case .version(let found):
      "WebSocket version \(WebSocketUpgrade.version) is spoken here, not \(Self.quoted(found))"
    case .key: "the Sec-WebSocket-Key field is not the Base64 of 16 bytes"
    }
  }

  private static func quoted(_ value: String?) -> String { value.map { "\"\(printable($0))\"" } ?? "missing" }

  /// What a peer sent, in bounds and without control characters: it must not flood a terminal or move its cursor.
  private static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(60).map { isControl($0) ? "?" : $0 }))
  }

  private static func isControl(_ scalar: UnicodeScalar) -> Bool {
    scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
  }
}
