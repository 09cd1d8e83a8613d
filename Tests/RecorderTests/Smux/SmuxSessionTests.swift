import Platform
import Testing

@testable import Recorder

/// Streams over one line of bytes, against the reference's vector and against ourselves.
@Suite struct SmuxSessionTests {
  private let start = Instant(microseconds: 1_000_000)

  private func session(_ role: SmuxSession.Role, keepsAlive: Bool = false) -> SmuxSession {
    SmuxSession(role, keepsAlive: keepsAlive, now: start)
  }

  @Test func aClientWritesWhatTheReferenceWrites() throws {
    let vector = try ChannelVector.named("smux_v1_client_frames").bytes
    var client = session(.client)
    let first = client.open()
    client.send(Array("GET /\r\n".utf8), on: first)
    let second = client.open()
    client.send(Array("x".utf8), on: second)
    client.finish(first)
    #expect(first == 3 && second == 5)
    #expect(client.takeOutgoing() == vector)
  }

  @Test(arguments: 1...48) func aServerReadsTheReferenceInPiecesOfAnySize(_ size: Int) throws {
    let vector = try ChannelVector.named("smux_v1_client_frames").bytes
    var server = session(.server)
    var opened: [UInt32] = []
    var data: [UInt32: [UInt8]] = [:]
    var finished: [UInt32] = []
    for from in stride(from: 0, to: vector.count, by: size) {
      let piece = Array(vector[from..<min(from + size, vector.count)])
      for happening in try server.receive(piece, now: start) {
        switch happening {
        case .opened(let id): opened.append(id)
        case .data(let id, let bytes): data[id, default: []] += bytes
        case .finished(let id): finished.append(id)
        }
      }
    }
    #expect(opened == [3, 5] && finished == [3])
    #expect(data == [3: Array("GET /\r\n".utf8), 5: Array("x".utf8)])
  }

  @Test func longDataTravelsInSeveralFrames() throws {
    var client = session(.client)
    var server = session(.server)
    let id = client.open()
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    client.send(bytes, on: id)
    let wire = client.takeOutgoing()
    #expect(wire.count == 8 + 4 * 8 + bytes.count)
    let arrived = try server.receive(wire, now: start).flatMap { happening -> [UInt8] in
      if case .data(_, let data) = happening { data } else { [] }
    }
    #expect(arrived == bytes)
  }

  @Test func aStreamIsOverOnceBothEndsHaveFinished() throws {
    var client = session(.client)
    var server = session(.server)
    let id = client.open()
    client.finish(id)
    client.finish(id)
    client.send([1], on: id)
    let wire = client.takeOutgoing()
    #expect(wire.count == 16, "one end, and nothing behind it")
    #expect(try server.receive(wire, now: start) == [.opened(id), .finished(id)])
    server.send([7, 8], on: id)
    server.finish(id)
    #expect(server.streamCount == 0 && client.streamCount == 1)
    #expect(try client.receive(server.takeOutgoing(), now: start) == [.data(id, [7, 8]), .finished(id)])
    #expect(client.streamCount == 0)
  }

  @Test func dataForUnknownStreamsIsDropped() throws {
    var client = session(.client)
    #expect(try client.receive([1, 2, 3, 0, 9, 0, 0, 0, 1, 2, 3], now: start).isEmpty)
    #expect(try client.receive([1, 1, 0, 0, 9, 0, 0, 0], now: start).isEmpty)
    // An agent opens no streams.
    #expect(try client.receive([1, 0, 0, 0, 4, 0, 0, 0], now: start).isEmpty)
  }

  @Test(
    arguments: [
      ([2, 0, 0, 0, 3, 0, 0, 0], SmuxError.version(found: 2)),
      ([0, 0, 0, 0, 3, 0, 0, 0], .version(found: 0)),
      ([1, 4, 0, 0, 3, 0, 0, 0], .command(found: 4)),
      ([1, 255, 0, 0, 3, 0, 0, 0], .command(found: 255)),
      ([1, 0, 1, 0, 3, 0, 0, 0], .unexpectedData(command: 0, byteCount: 1)),
      ([1, 1, 255, 255, 3, 0, 0, 0], .unexpectedData(command: 1, byteCount: 65_535)),
    ] as [([UInt8], SmuxError)])
  func whatIsNoFrameOfVersionOneEndsTheSession(_ bytes: [UInt8], _ error: SmuxError) throws {
    var server = session(.server)
    #expect(throws: error) { try server.receive(bytes, now: start) }
  }

  @Test func aServerHoldsABoundedNumberOfStreams() throws {
    var server = session(.server)
    for number in 0..<SmuxSession.maximumStreams + 10 {
      var wire: [UInt8] = []
      SmuxFrame.Header(.synchronize, stream: UInt32(number)).append(to: &wire)
      _ = try server.receive(wire, now: start)
    }
    #expect(server.streamCount == SmuxSession.maximumStreams)
    #expect(server.takeOutgoing().count == 10 * SmuxFrame.headerByteCount)
  }

  @Test func keepaliveSaysAndExpectsThatSomebodyIsThere() throws {
    var client = session(.client, keepsAlive: true)
    try client.tick(now: start.advanced(byMicroseconds: 9_000_000))
    #expect(client.takeOutgoing().isEmpty)
    try client.tick(now: start.advanced(byMicroseconds: 10_000_000))
    #expect(client.takeOutgoing() == [1, 3, 0, 0, 0, 0, 0, 0])
    _ = try client.receive([1, 3, 0, 0, 0, 0, 0, 0], now: start.advanced(byMicroseconds: 20_000_000))
    try client.tick(now: start.advanced(byMicroseconds: 49_000_000))
    #expect(throws: SmuxError.silent(seconds: 30)) {
      try client.tick(now: start.advanced(byMicroseconds: 50_000_000))
    }
    var quiet = session(.client)
    try quiet.tick(now: start.advanced(byMicroseconds: 3_600_000_000))
    #expect(quiet.deadline == nil && quiet.takeOutgoing().isEmpty)
  }

  @Test func changedAndRandomBytesAreSurvived() throws {
    let vector = try ChannelVector.named("smux_v1_client_frames").bytes
    for position in 0..<vector.count * 8 {
      var bytes = vector
      bytes[position / 8] ^= 1 << UInt8(position % 8)
      var server = session(.server)
      _ = try? server.receive(bytes, now: start)  // refused or not: no crash
    }
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      var server = session(.server)
      let bytes = (0..<Int.random(in: 0...64)).map { _ in UInt8.random(in: 0...5, using: &random) }
      _ = try? server.receive(bytes, now: start)
      #expect(server.streamCount <= 64)
    }
  }
}
