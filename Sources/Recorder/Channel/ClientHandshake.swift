import Format
import Platform

/// A key that the agent asks the client to get from KMS (§7.4).
struct KeyRequest: Equatable, Sendable {
  /// Id or ARN of the KMS key.
  var keyID: String
  /// Base64, to be put into the encryption context word for word; newer agents send it.
  var challenge: String?
}

/// What asking KMS for a data key brought.
enum KeyAnswer {
  /// The key in clear, and the same wrapped by KMS for the agent, bound to the agent's challenge or not.
  case key(DataKey, ciphertextBlob: [UInt8], isBoundToChallenge: Bool)
  case failed(reason: String)
}

extension HandshakeResponse {
  /// The client's answer to each action the agent asks for.
  ///
  /// Agreed to are all known session types, and encryption where there is a key. What is refused, the agent
  /// reports as the reason of the session's end.
  /// - Parameter key: what asking for the request's key brought; nil where it has none.
  init(answering request: HandshakeRequest, key: KeyAnswer?, clientVersion: String) {
    var actions: [Action] = []
    var errors: [String] = []
    for asked in request.actions {
      switch Self.verdict(on: asked, key: key) {
      case .agreed(let result): actions.append(Action(type: asked.type, status: .success, result: result))
      case .failed(let reason):
        let error = "Failed to process action \(asked.type): \(reason)"
        actions.append(Action(type: asked.type, status: .failed, error: error))
        errors.append(reason)
      case .unsupported(let reason):
        actions.append(Action(type: asked.type, status: .unsupported, error: reason))
        errors.append(reason)
      }
    }
    self.init(clientVersion: clientVersion, actions: actions, errors: errors)
  }

  private enum Verdict {
    case agreed(result: JSON)
    case failed(reason: String)
    case unsupported(reason: String)
  }

  private static func verdict(on action: HandshakeRequest.Action, key: KeyAnswer?) -> Verdict {
    switch action.type {
    case "SessionType":
      let name = action.parameters["SessionType"]?.string ?? ""
      return switch SessionType(name: name) {
      case .standardStream, .interactiveCommands, .nonInteractiveCommands, .port: .agreed(result: .null)
      case .other: .failed(reason: "Unknown session type \(name)")
      }
    case "KMSEncryption":
      return switch key {
      case .key(_, let blob, let isBound):
        .agreed(result: encryptionResult(blob, isBoundToChallenge: isBound))
      case .failed(let reason): .failed(reason: reason)
      case nil: .failed(reason: "there is no key")
      }
    default: return .unsupported(reason: "Unsupported action \(action.type)")
    }
  }

  private static func encryptionResult(_ blob: [UInt8], isBoundToChallenge: Bool) -> JSON {
    var members: [JSON.Member] = [
      .init("KMSCipherTextKey", .string(Base64.encode(blob))), .init("KMSCipherTextHash", nil),
    ]
    // Tells the agent that the challenge is in the context that the key is bound to.
    if isBoundToChallenge { members.append(.init("ChallengeAcknowledgement", true)) }
    return .object(members)
  }
}

/// The proof that both ends have the same key (§7.2, step 3): bytes that one end encrypted, to be sent back
/// encrypted by the other. The same form in both directions.
struct EncryptionChallenge: Equatable, Sendable {
  /// Nonce, ciphertext and tag.
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// nil where the payload is no JSON or holds no base64.
  init?(parsing payload: [UInt8]) {
    // What exactly is wrong with the JSON helps nobody; that it is, does.
    guard let text = (try? JSON(parsing: payload))?["Challenge"]?.string, let bytes = Base64.decode(text)
    else { return nil }
    self.bytes = bytes
  }

  func encoded() -> [UInt8] {
    let json: JSON = ["Challenge": .string(Base64.encode(bytes))]
    return json.encoded()
  }
}
