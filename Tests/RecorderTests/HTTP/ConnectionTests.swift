import Platform
import Testing

@testable import Recorder

@Suite struct ConnectionTests {
  private static let time = SystemTime()

  static func context() throws -> TLSContext {
    try .client(trust: .certificates(pem: TLSPair.authority.certificatePEM))
  }

  static func exchange(
    _ url: URLParts, _ request: HTTPRequest = HTTPRequest(method: "GET", target: "/"),
    proxy: ProxySettings = .none, trust: TLSContext? = nil, interruptedBy: Int32? = nil
  ) throws -> HTTPResponse {
    let connection = try Connection(
      to: url, trust: trust ?? context(), proxy: proxy, now: time.instant)
    defer { connection.close() }
    return try connection.exchange(
      request, deadline: time.instant.advanced(byMicroseconds: 60_000_000), time: time,
      interruptedBy: interruptedBy)
  }

  @Test(arguments: [URLParts.Scheme.http, .https])
  func aRequestIsAnswered(scheme: URLParts.Scheme) throws {
    let server = try LoopbackServer { peer in
      if scheme == .https { try peer.startTLS(TLSPair.identity) }
      let request = try peer.receiveRequest()
      let text = "\(request.method) \(request.target) \(request.fields["Host"] ?? "-")"
      try peer.send(HTTPResponse(status: 200, body: Array(text.utf8) + request.body).encoded())
    }
    let request = HTTPRequest(method: "POST", target: "/a?b+c=/", body: [0x21])
    let response = try Self.exchange(server.url(scheme), request)
    #expect(String(decoding: response.body, as: UTF8.self) == "POST /a?b+c=/ 127.0.0.1:\(server.port)!")
    server.join()
  }

  @Test func aStreamCarriesMegabytesBothWaysWithoutBlocking() throws {
    let server = try LoopbackServer { peer in
      try peer.startTLS(TLSPair.identity)
      while case let bytes = try peer.receive(), !bytes.isEmpty { try peer.send(bytes) }
      try peer.sayEnd()
    }
    let connection = try Connection(
      to: server.url(.wss), trust: Self.context(), proxy: .none, now: Self.time.instant)
    var random = SeededRandom(3)
    let message = random.bytes(2 << 20)
    connection.send(message)
    #expect(connection.queuedByteCount == message.count && connection.state == .connecting)
    var echoed: [UInt8] = []
    while echoed.count < message.count {
      let ready = try Poll.wait([connection.interest], microseconds: 10_000_000)
      echoed += try connection.process(ready[0], now: Self.time.instant)
    }
    #expect(echoed == message && connection.state == .open && connection.queuedByteCount == 0)
    connection.close()
    #expect(connection.state == .closed && connection.interest.descriptor == -1)
    server.join()
  }

