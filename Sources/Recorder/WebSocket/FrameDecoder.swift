/// Takes frames apart, however the bytes arrive (RFC 6455 §5.2).
///
/// A header's rules are checked at the byte that breaks them. Payload is never stored here: each part names
/// the bytes of the caller's array that belong to it, so a payload is copied once, to where it stays.
struct FrameDecoder: Sendable {
  /// A stretch of one frame's payload.
  struct Part: Equatable, Sendable {
    let header: WebSocket.FrameHeader
    /// Where the bytes stand, still masked; empty for a header whose payload has not arrived yet.
    let payload: Range<Int>
    /// How many bytes of the same payload came before.
    let offset: Int
    /// Each frame has exactly one first and one last part; they may be the same.
    let isFirst: Bool
    let isLast: Bool
  }

  /// Which byte of the frame is expected next.
  private enum Stage: Sendable {
    case opening
    case shortLength
    case longLength(missing: Int)
    case maskingKey(missing: Int)
    case payload(offset: Int)
  }

  private let expectsMask: Bool
  private let limits: WebSocket.Limits
  private var stage = Stage.opening
  private var header = WebSocket.FrameHeader(isFinal: true, opcode: .binary, payloadByteCount: 0)
  private var length: UInt64 = 0
  private var lengthByteCount = 0
  private var maskingKey: UInt32 = 0
  private var isAnnounced = false

  /// - Parameter role: the role of the end that decodes, not of its peer.
  init(role: WebSocket.Role, limits: WebSocket.Limits) {
    expectsMask = role == .server
    self.limits = limits
  }

  /// The next part in `bytes` from `position` on, which moves behind it; nil when more bytes are needed.
  mutating func next(in bytes: [UInt8], at position: inout Int) throws(WebSocketError) -> Part? {
    while true {
      if case .payload(let offset) = stage { return part(in: bytes, at: &position, offset: offset) }
      guard position < bytes.count else { return nil }
      try take(bytes[position])
      position += 1
    }
  }

  private mutating func part(in bytes: [UInt8], at position: inout Int, offset: Int) -> Part? {
    let count = min(header.payloadByteCount - offset, bytes.count - position)
    if count == 0 && isAnnounced { return nil }
    let isLast = offset + count == header.payloadByteCount
    let part = Part(
      header: header, payload: position..<position + count, offset: offset, isFirst: !isAnnounced,
      isLast: isLast)
    position += count
    isAnnounced = !isLast
    stage = isLast ? .opening : .payload(offset: offset + count)
    return part
  }

  private mutating func take(_ byte: UInt8) throws(WebSocketError) {
    switch stage {
    case .opening: try takeOpening(byte)
    case .shortLength: try takeShortLength(byte)
    case .longLength(let missing):
      length = length << 8 | UInt64(byte)
      if missing == 1 { try finishLength() } else { stage = .longLength(missing: missing - 1) }
    case .maskingKey(let missing):
      maskingKey = maskingKey << 8 | UInt32(byte)
      if missing == 1 {
        header.maskingKey = maskingKey
        stage = .payload(offset: 0)
      } else {
        stage = .maskingKey(missing: missing - 1)
      }
    case .payload: break
    }
  }

  private mutating func takeOpening(_ byte: UInt8) throws(WebSocketError) {
    let reserved = byte >> 4 & 0b111
    if reserved != 0 { throw .reservedBits(reserved) }
    guard let opcode = WebSocket.Opcode(rawValue: byte & 0xF) else { throw .reservedOpcode(byte & 0xF) }
    let isFinal = byte & 0x80 != 0
    if opcode.isControl && !isFinal { throw .fragmentedControlFrame(opcode) }
    header = WebSocket.FrameHeader(isFinal: isFinal, opcode: opcode, payloadByteCount: 0)
    stage = .shortLength
  }

  private mutating func takeShortLength(_ byte: UInt8) throws(WebSocketError) {
    let isMasked = byte & 0x80 != 0
    if isMasked != expectsMask { throw isMasked ? .masked : .unmasked }
    let short = byte & 0x7F
    lengthByteCount = short == 127 ? 8 : short == 126 ? 2 : 0
    length = lengthByteCount == 0 ? UInt64(short) : 0
    if lengthByteCount == 0 { return try finishLength() }
    // The length itself is not known yet, but it is more than a control frame may have.
    if header.opcode.isControl { throw .longControlFrame(byteCount: Int(short)) }
    stage = .longLength(missing: lengthByteCount)
  }

  private mutating func finishLength() throws(WebSocketError) {
    let smallest: UInt64 = lengthByteCount == 8 ? 0x1_0000 : lengthByteCount == 2 ? 126 : 0
    guard length >= smallest, let count = Int(exactly: length) else { throw .badLength(length) }
    if count > limits.messageByteCount && !header.opcode.isControl {
      throw .messageTooLarge(byteCount: count, limit: limits.messageByteCount)
    }
    header.payloadByteCount = count
    maskingKey = 0
    stage = expectsMask ? .maskingKey(missing: 4) : .payload(offset: 0)
  }
}
