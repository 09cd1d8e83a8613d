import Format
import Platform
import Testing

@testable import Recorder

@Suite struct AgentChannelTests {
  static let start = Instant(microseconds: 0)

  static func channel(limits: SendWindow.Limits = SendWindow.Limits()) -> AgentChannel {
    AgentChannel(
      sessionID: "user-0abc", target: "i-0123", limits: limits, now: start,
      timestamp: Timestamp(microseconds: 1_700_000_000_000_000), random: WireRandom(seed: 50))
  }

  static func input(_ number: Int64, _ type: PayloadType, _ payload: [UInt8]) -> [UInt8] {
    AgentMessage(
      type: .inputStreamData, createdMilliseconds: UInt64(1000 + number), sequenceNumber: number,
      id: MessageID(high: 7, low: UInt64(number)), payloadType: type, payload: payload
    ).encoded(using: SHA256())
  }

  @Test func outputIsNumberedFromAFlaggedZeroInMessagesOfOneKiB() throws {
    var channel = Self.channel()
    let output = (0..<2500).map { UInt8(truncatingIfNeeded: $0) }
    channel.send(output: output, now: Self.start)
    channel.send(output: [], now: Self.start)
    channel.send(exitCode: 3, now: Self.start)
    let messages = try channel.takeOutgoing().map { try AgentMessage(checking: $0, using: SHA256()) }
    #expect(messages.map(\.sequenceNumber) == [0, 1, 2, 3])
    #expect(messages.map(\.flags) == [.first, [], [], []])
    #expect(messages.map(\.payload.count) == [1024, 1024, 452, 12])
    #expect(messages.flatMap(\.payload) == output + Array("EXIT_CODE: 3".utf8))
    #expect(
      messages.allSatisfy { $0.type == .outputStreamData && $0.createdMilliseconds == 1_700_000_000_000 })
    #expect(channel.unacknowledgedCount == 4)
    #expect(channel.unacknowledgedByteCount == 2500 + 12 + 4 * 120)
  }

  @Test func everyKindOfInputHasItsHappening() throws {
    var channel = Self.channel()
    func origin(_ number: Int64) -> MessageOrigin {
      MessageOrigin(sequenceNumber: number, createdMilliseconds: 1000 + number)
    }
    let response = HandshakeResponse(
      clientVersion: "1.2.3.4", actions: [.init(type: "SessionType", status: .success)])
    let size = WindowSize(columns: 132, rows: 43)
    let rows: [(type: PayloadType, payload: [UInt8], happening: (MessageOrigin) -> AgentChannel.Happening)] =
      [
        (.output, [0x03], { .input([0x03], $0) }),
        (.size, size.payload, { .size(size, $0) }),
        (.size, Array(#"{"rows":43,"cols":132,"x":1}"#.utf8), { .size(size, $0) }),
        (
          .size, Array(#"{"cols":0,"rows":43}"#.utf8),
          { .ignored(.badPayload(.size, sequenceNumber: $0.sequenceNumber)) }
        ),
        (
          .size, Array(#"{"cols":65536,"rows":1}"#.utf8),
          { .ignored(.badPayload(.size, sequenceNumber: $0.sequenceNumber)) }
        ),
        (.size, [1], { .ignored(.badPayload(.size, sequenceNumber: $0.sequenceNumber)) }),
        (.flag, [0, 0, 0, 2], { .flag(2, $0) }),
        (.handshakeResponse, response.encoded(), { .handshakeResponse(response, $0) }),
        (
          .handshakeResponse, [1],
          { .ignored(.badPayload(.handshakeResponse, sequenceNumber: $0.sequenceNumber)) }
        ),
        (.exitCode, [1], { .ignored(.unknownPayload(.exitCode, sequenceNumber: $0.sequenceNumber)) }),
      ]
    for (number, row) in rows.enumerated() {
      let number = Int64(number)
      let happenings = channel.receive(Self.input(number, row.type, row.payload), now: Self.start)
      #expect(happenings == [row.happening(origin(number))])
      #expect(try channel.takeOutgoing().map { try DataChannelTests.words($0) } == ["ack \(number)"])
    }
    // A duplicate is acknowledged again, as the official agent does.
    #expect(
      channel.receive(Self.input(0, .output, [3]), now: Self.start) == [
        .ignored(.duplicate(sequenceNumber: 0))
      ])
    #expect(try channel.takeOutgoing().map { try DataChannelTests.words($0) } == ["ack 0"])
  }

  @Test func aWrongDigestIsNotLookedAt() {
    var channel = Self.channel()
    var bytes = Self.input(0, .output, [1])
    bytes[100] ^= 1
    #expect(
      channel.receive(bytes, now: Self.start)
        == [.input([1], MessageOrigin(sequenceNumber: 0, createdMilliseconds: 1000))])
  }

  @Test func noFlippedBitAndNoPrefixCrashes() {
    let original = Self.input(0, .size, WindowSize(columns: 80, rows: 24).payload)
    for index in original.indices {
      for bit in 0..<8 {
        var bytes = original
        bytes[index] ^= 1 << bit
        var channel = Self.channel()
        #expect(channel.receive(bytes, now: Self.start).count <= 1)
      }
      var channel = Self.channel()
      #expect(channel.receive(Array(original.prefix(index)), now: Self.start).count == 1)
    }
  }

  @Test func roomReturnsWithTheAcknowledgements() throws {
    var channel = Self.channel(limits: SendWindow.Limits(byteCount: 1000))
    channel.send(output: [UInt8](repeating: 1, count: 1000), now: Self.start)
    #expect(!channel.hasRoom && channel.nextDeadline == Instant(microseconds: 200_000))
    try channel.tick(now: Instant(microseconds: 200_000))
    let messages = channel.takeOutgoing()
    #expect(messages.count == 2 && messages.first == messages.last)
    let acknowledgement = Acknowledgement(
      type: .outputStreamData, messageID: MessageID(high: 0, low: 0), sequenceNumber: 0)
    #expect(
      channel.receive(ScriptedAgent.control(.acknowledge, acknowledgement.encoded()), now: Self.start) == [])
    #expect(channel.hasRoom && channel.unacknowledgedByteCount == 0 && channel.nextDeadline == nil)
  }

  @Test func closingTellsTheClientWhyAndIsTheLastMessage() throws {
    var channel = Self.channel()
    channel.close(output: "idle", now: Self.start)
    channel.close(output: "again", now: Self.start)
    channel.send(output: [1], now: Self.start)
    let messages = channel.takeOutgoing()
    #expect(messages.count == 1)
    let message = try AgentMessage(checking: #require(messages.first), using: SHA256())
    #expect(
      message.type == .channelClosed && message.sequenceNumber == 0 && message.flags == [.first, .last])
    let closed = ChannelClosed(parsing: message.payload)
    #expect(closed.output == "idle" && closed.sessionID == "user-0abc" && closed.destinationID == "i-0123")
    #expect(channel.isClosed && !channel.hasRoom)
    #expect(channel.receive(Self.input(0, .output, [1]), now: Self.start) == [.ignored(.afterEnd)])
  }

  @Test func reconnectingSendsAgainWhatWasNotAcknowledged() throws {
    var channel = Self.channel()
    channel.send(output: [UInt8](repeating: 1, count: 2048), now: Self.start)
    let first = channel.takeOutgoing()
    channel.send(output: [2], now: Self.start)
    channel.reconnect(now: Self.start)
    let again = channel.takeOutgoing()
    #expect(again.count == 3 && Array(again.prefix(2)) == first)
  }
}
