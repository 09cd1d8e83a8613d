import Platform

@testable import Recorder

/// Stands between a client and a loopback port for one connection, and breaks it after so many bytes of answer.
struct CuttingRelay {
  let port: UInt16
  private let thread: Thread

  init(to target: UInt16, afterBytes limit: Int) throws {
    let address = try Socket.resolve("127.0.0.1", port: 0)[0]
    let listener = Listener(try Socket.listen(at: address))
    port = try Socket.localAddress(listener.descriptor).port
    thread = try Thread.start { try? Self.relay(listener, to: target, afterBytes: limit) }
  }

  func join() { thread.join() }

  private final class Listener: Sendable {
    let descriptor: Descriptor
    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
  }

  private static func relay(_ listener: Listener, to target: UInt16, afterBytes limit: Int) throws {
    _ = try Poll.wait([Poll.Interest(listener.descriptor.rawValue, [.readable])], microseconds: 5_000_000)
    guard let client = try Socket.accept(listener.descriptor) else { return }
    let server = try Socket.connect(to: try Socket.resolve("127.0.0.1", port: target)[0])
    var left = limit
    while left > 0 {
      let ready = try Poll.wait(
        [Poll.Interest(client.rawValue, [.readable]), Poll.Interest(server.rawValue, [.readable])],
        microseconds: 5_000_000)
      if ready.allSatisfy(\.isEmpty) { return }
      if !ready[0].isEmpty, case .bytes(let bytes) = try client.read(upTo: 4096) {
        try server.writeAll(bytes)
      }
      if !ready[1].isEmpty, case .bytes(let bytes) = try server.read(upTo: min(4096, left)) {
        try client.writeAll(bytes)
        left -= bytes.count
      }
    }
  }
}
