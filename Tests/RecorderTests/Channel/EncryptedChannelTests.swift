import Format
import Platform
import Testing

@testable import Recorder

/// The client's end of an encrypted channel against messages made by hand.
@Suite struct EncryptedChannelTests {
  private static let start = DataChannelTests.start
  private static let nonce: [UInt8] = Array(0..<12)

  /// A channel that has been given its key, and the agent's cipher.
  private static func agreed() throws -> (channel: DataChannel, agent: ScriptedAgent, cipher: ChannelCipher) {
    var channel = DataChannelTests.channel()
    var agent = ScriptedAgent()
    let request = try ChannelVector.named("handshake_request_shell_kms").payload
    _ = channel.receive(agent.message(.handshakeRequest, request), now: start)
    let key = try ChannelCipherTests.key()
    let answer = KeyAnswer.key(key, ciphertextBlob: Array("ciphertextblob".utf8), isBoundToChallenge: true)
    #expect(channel.provide(answer, nonce: nonce, now: start) == [])
    return (channel, agent, .agent(key, nonce: nonce))
  }

  private static func running() throws -> (channel: DataChannel, agent: ScriptedAgent, cipher: ChannelCipher)
  {
    var (channel, agent, cipher) = try agreed()
    let complete = HandshakeComplete(nanoseconds: 5, customerMessage: "")
    _ = channel.receive(agent.message(.handshakeComplete, complete.encoded()), now: start)
    _ = channel.takeOutgoing()
    return (channel, agent, cipher)
  }

