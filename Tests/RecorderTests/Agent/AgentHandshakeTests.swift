import Format
import Platform
import Testing

@testable import Recorder

@Suite struct AgentHandshakeTests {
  private static let start = Instant(microseconds: 1_000_000)
  private static let later = Instant(microseconds: 1_002_000)

  @Test func asksForTheTypeAndIsContentWithAnAgreement() {
    var handshake = AgentHandshake(.nonInteractiveCommands, encryption: nil, now: Self.start)
    #expect(handshake.request.sessionType == .nonInteractiveCommands)
    #expect(handshake.request.properties == .null)
    let response = HandshakeResponse(answering: handshake.request, key: nil, clientVersion: "1.2.835.0")
    guard case .complete(let complete)? = handshake.take(response, now: Self.later) else {
      Issue.record("an agreement is not enough")
      return
    }
    #expect(complete == HandshakeComplete(nanoseconds: 2_000_000, customerMessage: ""))
    let again = handshake.take(response, now: Self.later)
    if again != nil { Issue.record("an answer was taken twice") }
  }

  @Test func whateverIsNotAgreedToEndsTheSessionWithTheClientsWords() throws {
    let cases: [(actions: [HandshakeResponse.Action], cause: String)] = [
      ([], "SessionType was not processed by the client."),
      ([.init(type: "Other", status: .success)], "SessionType was not processed by the client."),
      (
        [.init(type: "SessionType", status: .failed, error: "Failed: why")],
        "SessionType failed on client with status 2 error: Failed: why"
      ),
      (
        [.init(type: "SessionType", status: nil, result: 3, error: "Unsupported")],
        "SessionType failed on client with status 0 error: Unsupported"
      ),
    ]
    for (actions, cause) in cases {
      var handshake = AgentHandshake(.nonInteractiveCommands, encryption: nil, now: Self.start)
      let step = handshake.take(HandshakeResponse(clientVersion: "1", actions: actions), now: Self.later)
      #expect(step?.failure == cause)
    }
  }

  // MARK: - Encryption

  private static let keys = KeyService(region: "us-east-1", keyID: "k", master: Array(0..<32))
  private static let context = EncryptionContext(sessionID: "user-0abc", targetID: "local")

  private static func encrypted(requiringChallenge: Bool = false) -> AgentHandshake {
    var encryption = AgentHandshake.Encryption(
      keys: keys, context: context, requiresChallenge: requiringChallenge)
    encryption.randomChallenge = Array(0..<16)
    encryption.proof = Array(100..<164)
    return AgentHandshake(.standardStream, encryption: encryption, now: start)
  }

  /// A client's answer with a data key wrapped for `challenge`, and what it says about it.
  private static func response(
    challenge: String?, acknowledges: JSON?, key: [UInt8] = Array(0..<64)
  ) -> HandshakeResponse {
    var context = context
    context.randomChallenge = challenge
    let blob = Base64.encode(keys.wrap(key, context: context.pairs))
    var result: [JSON.Member] = [.init("KMSCipherTextKey", .string(blob)), .init("KMSCipherTextHash", nil)]
    if let acknowledges { result.append(.init("ChallengeAcknowledgement", acknowledges)) }
    return HandshakeResponse(
      clientVersion: "1.2.3.4",
      actions: [
        .init(type: "SessionType", status: .success),
        .init(type: "KMSEncryption", status: .success, result: .object(result)),
      ])
  }

  @Test func asksForEncryptionAndForTheProof() throws {
    var handshake = Self.encrypted()
    #expect(handshake.request.actions.map(\.type) == ["SessionType", "KMSEncryption"])
    let wanted = KeyRequest(keyID: Self.keys.keyARN, challenge: "AAECAwQFBgcICQoLDA0ODw==")
    #expect(handshake.request.keyRequest == wanted)
    let response = Self.response(challenge: wanted.challenge, acknowledges: true)
    guard case .challenge(let challenge, _)? = handshake.take(response, now: Self.later) else {
      Issue.record("no challenge")
      return
    }
    #expect(challenge.bytes.count == 92)
    let client = ChannelCipher.client(try ChannelCipherTests.key(), nonce: Array(0..<12))
    #expect(client.open(challenge.bytes) == Array(100..<164))
    #expect(handshake.timeout.hasSuffix("Timed out waiting for encryption challenge."))
    let proof = EncryptionChallenge(client.seal(Array(100..<164)))
    guard case .complete(let complete)? = handshake.take(proof, now: Self.later) else {
      Issue.record("the proof is not taken")
      return
    }
    #expect(complete.customerMessage == "This session is encrypted using AWS KMS.")
  }

