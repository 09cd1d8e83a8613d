import Platform
import Testing

@testable import Recorder

/// A connection over a socket pair, its time moved by hand.
@Suite struct AgentConnectionTests {
  private final class Peer {
    let descriptor: Descriptor
    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    func write(_ text: String) throws { try descriptor.writeAll(Array(text.utf8)) }

    /// Everything that is there, and whether the other side has closed.
    func read() throws -> (text: String, isEnd: Bool) {
      var bytes: [UInt8] = []
      while true {
        switch try descriptor.read(upTo: 1 << 16) {
        case .bytes(let more): bytes += more
        case .wouldBlock: return (String(decoding: bytes, as: UTF8.self), false)
        case .endOfFile: return (String(decoding: bytes, as: UTF8.self), true)
        }
      }
    }
  }

  private let tls: TLSContext
  private let start = Instant(microseconds: 1_000_000)

  init() throws {
    let now = SystemTime().timestamp
    tls = try TLSContext.server(try CertificateAuthority(now: now).issue(now: now))
  }

  private func pair() throws -> (AgentConnection, Peer) {
    let sockets = try DescriptorPair.sockets()
    return (
      AgentConnection(try sockets.first.duplicate(), tls, now: start), Peer(try sockets.second.duplicate())
    )
  }

  private func after(_ microseconds: Int64) -> Instant { start.advanced(byMicroseconds: microseconds) }

  @Test func aRequestThatStopsHalfWayIsTold() throws {
    let (connection, peer) = try pair()
    #expect(connection.deadline == after(AgentConnection.Limit.opening))
    try peer.write("POST / HTTP/1.1\r\nHost:")
    connection.read()
    #expect(connection.stream.nextEvent() == nil)
    connection.expire(now: after(AgentConnection.Limit.opening))
    connection.write(now: after(AgentConnection.Limit.opening))
    let (text, isEnd) = try peer.read()
    #expect(text.hasPrefix("HTTP/1.1 408 Request Timeout\r\n") && isEnd)
    #expect(!connection.isClosed)
    connection.expire(now: after(AgentConnection.Limit.opening + AgentConnection.Limit.lingering))
    #expect(connection.isClosed)
  }

  @Test func aConnectionWithoutARequestIsClosedWithoutAWord() throws {
    let (connection, peer) = try pair()
    connection.expire(now: after(AgentConnection.Limit.opening))
    #expect(connection.isClosed)
    #expect(try peer.read().text.isEmpty)
  }

  @Test func aChannelThatIsNeverOpenedIsClosedWithAReason() throws {
    let (connection, peer) = try pair()
    let upgrade = WebSocketUpgrade.Client()
    let request = upgrade.request(to: URLParts(scheme: .ws, host: "x", path: "/v1/data-channel/a"))
    try peer.write(String(decoding: request.encoded(), as: UTF8.self))
    connection.read()
    guard case .request(let arrived)? = connection.stream.nextEvent() else {
      Issue.record("no request")
      return
    }
    connection.stream.upgrade(try WebSocketUpgrade.answer(to: arrived))
    connection.expire(now: after(AgentConnection.Limit.opening))
    connection.write(now: after(AgentConnection.Limit.opening))
    let (text, _) = try peer.read()
    #expect(text.hasSuffix("No request to open the data channel came in time."))
    connection.expire(now: after(AgentConnection.Limit.opening + AgentConnection.Limit.lingering))
    #expect(connection.isClosed)
  }

  @Test func aClientThatEndsItsSideStillGetsItsAnswer() throws {
    let (connection, peer) = try pair()
    try peer.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    Socket.finishWriting(peer.descriptor)
    connection.read()
    connection.read()
    #expect(connection.stream.nextEvent() != nil)
    connection.stream.answer(HTTPResponse(status: 404), keepingAlive: true)
    #expect(connection.stream.nextEvent() == .ended)
    // Without this the loop would wake up for the end of the stream again and again.
    #expect(connection.interest(takesInput: true).readiness.isEmpty)
    connection.write(now: start)
    #expect(connection.isClosed)
    #expect(try peer.read().text.hasPrefix("HTTP/1.1 404 "))
  }

  @Test func whatTheClientDoesNotTakeWaits() throws {
    let (connection, peer) = try pair()
    try peer.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    connection.read()
    #expect(connection.stream.nextEvent() != nil)
    let body = [UInt8](repeating: 0x61, count: 4 << 20)
    connection.stream.answer(HTTPResponse(status: 200, body: body), keepingAlive: true)
    connection.write(now: start)
    #expect(connection.isBlocked && connection.queuedByteCount > 0)
    #expect(connection.interest(takesInput: true).readiness == [.readable, .writable])
    var received = 0
    while connection.queuedByteCount > 0 {
      received += try peer.read().text.utf8.count
      connection.isBlocked = false
      connection.write(now: start)
    }
    received += try peer.read().text.utf8.count
    #expect(received > body.count && !connection.isBlocked && !connection.isClosed)
  }
}
