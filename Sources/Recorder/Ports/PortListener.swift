import Platform

/// Where programs of this machine reach a forwarded port: loopback, or a socket's path only this user can open.
final class PortListener {
  /// The port; nil at a path.
  let port: UInt16?
  /// The path; nil at a port.
  let path: String?
  private let descriptor: Descriptor
  /// Accepting rests so long when the process has no descriptor to spare.
  private static let pause: Int64 = 100_000
  private var restsUntil: Instant?

  init(_ properties: PortProperties) throws(PortError) {
    if let path = properties.localSocketPath {
      guard path.utf8.count <= Socket.longestPath else { throw .socketPathTooLong(path: path) }
      do throws(Errno) {
        descriptor = try Socket.listen(atPath: path)
      } catch {
        throw .cannotListen(address: path, error)
      }
      (self.path, port) = (path, nil)
    } else {
      let wanted = "127.0.0.1:\(properties.localPort ?? 0)"
      do throws(Errno) {
        // A number needs no name server and always has an address.
        guard let address = try? Socket.resolve("127.0.0.1", port: properties.localPort ?? 0).first else {
          throw Errno.invalidArgument
        }
        descriptor = try Socket.listen(at: address)
        port = try Socket.localAddress(descriptor).port
      } catch {
        throw .cannotListen(address: wanted, error)
      }
      path = nil
    }
  }

  deinit {
    if let path { try? File.remove(path) }  // somebody else removed it: that is what was wanted
  }

  /// What to wait for.
  func interest(accepting: Bool, now: Instant) -> Poll.Interest {
    if let restsUntil, restsUntil <= now { self.restsUntil = nil }
    return accepting && restsUntil == nil
      ? Poll.Interest(descriptor.rawValue, [.readable]) : Poll.Interest(-1, [])
  }

  /// When accepting may be tried again; nil while it does not rest.
  var deadline: Instant? { restsUntil }

  /// The next connection that waits; nil where none does.
  func accept(now: Instant) -> PortConnection? {
    do throws(Errno) {
      guard let accepted = try Socket.accept(descriptor) else { return nil }
      let peer = path == nil ? Socket.peerAddress(accepted)?.description : path
      return PortConnection(accepted, peer: peer ?? "?")
    } catch {
      restsUntil = now.advanced(byMicroseconds: Self.pause)
      return nil
    }
  }
}
