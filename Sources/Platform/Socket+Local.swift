import Glibc

/// Sockets that are found by a path of this machine (unix(7)).
extension Socket {
  /// Longest path of a socket in bytes.
  public static let longestPath = 107

  /// Listens at `path`, which must not exist; only this user can connect.
  ///
  /// The path stays when the descriptor is closed: remove it.
  /// - Throws: `.invalidArgument` for a path of more than `longestPath` bytes.
  public static func listen(atPath path: String) throws(Errno) -> Descriptor {
    let descriptor = try makeLocal()
    let number = descriptor.rawValue
    // The mode of a socket's path comes from the mask alone; the path must never be open to others.
    _ = try Umask.with(0o177) { () throws(Errno) in
      try withAddress(of: path) { address, length in Glibc.bind(number, address, length) }
    }
    _ = try retryingInterrupts { Glibc.listen(number, 512) }
    return descriptor
  }

  /// Connects to the socket at `path`.
  public static func connect(toPath path: String) throws(Errno) -> Descriptor {
    let descriptor = try makeLocal()
    let number = descriptor.rawValue
    _ = try withAddress(of: path) { address, length in Glibc.connect(number, address, length) }
    return descriptor
  }

  private static func makeLocal() throws(Errno) -> Descriptor {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    return Descriptor(owning: try retryingInterrupts { socket(AF_UNIX, kind, 0) })
  }

  private static func withAddress(
    of path: String, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) throws(Errno) -> Int32 {
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, bytes.count <= longestPath, !bytes.contains(0) else { throw .invalidArgument }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return try withUnsafePointer(to: &address) { pointer throws(Errno) in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic throws(Errno) in
        try retryingInterrupts { call(generic, socklen_t(MemoryLayout<sockaddr_un>.size)) }
      }
    }
  }

  /// The address the other end of a connection has; nil where it has none, or is gone (getpeername(2)).
  public static func peerAddress(_ descriptor: borrowing Descriptor) -> SocketAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let number = descriptor.rawValue
    return withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        getpeername(number, address, &length) == 0 ? SocketAddress(address, length: length) : nil
      }
    }
  }
}
