import Platform

/// The numbers of a Flag payload (protocol.md §5.2), for port sessions.
struct ChannelFlag: RawRepresentable, Equatable, Sendable {
  let rawValue: UInt32

  init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The local peer has left; client to agent.
  static let disconnectToPort = ChannelFlag(rawValue: 1)
  /// End the session; client to agent.
  static let terminateSession = ChannelFlag(rawValue: 2)
  /// The port could not be reached; agent to client.
  static let connectToPortError = ChannelFlag(rawValue: 3)
}

extension WindowSize {
  /// The payload of a Size message.
  var payload: [UInt8] { Array("{\"cols\":\(columns),\"rows\":\(rows)}".utf8) }

  /// Reads the payload of a Size message; nil unless both numbers are from 1 to 65535.
  init?(parsing payload: [UInt8]) {
    // Sizes are told again at the next change, so a garbled one is only dropped.
    guard let json = try? JSON(parsing: payload), let columns = json["cols"]?.integer,
      let rows = json["rows"]?.integer, 1...65535 ~= columns, 1...65535 ~= rows
    else { return nil }
    self.init(columns: Int(columns), rows: Int(rows))
  }
}
