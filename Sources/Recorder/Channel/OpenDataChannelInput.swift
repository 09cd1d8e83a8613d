import Platform

/// The first message on a data channel, the only one that is text (protocol.md §3.3).
struct OpenDataChannelInput: Equatable, Sendable {
  /// New for each connection.
  var requestID: String
  /// From StartSession or ResumeSession: a secret, good for one connection.
  var token: String
  /// One for the whole session, over all reconnects.
  var clientID: String
  /// Dotted numbers; nil where the client does not tell.
  var clientVersion: String?

  init(requestID: String, token: String, clientID: String, clientVersion: String?) {
    self.requestID = requestID
    self.token = token
    self.clientID = clientID
    self.clientVersion = clientVersion
  }

  /// The message, members in the official order.
  func encoded() -> [UInt8] {
    var members = [
      JSON.Member("MessageSchemaVersion", "1.0"),
      JSON.Member("RequestId", .string(requestID)),
      JSON.Member("TokenValue", .string(token)),
      JSON.Member("ClientId", .string(clientID)),
    ]
    if let clientVersion { members.append(JSON.Member("ClientVersion", .string(clientVersion))) }
    return JSON.object(members).encoded()
  }

  /// Reads the message; nil where it is no JSON or has no token. Other members may be missing.
  init?(parsing bytes: [UInt8]) {
    // What is wrong with it must not be told: the text holds a token.
    guard let json = try? JSON(parsing: bytes), let token = json["TokenValue"]?.string else { return nil }
    self.init(
      requestID: json["RequestId"]?.string ?? "", token: token, clientID: json["ClientId"]?.string ?? "",
      clientVersion: json["ClientVersion"]?.string)
  }
}

extension OpenDataChannelInput: CustomStringConvertible, CustomReflectable {
  /// Without the token.
  var description: String {
    "request \(requestID) of client \(clientID), version \(clientVersion ?? "unknown")"
  }
  var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}
