import CLinux
import Glibc

/// An IPv4 or IPv6 address with a port, as connect(2) and bind(2) take it.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
  let storage: [UInt8]
  let family: Int32
  /// The port, in host order.
  public let port: UInt16

  init(_ pointer: UnsafePointer<sockaddr>, length: socklen_t) {
    storage = [UInt8](UnsafeRawBufferPointer(start: pointer, count: Int(length)))
    let size: Int
    switch Int32(pointer.pointee.sa_family) {
    case AF_INET: size = MemoryLayout<sockaddr_in>.size
    case AF_INET6: size = MemoryLayout<sockaddr_in6>.size
    default: size = .max
    }
    // Other families (the two ends of a socket pair) have neither host nor port.
    family = storage.count >= size ? Int32(pointer.pointee.sa_family) : AF_UNSPEC
    // sin_port and sin6_port stand at the same offset, big-endian.
    port = family == AF_UNSPEC ? 0 : UInt16(storage[2]) << 8 | UInt16(storage[3])
  }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    storage.withUnsafeBytes { raw in
      body(raw.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
    }
  }

  /// The address in numbers: `127.0.0.1` or `::1`; "?" for a socket of no network.
  public var host: String {
    if family == AF_UNSPEC { return "?" }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let offset = family == AF_INET ? 4 : 8
    let converted = storage.withUnsafeBytes { raw in
      inet_ntop(family, raw.baseAddress! + offset, &text, socklen_t(text.count)) != nil
    }
    return converted ? String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self) : "?"
  }

  /// 127.0.0.0/8 or ::1.
  public var isLoopback: Bool {
    switch family {
    case AF_INET: storage[4] == 127
    case AF_INET6: storage[8..<23].allSatisfy { $0 == 0 } && storage[23] == 1
    default: false
    }
  }

  public var description: String { family == AF_INET6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// TCP sockets, always non-blocking and closed in programs this one starts.
public enum Socket {
  /// The name server's own words for why a name has no address.
  public struct ResolutionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was looked up.
    public let host: String
    /// Why there is no address, in the resolver's words.
    public let reason: String
    public var description: String { "cannot find the address of \(host): \(reason)" }
  }

  /// The addresses of a host name or number, best first (getaddrinfo(3)). Waits for the name server.
  public static func resolve(_ host: String, port: UInt16) throws(ResolutionError) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    var result = getaddrinfo(host, String(port), &hints, &list)
    if result != 0 {  // without a route of its family, even loopback counts as unconfigured
      hints.ai_flags = AI_NUMERICSERV
      result = getaddrinfo(host, String(port), &hints, &list)
    }
    guard result == 0 else {
      throw ResolutionError(host: host, reason: String(cString: gai_strerror(result)))
    }
    defer { freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var entry = list
    while let current = entry {
      if let address = current.pointee.ai_addr {
        addresses.append(SocketAddress(address, length: current.pointee.ai_addrlen))
      }
      entry = current.pointee.ai_next
    }
    return addresses
  }

  /// Begins to connect; the descriptor becomes writable when it is done, and `connectionError` says how.
  public static func connect(to address: SocketAddress) throws(Errno) -> Descriptor {
    let descriptor = try make(family: address.family)
    try setNoDelay(descriptor)
    let number = descriptor.rawValue
    do throws(Errno) {
      _ = try retryingInterrupts { address.withPointer { Glibc.connect(number, $0, $1) } }
    } catch  where error == .inProgress {}
    return descriptor
  }

  /// Why a connection that was begun failed; nil where it stands (SO_ERROR).
  public static func connectionError(_ descriptor: borrowing Descriptor) -> Errno? {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor.rawValue, SOL_SOCKET, SO_ERROR, &value, &length) == 0 else {
      return Errno.current
    }
    return value == 0 ? nil : Errno(rawValue: value)
  }

  /// Listens at `address`; port 0 lets the system choose, `localAddress` says which.
  public static func listen(at address: SocketAddress) throws(Errno) -> Descriptor {
    let descriptor = try make(family: address.family)
    var on: Int32 = 1
    setsockopt(descriptor.rawValue, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    let number = descriptor.rawValue
    _ = try retryingInterrupts { address.withPointer { Glibc.bind(number, $0, $1) } }
    _ = try retryingInterrupts { Glibc.listen(number, 512) }
    return descriptor
  }

  /// The next connection that waits at a listening descriptor; nil where none does.
  public static func accept(_ listener: borrowing Descriptor) throws(Errno) -> Descriptor? {
    let number = listener.rawValue
    do throws(Errno) {
      let accepted = try retryingInterrupts {
        accept4(number, nil, nil, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
      }
      let descriptor = Descriptor(owning: accepted)
      try setNoDelay(descriptor)
      return descriptor
    } catch  where error == .wouldBlock || error.rawValue == ECONNABORTED {
      return nil
    }
  }

  /// The address this end of a socket has (getsockname(2)).
  public static func localAddress(_ descriptor: borrowing Descriptor) throws(Errno) -> SocketAddress {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let number = descriptor.rawValue
    return try withUnsafeMutablePointer(to: &storage) { pointer throws(Errno) in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address throws(Errno) in
        _ = try retryingInterrupts { getsockname(number, address, &length) }
        return SocketAddress(address, length: length)
      }
    }
  }

  /// Says that nothing more will be written (shutdown(2), SHUT_WR).
  public static func finishWriting(_ descriptor: borrowing Descriptor) {
    shutdown(descriptor.rawValue, Int32(SHUT_WR))
  }

  private static func make(family: Int32) throws(Errno) -> Descriptor {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    return Descriptor(owning: try retryingInterrupts { socket(family, kind, 0) })
  }

  /// Sends small messages at once: a keystroke must not wait for the one before it to be acknowledged.
  private static func setNoDelay(_ descriptor: borrowing Descriptor) throws(Errno) {
    var on: Int32 = 1
    let number = descriptor.rawValue
    do throws(Errno) {
      _ = try retryingInterrupts {
        setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
      }
    } catch  where error.rawValue == EOPNOTSUPP {}  // sockets of this machine never wait
  }
}
