import Platform

@testable import Recorder

/// A server on 127.0.0.1 for one test: each connection is handed to a script that blocks as it likes, on a
/// thread of its own.
struct LoopbackServer {
  let port: UInt16
  private let thread: Thread

  /// - Parameter connectionCount: connections that are served, one after the other, before the thread ends.
  init(connectionCount: Int = 1, _ script: @escaping @Sendable (LoopbackPeer) throws -> Void) throws {
    let address = try Socket.resolve("127.0.0.1", port: 0)[0]
    let listener = try Socket.listen(at: address)
    port = try Socket.localAddress(listener).port
    let box = DescriptorBox(listener)
    thread = try Thread.start {
      for _ in 0..<connectionCount {
        // Without a peer the test sees no answer; a client that breaks off is what some tests are about.
        guard let peer = try? LoopbackPeer(acceptingAt: box.number) else { return }
        try? script(peer)
        peer.close()
      }
    }
  }

  func join() { thread.join() }

  func url(_ scheme: URLParts.Scheme, host: String = "127.0.0.1", path: String = "/") -> URLParts {
    URLParts(scheme: scheme, host: host, port: port, path: path)
  }
}

/// Keeps a descriptor open while closures use it. Not changed after its creation, hence safe to share.
final class DescriptorBox: Sendable {
  private let descriptor: Descriptor
  init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
  var number: Int32 { descriptor.rawValue }
}

/// The server's end of one connection, blocking, with TLS where `startTLS` was called.
final class LoopbackPeer {
  private var descriptor: Descriptor?
  private var engine: TLSEngine?
  private var received: [UInt8] = []

  struct Ended: Error {}

  init(acceptingAt listener: Int32) throws {
    _ = try Poll.wait([.init(listener, .readable)], microseconds: 20_000_000)
    let socket = Descriptor(borrowing: listener)
    guard let accepted = try Socket.accept(socket) else { throw Ended() }
    descriptor = consume accepted
  }

  init(connectingTo port: UInt16) throws {
    let socket = try Socket.connect(to: Socket.resolve("127.0.0.1", port: port)[0])
    _ = try Poll.wait([.init(socket.rawValue, .writable)], microseconds: 20_000_000)
    descriptor = consume socket
  }

  var number: Int32 { descriptor?.rawValue ?? -1 }

  func startTLS(_ identity: ServerIdentity) throws { engine = try TLSEngine(server: .server(identity)) }

  func close() { descriptor = nil }

  /// Says the end in TLS's own words, if it is used.
  func sayEnd() throws {
    engine?.close()
    try flush()
  }

  func send(_ bytes: [UInt8]) throws {
    if let engine { try engine.send(bytes) } else { try write(bytes) }
    try flush()
  }

  /// Bytes past TLS.
  func sendRaw(_ bytes: [UInt8]) throws { try write(bytes) }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// The next bytes, whatever their number; empty at the end of the stream.
  func receive() throws -> [UInt8] {
    while true {
      _ = try Poll.wait([.init(number, .readable)], microseconds: 20_000_000)
      switch try descriptor?.read(upTo: 1 << 16) {
      case .bytes(let bytes):
        guard let engine else { return bytes }
        do throws(TLSError) {
          try engine.receive(bytes)
        } catch {
          try? flush()  // the alert
          throw error
        }
        try flush()
        let plain = engine.takePlaintext()
        if !plain.isEmpty || engine.isClosed { return plain }
      case .wouldBlock: continue
      case .endOfFile, nil: return []
      }
    }
  }

  /// One whole request; what follows it stays for the next call.
  func receiveRequest() throws -> HTTPRequest {
    var parser = HTTPRequestParser()
    parser.append(received)
    while true {
      if let request = try parser.next() {
        received = parser.takeLeftover()
        return request
      }
      let bytes = try receive()
      if bytes.isEmpty { throw Ended() }
      parser.append(bytes)
    }
  }

  private func flush() throws { if let engine { try write(engine.takeCiphertext()) } }

  private func write(_ bytes: [UInt8]) throws {
    var written = 0
    while written < bytes.count {
      let socket = Descriptor(borrowing: number)
      switch try Socket.send(bytes, from: written, to: socket) {
      case .wrote(let count): written += count
      case .wouldBlock: _ = try Poll.wait([.init(number, .writable)], microseconds: 20_000_000)
      }
    }
  }
}
