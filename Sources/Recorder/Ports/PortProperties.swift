import Platform

/// What a port session forwards: the properties of its document, all of them texts (protocol.md §7.2).
struct PortProperties: Equatable, Sendable {
  /// The port at the far end.
  var portNumber: String
  /// Where the far end connects to; nil for itself.
  var host: String?
  /// Whether connections to a port here are carried; else one stream, as ssh wants it.
  var isForwarding: Bool
  /// The port here; nil for any free one.
  var localPort: UInt16?
  /// Listen here in place of a port.
  var localSocketPath: String?

  private static let forwarding = "LocalPortForwarding"

  /// Reads the properties of a handshake. Numbers are checked where they are used.
  init(parsing json: JSON?) throws(PortError) {
    func text(_ name: String) -> String? {
      let value = json?[name]
      let text = value?.string ?? value?.integer.map(String.init)
      return text?.isEmpty == true ? nil : text
    }
    portNumber = text("portNumber") ?? ""
    host = text("host")
    isForwarding = text("type") == Self.forwarding
    if let number = text("localPortNumber") {
      guard let port = UInt16(number) else { throw .badPort(name: "localPortNumber", number) }
      localPort = port == 0 ? nil : port
    }
    localSocketPath = text("localUnixSocket")
    if text("localConnectionType") == "unix" {
      guard localSocketPath != nil else { throw .noSocketPath }
    } else {
      localSocketPath = nil
    }
  }

  /// The properties as a document has them.
  init(
    portNumber: String, host: String? = nil, isForwarding: Bool, localPort: UInt16? = nil,
    localSocketPath: String? = nil
  ) {
    self.portNumber = portNumber
    self.host = host
    self.isForwarding = isForwarding
    self.localPort = localPort
    self.localSocketPath = localSocketPath
  }

  /// As they stand in a handshake.
  var json: JSON {
    var members = [JSON.Member("portNumber", .string(portNumber))]
    if let host { members.append(.init("host", .string(host))) }
    guard isForwarding else { return .object(members) }
    members.append(.init("type", .string(Self.forwarding)))
    if let localSocketPath {
      members.append(.init("localUnixSocket", .string(localSocketPath)))
      members.append(.init("localConnectionType", "unix"))
    } else {
      members.append(.init("localPortNumber", .string(localPort.map(String.init) ?? "0")))
    }
    return .object(members)
  }
}

/// How the connections of a port session travel (protocol.md §8.3).
enum PortMode: Equatable, Sendable {
  /// One stream, on standard input and output.
  case standardStreams
  /// One connection at a time, as agents before smux have it.
  case single
  /// Many connections at a time.
  case multiplexed(keepsAlive: Bool)

  /// The client's choice.
  init(_ properties: PortProperties, agentVersion: String) {
    if !properties.isForwarding {
      self = .standardStreams
    } else if VersionGate.multiplexing.isOpen(to: agentVersion) {
      self = .multiplexed(keepsAlive: !VersionGate.agentWithoutKeepalive.isOpen(to: agentVersion))
    } else {
      self = .single
    }
  }

  /// The agent's choice; `.standardStreams` stands for one connection that ends the session with it.
  init(_ properties: PortProperties, clientVersion: String) {
    if !properties.isForwarding {
      self = .standardStreams
    } else if Self.multiplexes(clientVersion) {
      self = .multiplexed(keepsAlive: !VersionGate.clientWithoutKeepalive.isOpen(to: clientVersion))
    } else {
      self = .single
    }
  }

  /// From 1.1.70 on; versions with another count of numbers are compared number by number.
  private static func multiplexes(_ clientVersion: String) -> Bool {
    guard let version = DottedVersion(clientVersion) else { return false }
    return !version.components.lexicographicallyPrecedes([1, 1, 70])
  }
}
