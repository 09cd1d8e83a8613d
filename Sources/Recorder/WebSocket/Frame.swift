extension WebSocket {
  /// Which end of the connection: the client masks what it sends, the server must not (RFC 6455 §5.1).
  enum Role: Sendable { case client, server }

  /// What this end takes from its peer.
  struct Limits: Equatable, Sendable {
    /// Largest message, all its fragments together, in bytes.
    var messageByteCount = 1 << 20
  }

  /// What a frame is for (RFC 6455 §5.2); the other ten values are reserved.
  enum Opcode: UInt8, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Control frames may stand between the fragments of a message (§5.5).
    var isControl: Bool { rawValue >= 0x8 }
  }

  /// Everything before a frame's payload.
  ///
  /// ```
  ///  byte 0            byte 1            0, 2 or 8 bytes     0 or 4 bytes
  ///  F R R R opcode4   M length7         length              masking key
  /// ```
  struct FrameHeader: Equatable, Sendable {
    /// The last fragment of its message.
    var isFinal: Bool
    var opcode: Opcode
    /// The masking key, its first byte most significant; nil for a frame in the clear.
    var maskingKey: UInt32?
    /// Bytes of payload that follow.
    var payloadByteCount: Int
  }

  /// Longest payload of a control frame, in bytes (§5.5).
  static let maximumControlByteCount = 125
}
