import Format

/// One end's encryption of a data channel: AES-256-GCM, nonce ‖ ciphertext ‖ tag (protocol.md §7.4).
///
/// A class, so that no copy of a channel ever uses a nonce that another has used.
final class ChannelCipher {
  private let sealing: AESGCM
  private let opening: AESGCM
  private var nonce: NonceCounter

  /// The client's end, which encrypts with the second half of the key.
  /// - Parameter nonce: where the count of nonces starts: 12 random bytes.
  static func client(_ key: DataKey, nonce: [UInt8]) -> ChannelCipher {
    ChannelCipher(sealing: key.clientCipher(), opening: key.agentCipher(), nonce: nonce)
  }

  /// The agent's end, which encrypts with the first half of the key.
  static func agent(_ key: DataKey, nonce: [UInt8]) -> ChannelCipher {
    ChannelCipher(sealing: key.agentCipher(), opening: key.clientCipher(), nonce: nonce)
  }

  private init(sealing: AESGCM, opening: AESGCM, nonce: [UInt8]) {
    self.sealing = sealing
    self.opening = opening
    self.nonce = NonceCounter(start: nonce)
  }

  /// Encrypts one payload.
  func seal(_ plaintext: [UInt8]) -> [UInt8] { sealing.seal(plaintext, nonce: nonce.next()) }

  /// The plaintext of one payload of the other end; nil where it was not encrypted with its key.
  func open(_ payload: [UInt8]) -> [UInt8]? { opening.open(payload) }
}

/// Nonces that never repeat: a little-endian number of 96 bits that counts up from a random start, as AWS's
/// agent makes them. (AWS's client draws each at random, which repeats sooner.)
struct NonceCounter: Equatable, Sendable {
  private var value: [UInt8]

  /// - Parameter start: 12 bytes.
  init(start: [UInt8]) {
    precondition(start.count == AESGCM.nonceByteCount, "a nonce has 12 bytes")
    value = start
  }

  mutating func next() -> [UInt8] {
    defer {
      for index in value.indices {
        value[index] &+= 1
        if value[index] != 0 { break }
      }
    }
    return value
  }
}

extension PayloadType {
  /// Whether payloads of this type are encrypted in an encrypted session; all others stay readable.
  var isEncrypted: Bool { self == .output || self == .standardError || self == .exitCode }
}
