import Format

extension ProductVersion {
  /// What the data channel is told (ClientVersion) and `session-manager-plugin --version` prints: above every
  /// version gate of agent, service and AWS CLI (protocol §7.3: 1.2.331.0, §2.2: 1.2.497.0, §0: 1.2.764.0).
  static let plugin = "1.3.100.0"
}