  /// Older clients know of no challenge; they are let in unless it is required.
  @Test func theRandomChallengeCountsOnlyWhereItIsAcknowledged() {
    let challenge = "AAECAwQFBgcICQoLDA0ODw=="
    let unsupported = "client does not support required encryption context random challenge"
    let mismatch =
      "Fetching data key failed: InvalidCiphertextException: KMSCipherTextKey was made by another key, or for "
      + "another session, target or challenge."
    let cases: [(bound: String?, acknowledges: JSON?, isRequired: Bool, failure: String?)] = [
      (challenge, true, false, nil), (challenge, true, true, nil), (nil, nil, false, nil),
      (nil, false, false, nil), (nil, nil, true, unsupported), (nil, "true", true, unsupported),
      (challenge, nil, false, mismatch), (nil, true, false, mismatch), ("other", true, true, mismatch),
    ]
    for (bound, acknowledges, isRequired, failure) in cases {
      var handshake = Self.encrypted(requiringChallenge: isRequired)
      let response = Self.response(challenge: bound, acknowledges: acknowledges)
      let step = handshake.take(response, now: Self.later)
      #expect(step?.failure == failure, "\(bound ?? "-") \(acknowledges?.text ?? "-") \(isRequired)")
      if failure == nil, case .challenge? = step { continue }
      #expect(failure != nil)
    }
  }

  @Test func keysAndProofsThatDoNotFitAreRefused() throws {
    var results: [(JSON, String)] = [
      (.null, "KMSEncryption has no KMSCipherTextKey in base64."),
      (["KMSCipherTextKey": "?"], "KMSEncryption has no KMSCipherTextKey in base64."),
      (["KMSCipherTextKey": 7], "KMSEncryption has no KMSCipherTextKey in base64."),
    ]
    let short = Self.response(challenge: nil, acknowledges: nil, key: Array(0..<32)).actions[1].result
    results.append((short, "Fetching data key failed: the key does not have 64 bytes."))
    for (result, failure) in results {
      var handshake = Self.encrypted()
      var response = Self.response(challenge: nil, acknowledges: nil)
      response.actions[1].result = result
      #expect(handshake.take(response, now: Self.later)?.failure == failure)
    }
    let client = ChannelCipher.client(try ChannelCipherTests.key(), nonce: Array(0..<12))
    let agent = ChannelCipher.agent(try ChannelCipherTests.key(), nonce: Array(0..<12))
    let good = client.seal(Array(100..<164))
    var proofs = [[], [1], client.seal([1]), client.seal([]), agent.seal(Array(100..<164))]
    for index in good.indices {
      proofs.append(Array(good.prefix(index)))
      var changed = good
      changed[index] ^= 0x40
      proofs.append(changed)
    }
    for proof in proofs {
      var handshake = Self.encrypted()
      if handshake.take(EncryptionChallenge(good), now: Self.later) != nil {
        Issue.record("a proof before the challenge")
      }
      _ = handshake.take(Self.response(challenge: nil, acknowledges: nil), now: Self.later)
      let step = handshake.take(EncryptionChallenge(proof), now: Self.later)
      if step?.failure != "Encryption challenge does not match: the client has another key." {
        Issue.record("a proof of \(proof.count) bytes was taken")
      }
    }
  }
}

extension AgentHandshake.Step {
  /// Why the handshake failed, less what stands before it in all such texts; nil where it did not.
  var failure: String? {
    let prefix = "----------ERROR-------\nEncountered error while initiating handshake. "
    guard case .failed(let text) = self, text.hasPrefix(prefix) else { return nil }
    return String(text.dropFirst(prefix.count))
  }
}
