/// What a peer did against the protocol (RFC 6455), or beyond the limits of this end.
enum WebSocketError: Error, Equatable, Sendable {
  /// Reserved bits are set though no extension was agreed on; `bits` is their value, 1 to 7.
  case reservedBits(UInt8)
  case reservedOpcode(UInt8)
  case fragmentedControlFrame(WebSocket.Opcode)
  case longControlFrame(byteCount: Int)
  /// A length that would fit into fewer bytes, or that has its highest bit set.
  case badLength(UInt64)
  /// A client's frame in the clear.
  case unmasked
  /// A server's frame that is masked.
  case masked
  case messageTooLarge(byteCount: Int, limit: Int)
  /// A continuation without a message to go on with.
  case unexpectedContinuation
  /// A new message in the middle of another.
  case interruptedMessage(by: WebSocket.Opcode)
  /// Text that is no UTF-8; the offset counts bytes from the start of the message.
  case invalidText(offset: Int)
  /// A close frame with a single byte, too few for a code.
  case cutCloseCode
  case invalidCloseCode(UInt16)
  case invalidCloseReason

  /// The code that tells the peer why the connection ends (§7.4.1).
  var closeCode: UInt16 {
    switch self {
    case .invalidText, .invalidCloseReason: 1007
    case .messageTooLarge: 1009
    default: 1002
    }
  }
}

extension WebSocketError: CustomStringConvertible {
  var description: String { "the peer broke the WebSocket protocol: \(detail)" }

  private var detail: String {
    switch self {
    case .reservedBits(let bits): "reserved bits \(bits) are set without an extension"
    case .reservedOpcode(let opcode): "a frame of the unknown kind \(opcode)"
    case .fragmentedControlFrame(let opcode): "a \(opcode) frame in fragments"
    case .longControlFrame(let count):
      "a control frame of \(count) bytes; \(WebSocket.maximumControlByteCount) is the most"
    case .badLength(let length): "a frame length written in a form that is not allowed (\(length))"
    case .unmasked: "a client's frame that is not masked"
    case .masked: "a server's frame that is masked"
    case .messageTooLarge(let count, let limit):
      "a message of \(count) bytes or more; \(limit) is the most taken here"
    case .unexpectedContinuation: "a continuation frame without a message"
    case .interruptedMessage(let opcode): "a \(opcode) frame in the middle of another message"
    case .invalidText(let offset): "a text message that is no UTF-8 at byte \(offset)"
    case .cutCloseCode: "a close frame with half a code"
    case .invalidCloseCode(let code): "the close code \(code), which must not be sent"
    case .invalidCloseReason: "a close reason that is no UTF-8"
    }
  }
}
