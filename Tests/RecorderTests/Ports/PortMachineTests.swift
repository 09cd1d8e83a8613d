import Platform
import Testing

@testable import Recorder

/// The two ends of a port session against peers that break its framing.
@Suite struct PortMachineTests {
  private let now = Instant(microseconds: 1)

  @Test(
    arguments: [
      ([2, 0, 0, 0, 3, 0, 0, 0], SmuxError.version(found: 2)),
      ([1, 9, 0, 0, 3, 0, 0, 0], .command(found: 9)),
    ] as [([UInt8], SmuxError)])
  func anotherVersionOfSmuxEndsTheSessionAtBothEnds(_ bytes: [UInt8], _ error: SmuxError) throws {
    let properties = PortProperties(portNumber: "80", isForwarding: true)
    let port = try MultiplexedPort(properties, keepsAlive: false, now: now)
    #expect(throws: PortError.smux(error)) { try port.receive(bytes, now: now) }
    let server = PortServer(.multiplexed(keepsAlive: false), addresses: [], now: now)
    server.receive(bytes, now: now)
    #expect(server.ending == error.description)
    server.receive([1, 0, 0, 0, 3, 0, 0, 0], now: now)
    #expect(server.takeOutgoing().isEmpty, "nothing follows the end")
  }

  @Test func aStreamThatReachesNobodyIsRefused() throws {
    let server = PortServer(.multiplexed(keepsAlive: false), addresses: [], now: now)
    server.receive([1, 0, 0, 0, 3, 0, 0, 0], now: now)
    server.advance(now: now)
    let outgoing = server.takeOutgoing()
    #expect(outgoing == [.flag(.connectToPortError), .bytes([1, 1, 0, 0, 3, 0, 0, 0])])
    #expect(server.ending == nil)
  }

  @Test func oneConnectionThatReachesNobodyEndsTheSession() throws {
    let server = PortServer(.standardStreams, addresses: [], now: now)
    server.advance(now: now)
    #expect(server.ending?.hasPrefix("Unable to connect to specified port: ") == true)
  }

  @Test func theFlagToTerminateEndsTheSessionInOrder() {
    let server = PortServer(.multiplexed(keepsAlive: false), addresses: [], now: now)
    server.receive(flag: ChannelFlag.terminateSession.rawValue)
    #expect(server.ending?.isEmpty == true)
  }

  @Test(
    arguments: [
      (false, false, Int64(0), false), (false, true, 0, true), (true, false, 59_000_000, false),
      (true, false, 60_000_000, true), (true, true, 0, false),
    ] as [(Bool, Bool, Int64, Bool)])
  func standardStreamsAreOverWhenNobodyIsLeft(
    _ hasEnded: Bool, _ isUnread: Bool, _ quiet: Int64, _ isOver: Bool
  ) {
    var streams = StandardStreams()
    if hasEnded { streams.end(now: now) }
    let later = now.advanced(byMicroseconds: quiet)
    #expect(streams.isOver(isDelivered: false, isUnread: isUnread, now: later) == isOver)
    streams.hear(now: later)
    if !isUnread { #expect(!streams.isOver(isDelivered: true, isUnread: false, now: later)) }
  }
}
