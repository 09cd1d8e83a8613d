import Platform

/// One entry of `no_proxy`: what is reached without a proxy.
struct ProxyException: Equatable, Sendable {
  private enum Pattern: Equatable, Sendable {
    case everything
    /// The name itself and all below it.
    case name(String)
    case network(InternetAddress, bitCount: Int)
  }

  private let pattern: Pattern
  /// nil: any port.
  private let port: UInt16?

  /// Reads a list separated by commas or spaces; entries that mean nothing match nothing.
  static func list(_ text: String) -> [ProxyException] {
    text.utf8.split { $0 == UInt8(ascii: ",") || ASCII.isBlank($0) }.compactMap {
      ProxyException(String(decoding: $0, as: UTF8.self).lowercased())
    }
  }

  private init?(_ entry: String) {
    if entry == "*" {
      (pattern, port) = (.everything, nil)
      return
    }
    if let slash = entry.firstIndex(of: "/") {
      guard let network = InternetAddress(String(entry[..<slash])),
        let bitCount = Int(entry[entry.index(after: slash)...]), 0...network.bytes.count * 8 ~= bitCount
      else { return nil }
      (pattern, port) = (.network(network, bitCount: bitCount), nil)
      return
    }
    // An IPv6 address without brackets is no host with a port.
    if let address = InternetAddress(entry) {
      (pattern, port) = (.network(address, bitCount: address.bytes.count * 8), nil)
      return
    }
    var name = entry[...]
    if name.hasPrefix("*.") { name = name.dropFirst() }
    while name.hasPrefix(".") { name = name.dropFirst() }
    while name.hasSuffix(".") { name = name.dropLast() }
    // What is neither a name nor an address matches nothing.
    guard let (host, port) = try? URLParts.hostAndPort(Array(name.utf8)[...]) else { return nil }
    self.port = port
    if let address = InternetAddress(host) {
      pattern = .network(address, bitCount: address.bytes.count * 8)
    } else {
      pattern = .name(host)
    }
  }

  /// - Parameter address: the host where it is one in numbers.
  func matches(name: String, address: InternetAddress?, port: UInt16) -> Bool {
    if let wanted = self.port, wanted != port { return false }
    switch pattern {
    case .everything: return true
    case .name(let suffix): return address == nil && (name == suffix || name.hasSuffix("." + suffix))
    case .network(let network, let bitCount):
      return address?.isInNetwork(of: network, bitCount: bitCount) ?? false
    }
  }
}
