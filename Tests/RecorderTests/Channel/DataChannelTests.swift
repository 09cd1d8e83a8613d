import Format
import Platform
import Testing

@testable import Recorder

/// Messages as an agent would send them, and readers of what the client sends.
struct ScriptedAgent {
  private var nextNumber: Int64 = 0

  /// The next message of the agent's stream.
  mutating func message(_ type: PayloadType, _ payload: [UInt8]) -> [UInt8] {
    defer { nextNumber += 1 }
    return Self.message(number: nextNumber, type, payload)
  }

  mutating func message(_ type: PayloadType, _ text: String) -> [UInt8] { message(type, Array(text.utf8)) }

  static func message(number: Int64, _ type: PayloadType, _ payload: [UInt8]) -> [UInt8] {
    AgentMessage(
      type: .outputStreamData, createdMilliseconds: UInt64(1000 + number), sequenceNumber: number,
      id: MessageID(high: 7, low: UInt64(number)), payloadType: type, payload: payload
    ).encoded(using: SHA256())
  }

  static func control(_ type: MessageType, _ payload: [UInt8]) -> [UInt8] {
    AgentMessage(type: type, createdMilliseconds: 1, id: MessageID(high: 7, low: 7), payload: payload)
      .encoded(using: SHA256())
  }

  static func acknowledgement(of number: Int64) -> [UInt8] {
    control(
      .acknowledge,
      Acknowledgement(type: .inputStreamData, messageID: MessageID(high: 0, low: 0), sequenceNumber: number)
        .encoded())
  }

  static func origin(_ number: Int64) -> MessageOrigin {
    MessageOrigin(sequenceNumber: number, createdMilliseconds: 1000 + number)
  }
}

@Suite struct DataChannelTests {
  static let start = Instant(microseconds: 5_000_000)

  static func channel(limits: SendWindow.Limits = SendWindow.Limits()) -> DataChannel {
    DataChannel(
      clientVersion: "1.2.835.0", limits: limits, now: start,
      timestamp: Timestamp(microseconds: 1_700_000_000_123_456), random: WireRandom(seed: 40))
  }

  /// What a message is, in a few words.
  static func words(_ bytes: [UInt8]) throws -> String {
    let message = try AgentMessage(checking: bytes, using: SHA256())
    if message.type == .acknowledge {
      return "ack \(Acknowledgement.sequenceNumber(in: message.payload) ?? -1)"
    }
    let text = String(decoding: message.payload, as: UTF8.self)
    return "\(message.sequenceNumber) type \(message.payloadType.rawValue) \(text)"
  }

  static func sent(_ channel: inout DataChannel) throws -> [String] {
    try channel.takeOutgoing().map { try words($0) }
  }

  @Test func opensWithItsTokenAndAFreshRequest() throws {
    var channel = Self.channel()
    let first = try #require(OpenDataChannelInput(parsing: channel.open(token: "t1")))
    let second = try #require(OpenDataChannelInput(parsing: channel.reopen(token: "t2", now: Self.start)))
    #expect(first.token == "t1" && second.token == "t2")
    #expect(first.clientID == second.clientID && first.requestID != second.requestID)
    #expect(first.clientVersion == "1.2.835.0")
    #expect(MessageID(text: first.clientID) != nil && MessageID(text: first.requestID) != nil)
  }

  @Test func theFirstOutputStartsAShellAndLetsInputFlow() throws {
    var channel = Self.channel()
    var agent = ScriptedAgent()
    channel.send(size: WindowSize(columns: 100, rows: 30), now: Self.start)
    channel.send(size: WindowSize(columns: 80, rows: 24), now: Self.start)
    channel.send(input: Array("ls".utf8), now: Self.start)
    channel.send(input: Array("\n".utf8), now: Self.start)
    #expect(try Self.sent(&channel) == [])
    #expect(channel.nextDeadline == nil && !channel.acceptsInput && !channel.isInputDelivered)

    let happenings = channel.receive(agent.message(.output, "$ "), now: Self.start)
    #expect(happenings == [.started(.standardStream), .output(Array("$ ".utf8), ScriptedAgent.origin(0))])
    #expect(try Self.sent(&channel) == ["ack 0", #"0 type 3 {"cols":80,"rows":24}"#, "1 type 1 ls\r"])
    #expect(channel.acceptsInput && !channel.isInputDelivered)
    for number in 0...1 as ClosedRange<Int64> {
      #expect(channel.receive(ScriptedAgent.acknowledgement(of: number), now: Self.start) == [])
    }
    #expect(channel.isInputDelivered && channel.nextDeadline == nil)
  }

