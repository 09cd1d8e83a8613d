import Platform

/// Why a port session cannot go on.
enum PortError: Error, Equatable, Sendable {
  /// A property of the session that is no port number.
  case badPort(name: String, String)
  /// A session for a socket that does not say where.
  case noSocketPath
  case socketPathTooLong(path: String)
  case cannotListen(address: String, Errno)
  /// The connections' framing is broken.
  case smux(SmuxError)
}

extension PortError: CustomStringConvertible {
  var description: String {
    switch self {
    case .badPort(let name, let text):
      "\(name) is \"\(String(text.prefix(40)).printable)\", which is no port number (0 to 65535)"
    case .noSocketPath: "the session is for a unix socket, and localUnixSocket does not say which"
    case .socketPathTooLong(let path):
      "\(String(path.prefix(200)).printable) is too long for a socket's path (107 bytes): choose a shorter one"
    case .cannotListen(let address, let error) where error == .addressInUse:
      "\(address.printable) is in use: end what listens there, or choose another one"
    case .cannotListen(let address, let error): "cannot listen at \(address.printable): \(error)"
    case .smux(let error): "the forwarded port is broken: \(error)"
    }
  }
}
