import Platform

/// A host's addresses, tried one after the other.
struct Dialer {
  let limits: Connection.Limits
  /// When everything must be done.
  let deadline: Instant
  /// When the address being tried is given up.
  private(set) var addressDeadline: Instant
  private let peer: String
  private var waiting: ArraySlice<SocketAddress>
  private var current: SocketAddress?
  private var attempts: [ConnectionError.Attempt] = []

  /// Looks the host up, which waits for the name server.
  init(to url: URLParts, limits: Connection.Limits, now: Instant) throws(ConnectionError) {
    self.limits = limits
    peer = url.authority
    deadline = now.advanced(byMicroseconds: limits.openMicroseconds)
    addressDeadline = now
    do throws(Socket.ResolutionError) {
      waiting = try Socket.resolve(url.host, port: url.port)[...]
    } catch {
      throw .nameNotFound(host: url.host, reason: error.reason)
    }
  }

  /// Begins to connect to the next address.
  /// - Parameter reason: why the address before it is given up.
  /// - Throws: `.refused`, with all that was tried, where no address or no time is left.
  mutating func next(after reason: String? = nil, now: Instant) throws(ConnectionError) -> Descriptor {
    if let reason, let current { attempts.append(.init(address: current.description, reason: reason)) }
    while now < deadline, let address = waiting.popFirst() {
      current = address
      // The last address may use all the time that is left.
      addressDeadline =
        waiting.isEmpty ? deadline : now.advanced(byMicroseconds: limits.perAddressMicroseconds)
      do throws(Errno) {
        return try Socket.connect(to: address)
      } catch {
        attempts.append(.init(address: address.description, reason: error.description))
      }
    }
    throw .refused(peer: peer, attempts)
  }
}
