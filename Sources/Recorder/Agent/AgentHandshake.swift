import Format
import Platform

/// The agent's side of the handshake as a machine: what the client is asked, and whether its answers will do
/// (protocol.md §7.2, §7.4).
struct AgentHandshake {
  /// What follows from an answer.
  enum Step {
    /// Everything encrypted is from here on encrypted so; the client is to prove that it has the key.
    case challenge(EncryptionChallenge, ChannelCipher)
    /// The client has agreed to everything.
    case complete(HandshakeComplete)
    /// It has not; the session ends with these words.
    case failed(String)
  }

  /// What an encrypted session needs, all of it fresh for each session.
  struct Encryption {
    let keys: KeyService
    /// What the data key must be bound to, less the challenge.
    let context: EncryptionContext
    /// Whether a client that leaves `randomChallenge` out of the context is refused.
    let requiresChallenge: Bool
    /// 16 random bytes, for the context.
    var randomChallenge = RandomBytes.make(16)
    /// 64 random bytes, which the client is to send back in its own encryption.
    var proof = RandomBytes.make(64)
    /// Where the agent's nonces start.
    var nonce = RandomBytes.make(AESGCM.nonceByteCount)
  }

  private enum Phase { case asked, challenged, over }

  /// The release of AWS's agent whose behavior is played; clients choose by it what they do (§7.3).
  static let agentVersion = "3.3.987.0"
  /// How long each answer of the client may take, in microseconds.
  static let patience: Int64 = 15_000_000

  /// What the client is asked first.
  let request: HandshakeRequest
  private let encryption: Encryption?
  private let began: Instant
  private var phase = Phase.asked
  private var cipher: ChannelCipher?

  /// - Parameter properties: of a port session's document; null for every other.
  init(_ type: SessionType, properties: JSON = .null, encryption: Encryption?, now: Instant) {
    began = now
    self.encryption = encryption
    let parameters: JSON = ["SessionType": .string(type.name), "Properties": properties]
    var actions = [HandshakeRequest.Action(type: "SessionType", parameters: parameters)]
    if let encryption {
      let parameters: JSON = [
        "KMSKeyId": .string(encryption.keys.keyARN),
        "Challenge": .string(Base64.encode(encryption.randomChallenge)),
      ]
      actions.append(HandshakeRequest.Action(type: "KMSEncryption", parameters: parameters))
    }
    request = HandshakeRequest(agentVersion: Self.agentVersion, actions: actions)
  }

  /// Takes the client's answer to `request`; nil where none is awaited.
  mutating func take(_ response: HandshakeResponse, now: Instant) -> Step? {
    guard phase == .asked else { return nil }
    for asked in request.actions {
      guard let answer = response.actions.first(where: { $0.type == asked.type }) else {
        return fail("\(asked.type) was not processed by the client.")
      }
      guard answer.status == .success else {
        let status = answer.status?.rawValue ?? 0
        return fail("\(asked.type) failed on client with status \(status) error: \(answer.error)")
      }
    }
    guard let encryption else { return complete("", now: now) }
    let result = response.actions.first { $0.type == "KMSEncryption" }?.result ?? .null
    return challenge(result, encryption)
  }

  /// Unwraps the client's key and asks for the proof that it has it.
  private mutating func challenge(_ result: JSON, _ encryption: Encryption) -> Step {
    var context = encryption.context
    if result["ChallengeAcknowledgement"]?.bool == true {
      context.randomChallenge = Base64.encode(encryption.randomChallenge)
    } else if encryption.requiresChallenge {
      return fail("client does not support required encryption context random challenge")
    }
    guard let blob = result["KMSCipherTextKey"]?.string.flatMap({ Base64.decode($0) }) else {
      return fail("KMSEncryption has no KMSCipherTextKey in base64.")
    }
    guard var plaintext = encryption.keys.unwrap(blob, context: context.pairs) else {
      return fail(
        "Fetching data key failed: InvalidCiphertextException: KMSCipherTextKey was made by another key, or for "
          + "another session, target or challenge.")
    }
    guard let key = DataKey(taking: &plaintext) else {
      return fail("Fetching data key failed: the key does not have \(DataKey.byteCount) bytes.")
    }
    let cipher = ChannelCipher.agent(key, nonce: encryption.nonce)
    self.cipher = cipher
    phase = .challenged
    return .challenge(EncryptionChallenge(cipher.seal(encryption.proof)), cipher)
  }

  /// Takes the client's proof; nil where none is awaited.
  mutating func take(_ answer: EncryptionChallenge, now: Instant) -> Step? {
    guard phase == .challenged, let encryption, let cipher else { return nil }
    guard let proof = cipher.open(answer.bytes), equalInConstantTime(proof, encryption.proof) else {
      return fail("Encryption challenge does not match: the client has another key.")
    }
    return complete("This session is encrypted using AWS KMS.", now: now)
  }

  private mutating func complete(_ message: String, now: Instant) -> Step {
    phase = .over
    return .complete(
      HandshakeComplete(nanoseconds: now.microseconds(since: began) * 1000, customerMessage: message))
  }

  private mutating func fail(_ cause: String) -> Step {
    phase = .over
    return .failed(Self.failure(cause))
  }

  /// What the client is told when an answer is overdue.
  var timeout: String {
    Self.failure(
      phase == .challenged
        ? "Timed out waiting for encryption challenge."
        : "Handshake timed out. Please ensure that you have the latest version of the session manager plugin."
    )
  }

  /// A failure in the form in which AWS's agent reports it (§7.4).
  private static func failure(_ cause: String) -> String {
    "----------ERROR-------\nEncountered error while initiating handshake. \(cause)"
  }
}