  @Test func theAnswerIsTheOfficialClientsWithTheChallengeAcknowledged() throws {
    var (channel, _, _) = try Self.agreed()
    let message = try AgentMessage(parsing: #require(channel.takeOutgoing().last))
    let official = try HandshakeResponse(
      parsing: ChannelVector.named("handshake_response_kms").payload)
    var ours = try HandshakeResponse(parsing: message.payload)
    #expect(ours.actions[1].result["ChallengeAcknowledgement"] == true)
    ours.clientVersion = official.clientVersion
    ours.actions[1].result = [
      "KMSCipherTextKey": ours.actions[1].result["KMSCipherTextKey"] ?? nil,
      "KMSCipherTextHash": ours.actions[1].result["KMSCipherTextHash"] ?? "absent",
    ]
    #expect(ours == official)
    #expect(channel.isEncrypted && !channel.acceptsInput)
  }

  @Test func anAgentWithoutAChallengeGetsNoAcknowledgement() throws {
    let request = HandshakeRequest(
      agentVersion: "2.3.0.0", actions: [.init(type: "KMSEncryption", parameters: ["KMSKeyId": "k"])])
    #expect(request.keyRequest == KeyRequest(keyID: "k", challenge: nil))
    let response = HandshakeResponse(
      answering: request,
      key: .key(try ChannelCipherTests.key(), ciphertextBlob: [1], isBoundToChallenge: false),
      clientVersion: "1")
    #expect(response.actions[0].result == ["KMSCipherTextKey": "AQ==", "KMSCipherTextHash": nil])
    let without = HandshakeResponse(answering: request, key: nil, clientVersion: "1")
    #expect(!without.isAgreed)
  }

  @Test func theChallengeIsSentBackInOurOwnEncryption() throws {
    var (channel, agent, cipher) = try Self.agreed()
    _ = channel.takeOutgoing()
    let proof = Array(UInt8(7)..<71)
    let challenge = EncryptionChallenge(cipher.seal(proof))
    #expect(
      channel.receive(agent.message(.encryptionChallengeRequest, challenge.encoded()), now: Self.start) == [])
    let sent = try AgentMessage(parsing: #require(channel.takeOutgoing().last))
    #expect(sent.payloadType == .encryptionChallengeResponse && sent.type == .inputStreamData)
    let answer = try #require(EncryptionChallenge(parsing: sent.payload))
    #expect(cipher.open(answer.bytes) == proof && answer != challenge)
  }

  @Test func outputErrorsAndExitCodesAreDecryptedAndFlagsAreNot() throws {
    var (channel, agent, cipher) = try Self.running()
    let rows: [(PayloadType, [UInt8], (MessageOrigin) -> DataChannel.Happening)] = [
      (.output, cipher.seal([1, 2]), { .output([1, 2], $0) }),
      (.standardError, cipher.seal([3]), { .standardError([3], $0) }),
      (
        .exitCode, cipher.seal(Array("EXIT_CODE: 4".utf8)),
        { .exitCode(4, text: Array("EXIT_CODE: 4".utf8), $0) }
      ),
      (.flag, [0, 0, 0, 3], { .flag(3, $0) }),
    ]
    for (index, (type, payload, happening)) in rows.enumerated() {
      let origin = ScriptedAgent.origin(Int64(index + 2))
      #expect(channel.receive(agent.message(type, payload), now: Self.start) == [happening(origin)])
    }
    channel.send(input: [0x61], now: Self.start)
    channel.send(size: WindowSize(columns: 80, rows: 24), now: Self.start)
    let sent = try channel.takeOutgoing().suffix(2).map { try AgentMessage(parsing: $0) }
    #expect(cipher.open(sent[0].payload) == [0x61])
    #expect(sent[1].payload == WindowSize(columns: 80, rows: 24).payload)
  }

  /// Every bit of a ciphertext, every shorter one, plain text, the other direction's: nothing of it is shown.
  @Test func whatDoesNotFitTheKeyEndsTheSession() throws {
    let sealed = try Self.running().cipher.seal(Array("rm -rf".utf8))
    var payloads = [Array("plain".utf8), [UInt8](repeating: 0, count: 28)]
    for index in sealed.indices {
      payloads.append(Array(sealed.prefix(index)))
      for bit in 0..<8 {
        payloads.append(sealed)
        payloads[payloads.count - 1][index] ^= 1 << bit
      }
    }
    payloads.append(ChannelCipher.client(try ChannelCipherTests.key(), nonce: Self.nonce).seal([1]))
    for payload in payloads {
      for type in [PayloadType.output, .standardError, .exitCode] {
        var (channel, agent, _) = try Self.running()
        let happenings = channel.receive(agent.message(type, payload), now: Self.start)
        if happenings != [.failed(.undecipherable(sequenceNumber: 2))] || !channel.isClosed {
          Issue.record("\(payload.count) bytes: \(happenings)")
        }
        channel.send(input: [1], now: Self.start)
        if channel.receive(agent.message(.output, payload), now: Self.start) != [.ignored(.afterEnd)] {
          Issue.record("the channel goes on")
        }
      }
    }
  }

  @Test func challengesThatAreBrokenOrUnasked() throws {
    for text in ["", "{", "{}", #"{"Challenge":7}"#, #"{"Challenge":"?"}"#] {
      var (channel, agent, _) = try Self.agreed()
      let happenings = channel.receive(agent.message(.encryptionChallengeRequest, text), now: Self.start)
      #expect(
        happenings == [.ignored(.badPayload(.encryptionChallengeRequest, sequenceNumber: 1))], "\(text)")
    }
    var (agreed, script, _) = try Self.agreed()
    let wrong = EncryptionChallenge([UInt8](repeating: 1, count: 92))
    #expect(
      agreed.receive(script.message(.encryptionChallengeRequest, wrong.encoded()), now: Self.start)
        == [.failed(.undecipherable(sequenceNumber: 1))])
    // Without encryption, and once the session runs, nobody is to ask.
    var plain = DataChannelTests.channel()
    var agent = ScriptedAgent()
    #expect(
      plain.receive(agent.message(.encryptionChallengeRequest, wrong.encoded()), now: Self.start)
        == [.ignored(.unknownPayload(.encryptionChallengeRequest, sequenceNumber: 0))])
    var (running, other, cipher) = try Self.running()
    let late = EncryptionChallenge(cipher.seal([1]))
    #expect(
      running.receive(other.message(.encryptionChallengeRequest, late.encoded()), now: Self.start)
        == [.ignored(.unknownPayload(.encryptionChallengeRequest, sequenceNumber: 2))])
  }

  @Test func aSecondHandshakeCannotChangeTheKey() throws {
    let request = try ChannelVector.named("handshake_request_shell_kms").payload
    var (channel, agent, cipher) = try Self.running()
    #expect(
      channel.receive(agent.message(.handshakeRequest, request), now: Self.start)
        == [.ignored(.unknownPayload(.handshakeRequest, sequenceNumber: 2))])
    #expect(
      channel.receive(agent.message(.output, cipher.seal([5])), now: Self.start)
        == [.output([5], ScriptedAgent.origin(3))])
  }

  @Test func challengesOfEveryPrefixAreReadOrRefused() {
    let payload = EncryptionChallenge(Array(0..<92)).encoded()
    #expect(EncryptionChallenge(parsing: payload)?.bytes == Array(0..<92))
    for count in payload.indices {
      #expect(EncryptionChallenge(parsing: Array(payload.prefix(count))) == nil)
    }
    var random = WireRandom(seed: 91)
    for _ in 0..<2000 {
      var changed = payload
      changed[Int.random(in: 0..<changed.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      _ = EncryptionChallenge(parsing: changed)
    }
  }

  /// Both ends over a link that loses, doubles and reorders: what is sent again is the same ciphertext.
  @Test func nothingIsLostOverALossyLink() throws {
    let time = ManualTime(timestamp: Timestamp(microseconds: 1_700_000_000_000_000))
    var (client, agent) = LossyLinkTests.ends(time, seed: 92)
    let key = try ChannelCipherTests.key()
    let request = try HandshakeRequest(
      parsing: ChannelVector.named("handshake_request_shell_kms").payload)
    agent.send(handshake: request, now: time.instant)
    for message in agent.takeOutgoing() { _ = client.receive(message, now: time.instant) }
    _ = client.provide(.key(key, ciphertextBlob: [1], isBoundToChallenge: false), now: time.instant)
    for message in client.takeOutgoing() { _ = agent.receive(message, now: time.instant) }
    agent.encrypt(with: .agent(key, nonce: Self.nonce))
    agent.send(handshakeComplete: HandshakeComplete(nanoseconds: 1, customerMessage: ""), now: time.instant)
    var link = LossyLink(seed: 93)
    (link.lossPercent, link.doublePercent, link.delay) = (25, 25, 100...300_000)
    let output = link.random.bytes(20_000)
    let input = link.random.bytes(5_000)
    agent.send(output: output, now: time.instant)
    for start in stride(from: 0, to: input.count, by: 300) {
      client.send(input: Array(input[start..<min(start + 300, input.count)]), now: time.instant)
    }
    try link.run(&client, &agent, time, seconds: 1000)
    #expect(link.clientOutput == output && link.agentInput == input)
    #expect(client.isEncrypted)
  }
}