  @Test func aHandshakeIsAnsweredBeforeInputFlows() throws {
    var channel = Self.channel()
    var agent = ScriptedAgent()
    channel.send(input: Array("x".utf8), now: Self.start)
    let request = HandshakeRequest(
      agentVersion: "3.3.987.0",
      actions: [.init(type: "SessionType", parameters: ["SessionType": "NonInteractiveCommands"])])
    let asked = channel.receive(agent.message(.handshakeRequest, request.encoded()), now: Self.start)
    #expect(asked == [.handshake(request, ScriptedAgent.origin(0))])
    let answer = HandshakeResponse(
      clientVersion: "1.2.835.0", actions: [.init(type: "SessionType", status: .success)])
    #expect(
      try Self.sent(&channel) == ["ack 0", "0 type 6 \(String(decoding: answer.encoded(), as: UTF8.self))"])

    // Output before the end of the handshake is shown, but nothing is sent yet.
    #expect(
      channel.receive(agent.message(.output, "early"), now: Self.start)
        == [.output(Array("early".utf8), ScriptedAgent.origin(1))])
    #expect(try Self.sent(&channel) == ["ack 1"])

    let complete = HandshakeComplete(nanoseconds: 5, customerMessage: "Welcome")
    let done = channel.receive(agent.message(.handshakeComplete, complete.encoded()), now: Self.start)
    #expect(done == [.customerMessage("Welcome"), .started(.nonInteractiveCommands)])
    #expect(try Self.sent(&channel) == ["ack 2", "1 type 1 x"])
    #expect(channel.sessionType == .nonInteractiveCommands)
  }

  @Test func refusedActionsAreToldOnBothSides() throws {
    var channel = Self.channel()
    let payload = try ChannelVector.named("handshake_request_shell_kms").payload
    let request = try HandshakeRequest(parsing: payload)
    let happenings = channel.receive(
      ScriptedAgent.message(number: 0, .handshakeRequest, payload), now: Self.start)
    let keyID = "arn:aws:kms:us-east-1:111122223333:key/abc"
    #expect(
      happenings == [
        .handshake(request, ScriptedAgent.origin(0)),
        .keyNeeded(keyID: keyID, challenge: "AAECAwQFBgcICQoLDA0ODw=="),
      ])
    #expect(try Self.sent(&channel) == ["ack 0"], "nothing is said before there is a key")
    let reason = "Failed to process action KMSEncryption: no such key"
    #expect(
      channel.provide(.failed(reason: "no such key"), now: Self.start)
        == [.refused(action: "KMSEncryption", reason: reason)])
    #expect(channel.provide(.failed(reason: "again"), now: Self.start) == [])
    #expect(try Self.sent(&channel).last?.contains(#""ActionStatus":2"#) == true)
    let complete = HandshakeComplete(nanoseconds: 5, customerMessage: "")
    #expect(
      channel.receive(
        ScriptedAgent.message(number: 1, .handshakeComplete, complete.encoded()), now: Self.start)
        == [])
    #expect(!channel.acceptsInput)
  }

  @Test func aSenderOfAbsurdDatesCannotOverflowAnything() throws {
    let message = AgentMessage(
      type: .outputStreamData, createdMilliseconds: .max, id: MessageID(high: 0, low: 0), payload: [])
    #expect(MessageOrigin(message).createdMilliseconds == 253_402_300_799_999)
  }

  @Test func everyKindOfPayloadHasItsHappening() throws {
    var channel = Self.channel()
    let rows: [(type: PayloadType, payload: [UInt8], happening: (MessageOrigin) -> DataChannel.Happening)] = [
      (.output, [0xFF], { .output([0xFF], $0) }),
      (.standardError, [1], { .standardError([1], $0) }),
      (.exitCode, Array("EXIT_CODE: 2".utf8), { .exitCode(2, text: Array("EXIT_CODE: 2".utf8), $0) }),
      (.exitCode, Array("EXIT_CODE:-1".utf8), { .exitCode(-1, text: Array("EXIT_CODE:-1".utf8), $0) }),
      (.exitCode, Array("EXIT_CODE: x".utf8), { .exitCode(nil, text: Array("EXIT_CODE: x".utf8), $0) }),
      (.exitCode, [], { .exitCode(nil, text: [], $0) }),
      (.flag, [0, 0, 0, 3], { .flag(3, $0) }),
      (.flag, [3], { .ignored(.badPayload(.flag, sequenceNumber: $0.sequenceNumber)) }),
      (
        .handshakeRequest, [1],
        { .ignored(.badPayload(.handshakeRequest, sequenceNumber: $0.sequenceNumber)) }
      ),
      (
        .handshakeComplete, [1],
        { .ignored(.badPayload(.handshakeComplete, sequenceNumber: $0.sequenceNumber)) }
      ),
      (.size, [1], { .ignored(.unknownPayload(.size, sequenceNumber: $0.sequenceNumber)) }),
      (
        PayloadType(rawValue: 99), [1],
        { .ignored(.unknownPayload(PayloadType(rawValue: 99), sequenceNumber: $0.sequenceNumber)) }
      ),
    ]
    for (number, row) in rows.enumerated() {
      let number = Int64(number)
      let happenings = channel.receive(
        ScriptedAgent.message(number: number, row.type, row.payload), now: Self.start)
      #expect(happenings.last == row.happening(ScriptedAgent.origin(number)))
      #expect(try Self.sent(&channel).first == "ack \(number)")
    }
  }

  @Test func duplicatesAreAcknowledgedAgainAndEarlyMessagesWaitTheirTurn() throws {
    var channel = Self.channel()
    func output(_ number: Int64) -> [UInt8] {
      ScriptedAgent.message(number: number, .output, [UInt8(truncatingIfNeeded: number)])
    }
    #expect(channel.receive(output(0), now: Self.start).count == 2)
    #expect(channel.receive(output(0), now: Self.start) == [.ignored(.duplicate(sequenceNumber: 0))])
    #expect(channel.receive(output(2), now: Self.start) == [])
    #expect(try Self.sent(&channel) == ["ack 0", "ack 0", "ack 2"])
    #expect(
      channel.receive(output(1), now: Self.start)
        == [.output([1], ScriptedAgent.origin(1)), .output([2], ScriptedAgent.origin(2))])
    #expect(try Self.sent(&channel) == ["ack 1"])
    #expect(
      channel.receive(output(20_000), now: Self.start)
        == [.ignored(.tooEarly(sequenceNumber: 20_000, expected: 3))])
    #expect(try Self.sent(&channel) == [])
  }

  @Test func whatIsNoMessageOfTheStreamIsNotAcknowledged() throws {
    var channel = Self.channel()
    var garbled = ScriptedAgent.message(number: 0, .output, [1, 2])
    garbled[121] ^= 1
    let mismatch = AgentMessageError.digestMismatch(type: .outputStreamData, sequenceNumber: 0)
    let interactive = MessageType.other(Array("interactive_shell".utf8))
    let rows: [(bytes: [UInt8], happening: DataChannel.Happening)] = [
      (garbled, .ignored(.malformed(mismatch))),
      (Array("{\"hello\":1}".utf8), .ignored(.malformed(.tooShort(byteCount: 11)))),
      ([], .ignored(.malformed(.tooShort(byteCount: 0)))),
      (ScriptedAgent.control(.pausePublication, []), .paused),
      (ScriptedAgent.control(.startPublication, []), .resumed),
      (ScriptedAgent.control(interactive, [1]), .ignored(.unknownType(interactive))),
      (ScriptedAgent.control(.inputStreamData, [1]), .ignored(.unknownType(.inputStreamData))),
      (ScriptedAgent.control(.acknowledge, [1]), .ignored(.badAcknowledgement)),
    ]
    for (bytes, happening) in rows { #expect(channel.receive(bytes, now: Self.start) == [happening]) }
    #expect(try Self.sent(&channel) == [])
  }

  @Test func channelClosedEndsEverything() throws {
    var channel = Self.channel()
    var agent = ScriptedAgent()
    _ = channel.receive(agent.message(.output, "$ "), now: Self.start)
    channel.send(input: [1], now: Self.start)
    _ = channel.takeOutgoing()
    let closed = ChannelClosed(
      messageID: "m", createdMilliseconds: 1, destinationID: "i-1", sessionID: "s", output: "gone\n")
    #expect(
      channel.receive(ScriptedAgent.control(.channelClosed, closed.encoded()), now: Self.start)
        == [.closed(output: "gone\n")])
    #expect(channel.isClosed && channel.nextDeadline == nil && !channel.acceptsInput)
    channel.send(input: [1], now: Self.start)
    channel.send(size: WindowSize(columns: 1, rows: 1), now: Self.start)
    #expect(channel.receive(agent.message(.output, "x"), now: Self.start) == [.ignored(.afterEnd)])
    #expect(try Self.sent(&channel) == [])
  }

  /// An agent that ends does not send everything again that got lost.
  @Test func atTheEndWhatNeverCameIsToldAndWhatCameBehindIsNotLost() {
    func output(_ number: Int64) -> [UInt8] {
      ScriptedAgent.message(number: number, .output, [UInt8(0x61 + number)])
    }
    func begun() -> DataChannel {
      var channel = Self.channel()
      for number in [0, 3, 4, 7] as [Int64] { _ = channel.receive(output(number), now: Self.start) }
      return channel
    }
    let lost: [DataChannel.Happening] = [
      .gap(1...2), .output([0x64], ScriptedAgent.origin(3)), .output([0x65], ScriptedAgent.origin(4)),
      .gap(5...6), .output([0x68], ScriptedAgent.origin(7)),
    ]
    var closed = begun()
    let end = ScriptedAgent.control(.channelClosed, Array(#"{"Output":""}"#.utf8))
    #expect(closed.receive(end, now: Self.start) == lost + [.closed(output: "")])
    var abandoned = begun()
    #expect(abandoned.end(now: Self.start) == lost && abandoned.isClosed)
    var whole = Self.channel()
    #expect(whole.receive(output(0), now: Self.start).count == 2)
    #expect(whole.receive(end, now: Self.start) == [.closed(output: "")])
  }

  @Test func inputIsCutIntoMessagesAndHeldWhileTheWindowIsFull() throws {
    var channel = Self.channel(limits: SendWindow.Limits(byteCount: 2500))
    var agent = ScriptedAgent()
    _ = channel.receive(agent.message(.output, "$ "), now: Self.start)
    _ = channel.takeOutgoing()
    let input = (0..<5000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    channel.send(input: input, now: Self.start)
    #expect(!channel.acceptsInput)
    var arrived: [UInt8] = []
    var number: Int64 = 0
    while !channel.isInputDelivered {
      let messages = channel.takeOutgoing()
      #expect(messages.count <= 3 && !messages.isEmpty)
      for bytes in messages {
        let message = try AgentMessage(checking: bytes, using: SHA256())
        #expect(message.payload.count <= 1024 && message.sequenceNumber == number)
        arrived += message.payload
        _ = channel.receive(ScriptedAgent.acknowledgement(of: number), now: Self.start)
        number += 1
      }
    }
    #expect(arrived == input)
    #expect(channel.acceptsInput)
  }

  @Test func onlyALoneLineFeedBecomesAReturn() throws {
    var channel = Self.channel()
    var agent = ScriptedAgent()
    _ = channel.receive(agent.message(.output, "$ "), now: Self.start)
    for text in ["\n", "a\n", "\n\n", "\r"] { channel.send(input: Array(text.utf8), now: Self.start) }
    #expect(
      try Self.sent(&channel) == ["ack 0", "0 type 1 \r", "1 type 1 a\n", "2 type 1 \n\n", "3 type 1 \r"])
  }

  @Test func datesFollowTheClockThatNeverStepsBack() throws {
    var channel = Self.channel()
    var agent = ScriptedAgent()
    let later = Self.start.advanced(byMicroseconds: 2_000_000)
    _ = channel.receive(agent.message(.output, "$ "), now: later)
    let acknowledgement = try AgentMessage(parsing: #require(channel.takeOutgoing().first))
    #expect(acknowledgement.createdMilliseconds == 1_700_000_002_123)
    #expect(acknowledgement.flags == [.first, .last])
  }

  @Test func aSilentAgentIsAnErrorInTheEnd() throws {
    var channel = Self.channel(limits: SendWindow.Limits(patience: 1_000_000))
    var agent = ScriptedAgent()
    _ = channel.receive(agent.message(.output, "$ "), now: Self.start)
    channel.send(input: [1], now: Self.start)
    var count = 0
    #expect(throws: ChannelError.unacknowledged(sequenceNumber: 0, seconds: 1)) {
      while let deadline = channel.nextDeadline, count < 100 {
        try channel.tick(now: deadline)
        count += 1
      }
    }
    #expect(count > 1)
  }

  @Test func mutilatedMessagesNeverCrashAndNeverBecomeOutput() {
    var random = WireRandom(seed: 41)
    var channel = Self.channel()
    let original = ScriptedAgent.message(number: 0, .output, Array("secret".utf8))
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        // The fields behind the digest's protection: payload and digest.
        let index = Int.random(in: 80..<112, using: &random)
        bytes[index] ^= UInt8.random(in: 1...255, using: &random)
      }
      if bytes == original { continue }
      for happening in channel.receive(bytes, now: Self.start) {
        if case .output = happening { Issue.record("output from a broken message") }
      }
      _ = channel.receive(random.bytes(Int.random(in: 0...200, using: &random)), now: Self.start)
    }
  }
}