  @Test func anOrderlyEndIsToldFromACut() throws {
    for saysEnd in [true, false] {
      let server = try LoopbackServer { peer in
        try peer.startTLS(TLSPair.identity)
        _ = try peer.receiveRequest()
        try peer.send("HTTP/1.1 200 OK\r\n\r\nuntil close")
        if saysEnd { try peer.sayEnd() }
      }
      if saysEnd {
        #expect(try Self.exchange(server.url(.https)).body == Array("until close".utf8))
      } else {
        #expect(throws: ConnectionError.closed(peer: "127.0.0.1:\(server.port)", .open)) {
          try Self.exchange(server.url(.https))
        }
      }
      server.join()
    }
  }

  @Test func addressesAreTriedInTurn() throws {
    // Where the name has ::1 as well, and before 127.0.0.1, nobody listens there.
    let server = try LoopbackServer { peer in
      _ = try peer.receiveRequest()
      try peer.send(HTTPResponse(status: 204).encoded())
    }
    #expect(try Self.exchange(server.url(.http, host: "localhost")).status == 204)
    server.join()
  }

  @Test func whatCameBeforeAFailureIsHandedOverFirst() throws {
    let server = try LoopbackServer { peer in
      try peer.startTLS(TLSPair.identity)
      _ = try peer.receive()
      try peer.send("good")
      try peer.sendRaw([0x17, 0x03, 0x03, 0x00, 0x01, 0x00])  // a record that nobody encrypted
      while case let bytes = try peer.receive(), !bytes.isEmpty {}
    }
    let connection = try Connection(
      to: server.url(.wss), trust: Self.context(), proxy: .none, now: Self.time.instant)
    connection.send([1])
    var received: [UInt8] = []
    do {
      while true {
        let ready = try Poll.wait([connection.interest], microseconds: 10_000_000)
        received += try connection.process(ready[0], now: Self.time.instant)
      }
    } catch let error as ConnectionError {
      guard case .tls(_, .protocolError) = error else { throw error }
    }
    #expect(
      received == Array("good".utf8) && connection.state == .closed && connection.interest.descriptor == -1)
    server.join()
  }

  @Test func aLoopThatDoesNotReadKeepsTheOtherSideWaiting() throws {
    let server = try LoopbackServer { peer in
      _ = try peer.receive()
      try peer.send([UInt8](repeating: 7, count: 8 << 20))
    }
    let connection = try Connection(
      to: server.url(.ws), trust: Self.context(), proxy: .none, now: Self.time.instant)
    connection.send([1])
    while connection.state != .open || connection.queuedByteCount > 0 {
      _ = try Poll.wait([connection.interest], microseconds: 10_000_000)
      #expect(try connection.process([.writable], now: Self.time.instant) == [])
    }
    for _ in 0..<10 { #expect(try connection.process([.writable], now: Self.time.instant) == []) }
    var count = 0
    while connection.state == .open {
      let ready = try Poll.wait([connection.interest], microseconds: 10_000_000)
      count += try connection.process(ready[0], now: Self.time.instant).count
    }
    #expect(count == 8 << 20 && connection.endedInOrder)
    server.join()
  }

  @Test func aPortWhereNobodyListensAndANameWithoutAddressAreNamed() throws {
    let attempt = ConnectionError.Attempt(address: "127.0.0.1:1", reason: "connection refused")
    #expect(throws: ConnectionError.refused(peer: "127.0.0.1:1", [attempt])) {
      try Self.exchange(URLParts(scheme: .https, host: "127.0.0.1", port: 1))
    }
    let host = String(repeating: "a", count: 64)  // longer than a label may be, so no name server is asked
    do {
      _ = try Self.exchange(URLParts(scheme: .https, host: host))
    } catch let error as ConnectionError {
      guard case .nameNotFound(host: host, _) = error else { throw error }
    }
  }

  @Test func aServersMisbehaviorIsNamed() throws {
    let cases: [(URLParts.Scheme, answer: String, (String) -> ConnectionError)] = [
      (.http, "SSH-2.0-OpenSSH_9.2\r\n", { .http(peer: $0, .notHTTP(seen: "SSH-2.0-OpenSSH_9.2..")) }),
      (.http, "", { .closed(peer: $0, .open) }),
      (.http, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", { .closed(peer: $0, .open) }),
      (.http, "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", { .http(peer: $0, .badLength) }),
      (.https, "HTTP/1.1 400 Bad Request\r\n\r\n", { .tls(peer: $0, .notTLS) }),
      (.https, "", { .closed(peer: $0, .handshake) }),
      (.https, "\u{16}\u{03}\u{03}", { .closed(peer: $0, .handshake) }),
    ]
    for (scheme, answer, expected) in cases {
      let server = try LoopbackServer { peer in
        _ = try peer.receive()
        try peer.send(answer)
      }
      do {
        let response = try Self.exchange(server.url(scheme))
        Issue.record("\(answer): \(response)")
      } catch let error as ConnectionError {
        let wanted = expected("127.0.0.1:\(server.port)")
        if error != wanted { Issue.record("\(answer): \(error), not \(wanted)") }
      }
      server.join()
    }
  }

  @Test func aCertificateForAnotherHostEndsTheConnectionAndTellsTheServer() throws {
    let identity = try TLSPair.authority.issue(names: ["example.com"], addresses: [], now: TLSPair.now)
    let alerts = try DescriptorPair.pipe()
    let sink = DescriptorBox(try alerts.second.duplicate())
    let server = try LoopbackServer { peer in
      try peer.startTLS(identity)
      do {
        _ = try peer.receiveRequest()
      } catch is TLSError {
        let pipe = Descriptor(borrowing: sink.number)
        try pipe.writeAll([1])
      }
    }
    #expect(
      throws: ConnectionError.tls(
        peer: "127.0.0.1:\(server.port)", .certificateRefused(host: "127.0.0.1", .wrongHost))
    ) {
      try Self.exchange(server.url(.https))
    }
    server.join()
    #expect(try alerts.first.read(upTo: 1) == .bytes([1]))
  }

  /// A clock that stands still until a connection has done a step and sent what it had, then is past any
  /// deadline: so silence needs no waiting, and a slow machine breaks no test.
  private struct TimeOfStep: TimeSource {
    let connection: Connection
    let step: ConnectionError.Step

    var instant: Instant {
      let isThere = connection.step == step && (step != .open || connection.queuedByteCount == 0)
      return Instant(microseconds: isThere ? 61_000_000 : 0)
    }
    var timestamp: Timestamp { Timestamp(microseconds: 0) }
  }

  @Test func silenceEndsAtTheDeadline() throws {
    for (scheme, step) in [(URLParts.Scheme.http, ConnectionError.Step.open), (.https, .handshake)] {
      let server = try LoopbackServer { peer in while case let bytes = try peer.receive(), !bytes.isEmpty {} }
      let start = Instant(microseconds: 0)
      let connection = try Connection(
        to: server.url(scheme), trust: Self.context(), proxy: .none,
        limits: .init(openMicroseconds: 90_000_000),
        now: start)
      #expect(throws: ConnectionError.noAnswer(peer: "127.0.0.1:\(server.port)", step, seconds: 61)) {
        try connection.exchange(
          HTTPRequest(method: "GET", target: "/"), deadline: Instant(microseconds: 60_000_000),
          time: TimeOfStep(connection: connection, step: step))
      }
      connection.close()
      server.join()
    }
  }

  @Test func aSignalEndsTheWait() throws {
    let server = try LoopbackServer { peer in while case let bytes = try peer.receive(), !bytes.isEmpty {} }
    let pipe = try DescriptorPair.pipe()
    try pipe.second.writeAll([1])
    #expect(throws: ConnectionError.interrupted) {
      try Self.exchange(server.url(.http), interruptedBy: pipe.first.rawValue)
    }
    server.join()
  }

  @Test func timeIsAParameterOfEachStep() throws {
    // Nothing is waited for: a listener that never accepts still completes TCP, so only TLS can be late.
    let listener = try Socket.listen(at: Socket.resolve("127.0.0.1", port: 0)[0])
    let url = URLParts(scheme: .wss, host: "127.0.0.1", port: try Socket.localAddress(listener).port)
    let start = Instant(microseconds: 0)
    let connection = try Connection(to: url, trust: Self.context(), proxy: .none, now: start)
    #expect(connection.deadline == Instant(microseconds: 15_000_000))
    let ready = try Poll.wait([connection.interest], microseconds: 10_000_000)
    #expect(try connection.process(ready[0], now: start) == [])
    #expect(throws: ConnectionError.noAnswer(peer: url.authority, .handshake, seconds: 15)) {
      try connection.process([], now: Instant(microseconds: 15_000_000))
    }
    #expect(connection.state == .closed)
  }
}
