import Platform

/// Where a port session's connections go: addresses of this machine, or of others where that is allowed.
enum PortDestination {
  /// Addresses that answer with secrets of a machine to whoever asks from it, and AWS's agent refuses
  /// (protocol.md §8.5).
  private static let forbidden: Set<String> = [
    "169.254.169.254", "169.254.169.253", "169.254.169.123", "169.254.169.250", "169.254.169.251",
    "fd00:ec2::254", "fd00:ec2::253", "fd00:ec2::123", "fd00:ec2::240",
  ]

  /// Why a session has nowhere to go; in the words of AWS's agent where it has some.
  enum Refusal: Error, Equatable, CustomStringConvertible {
    case badPort(String)
    case forbidden(host: String)
    case unknownHost(Socket.ResolutionError)

    var description: String {
      switch self {
      case .badPort(let text): "Unable to start port session: \"\(text)\" is no port number from 1 to 65535"
      case .forbidden(let host): "Forwarding to IP address \(host) is forbidden."
      case .unknownHost(let error): "Unable to start port session: \(error)"
      }
    }
  }

  /// The addresses to try, in order; found once, when the session starts. A name of another host waits for the
  /// name server.
  /// - Parameter allowsOthers: whether addresses of other machines are allowed (`--force`).
  static func addresses(
    of properties: PortProperties, allowsOthers: Bool
  ) throws(Refusal) -> [SocketAddress] {
    guard let port = UInt16(properties.portNumber), port > 0 else {
      throw .badPort(properties.portNumber)
    }
    let host = properties.host ?? "localhost"
    let found: [SocketAddress]
    do throws(Socket.ResolutionError) {
      found = try Socket.resolve(host, port: port)
    } catch {
      throw .unknownHost(error)
    }
    for address in found {
      // An IPv4 address in the clothes of IPv6 is the same machine.
      let plain = address.host.hasPrefix("::ffff:") ? String(address.host.dropFirst(7)) : address.host
      guard !forbidden.contains(plain), allowsOthers || address.isLoopback else {
        throw .forbidden(host: address.host)
      }
    }
    // Servers of this machine often listen at 127.0.0.1 alone.
    return found.filter { !$0.host.contains(":") } + found.filter { $0.host.contains(":") }
  }
}
