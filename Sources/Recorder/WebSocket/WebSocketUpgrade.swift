import Format
import Platform

/// The opening handshake, both halves: from an HTTP connection to a WebSocket (RFC 6455 §4).
enum WebSocketUpgrade {
  /// The only version there is.
  static let version = "13"

  private static let salt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

  /// What a server answers to a key, to prove that it read it (§4.2.2).
  static func acceptValue(for key: String) -> String {
    Base64.encode(SHA1.hash(Array((key + salt).utf8)))
  }

  /// The server's half: the 101 answer to a client's request, or why there is none; `UpgradeError.response`
  /// says so to the client.
  ///
  /// Extensions and subprotocols on offer are left alone, which declines them. Whether the path and the
  /// signature are right is the caller's question.
  static func answer(to request: HTTPRequest) throws(UpgradeError) -> HTTPResponse {
    guard request.method == "GET" && request.isVersion11 else {
      throw .request(method: request.method, isVersion11: request.isVersion11)
    }
    guard request.fields.tokens("Upgrade").contains("websocket") else {
      throw .upgradeField(found: request.fields["Upgrade"])
    }
    guard request.fields.tokens("Connection").contains("upgrade") else {
      throw .connectionField(found: request.fields["Connection"])
    }
    let versions = request.fields.values("Sec-WebSocket-Version")
    guard versions == [version] else { throw .version(found: versions.first) }
    let keys = request.fields.values("Sec-WebSocket-Key")
    guard keys.count == 1, let key = keys.first, Base64.decode(key)?.count == 16 else { throw .key }
    return HTTPResponse(
      status: 101,
      fields: [
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": acceptValue(for: key),
      ])
  }

  /// The client's half: a request with a key of its own, and the check of what comes back.
  struct Client: Sendable {
    /// 16 random bytes in Base64.
    let key: String

    /// - Parameter random: the source of the key.
    init(random: inout some RandomNumberGenerator) {
      var bytes: [UInt8] = []
      bytes.appendBigEndian(random.next() as UInt64)
      bytes.appendBigEndian(random.next() as UInt64)
      key = Base64.encode(bytes)
    }

    init() {
      var random = SystemRandomNumberGenerator()
      self.init(random: &random)
    }

    /// The request (§4.1).
    /// - Parameter fields: more fields, such as a signature's; they come last.
    func request(to address: URLParts, fields: HTTPFields = [:]) -> HTTPRequest {
      var all: HTTPFields = [
        "Host": address.hostField, "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Version": version, "Sec-WebSocket-Key": key,
      ]
      for field in fields.list where !HTTPFields.isSame(field.name, "Host") {
        all.append(field.name, field.value)
      }
      return HTTPRequest(method: "GET", target: address.requestTarget, fields: all)
    }

    /// Makes sure that the server has agreed, to this request and to nothing else (§4.1).
    func check(_ response: HTTPResponse) throws(UpgradeError) {
      guard response.status == 101 else {
        throw .refused(status: response.status, reason: response.reason)
      }
      guard response.fields.tokens("Upgrade") == ["websocket"] else {
        throw .upgradeField(found: response.fields["Upgrade"])
      }
      guard response.fields.tokens("Connection").contains("upgrade") else {
        throw .connectionField(found: response.fields["Connection"])
      }
      let accept = response.fields.values("Sec-WebSocket-Accept")
      guard accept == [acceptValue(for: key)] else { throw .acceptField(found: accept.first) }
      if let name = response.fields["Sec-WebSocket-Extensions"] { throw .unexpectedExtension(name) }
      if let name = response.fields["Sec-WebSocket-Protocol"] { throw .unexpectedSubprotocol(name) }
    }
  }
}
