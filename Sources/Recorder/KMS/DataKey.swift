import Format
import Platform

/// The key of one encrypted session in clear: 64 bytes from KMS, half of them for each direction
/// (protocol.md §7.4). They are overwritten when the last reference goes away.
final class DataKey: Equatable {
  static let byteCount = 64

  private var bytes: [UInt8]

  /// nil unless there are 64 bytes, which are taken over and cleared in the caller's hands.
  init?(taking bytes: inout [UInt8]) {
    guard bytes.count == Self.byteCount else {
      bytes.clear()
      return nil
    }
    self.bytes = []
    swap(&self.bytes, &bytes)
  }

  deinit { bytes.clear() }

  /// For what the agent sends: bytes 0 to 31.
  func agentCipher() -> AESGCM { AESGCM(key: bytes[..<AESGCM.keyByteCount]) }

  /// For what the client sends: bytes 32 to 63.
  func clientCipher() -> AESGCM { AESGCM(key: bytes[AESGCM.keyByteCount...]) }

  static func == (left: DataKey, right: DataKey) -> Bool { equalInConstantTime(left.bytes, right.bytes) }
}

/// What a data key is bound to: KMS gives it out in clear only to whoever names the same (protocol.md §7.4).
struct EncryptionContext: Equatable, Sendable {
  var sessionID: String
  /// The target as StartSession was given it; the agent uses its own id.
  var targetID: String
  /// The agent's challenge word for word, where it sent one and the client acknowledges it.
  var randomChallenge: String?

  /// As KMS takes it.
  var json: JSON {
    var members = [
      JSON.Member("aws:ssm:SessionId", .string(sessionID)),
      JSON.Member("aws:ssm:TargetId", .string(targetID)),
    ]
    if let randomChallenge {
      members.append(JSON.Member("aws:ssm:RandomChallenge", .string(randomChallenge)))
    }
    return .object(members)
  }
}
