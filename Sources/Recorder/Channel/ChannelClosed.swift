import Platform

/// The service's word that a session is over (protocol.md §5.1), payload of `channel_closed`.
struct ChannelClosed: Equatable, Sendable {
  var messageID: String
  /// Milliseconds since 1970; a string in the JSON.
  var createdMilliseconds: UInt64
  /// The target.
  var destinationID: String
  var sessionID: String
  /// Why, for the user; empty for a shell that exited.
  var output: String

  func encoded() -> [UInt8] {
    let json: JSON = [
      "MessageId": .string(messageID), "CreatedDate": .string(String(createdMilliseconds)),
      "DestinationId": .string(destinationID), "SessionId": .string(sessionID),
      "MessageType": "channel_closed", "SchemaVersion": 1, "Output": .string(output),
    ]
    return json.encoded()
  }

  /// Reads the payload. It ends the session even if it is garbled, so whatever is missing is empty.
  init(parsing payload: [UInt8]) {
    let json = (try? JSON(parsing: payload)) ?? .null  // see above
    messageID = json["MessageId"]?.string ?? ""
    createdMilliseconds = json["CreatedDate"]?.string.flatMap { UInt64($0) } ?? 0
    destinationID = json["DestinationId"]?.string ?? ""
    sessionID = json["SessionId"]?.string ?? ""
    output = json["Output"]?.string ?? ""
  }

  init(
    messageID: String, createdMilliseconds: UInt64, destinationID: String, sessionID: String, output: String
  ) {
    self.messageID = messageID
    self.createdMilliseconds = createdMilliseconds
    self.destinationID = destinationID
    self.sessionID = sessionID
    self.output = output
  }
}
