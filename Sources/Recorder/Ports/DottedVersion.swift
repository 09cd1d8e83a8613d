/// A version in dotted numbers, as agents and clients tell theirs, for the gates of protocol.md §7.3.
struct DottedVersion: Equatable, Sendable {
  let components: [Int]

  /// nil unless it is one to eight numbers with dots between them.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...8).contains(parts.count) else { return nil }
    var components: [Int] = []
    for part in parts {
      // Nine digits fit an Int on every machine; no release has more.
      guard (1...9).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let number = Int(part)
      else { return nil }
      components.append(number)
    }
    self.components = components
  }

  /// Whether this version comes after `other`. As the official ends compare: with another count of numbers a
  /// version has no feature at all.
  func isAfter(_ other: DottedVersion) -> Bool {
    components.count == other.components.count
      && other.components.lexicographicallyPrecedes(components)
  }
}

/// What depends on the version of the other end (protocol.md §7.3). A version that is none counts as old.
enum VersionGate: String, Sendable {
  /// Agents that end a port session by a flag.
  case terminateFlag = "2.3.722.0"
  /// Agents that carry many connections in one port session.
  case multiplexing = "3.0.196.0"
  /// Agents that do without smux's keepalive.
  case agentWithoutKeepalive = "3.1.1511.0"
  /// Clients that do without smux's keepalive.
  case clientWithoutKeepalive = "1.2.331.0"

  /// Whether `version` is after the gate.
  func isOpen(to version: String) -> Bool {
    guard let gate = DottedVersion(rawValue), let version = DottedVersion(version) else { return false }
    return version.isAfter(gate)
  }
}
