import Platform

/// Writes frames (RFC 6455 §5.2), masked with fresh keys where the role asks for it (§5.3).
struct FrameEncoder: Sendable {
  private let masks: Bool
  private var random: any RandomNumberGenerator & Sendable
  /// Half of the last random number, the next key.
  private var spareKey: UInt32?

  /// - Parameter random: where masking keys come from; they must not be foreseeable by who chooses the payload.
  init(role: WebSocket.Role, random: any RandomNumberGenerator & Sendable) {
    masks = role == .client
    self.random = random
  }

  /// Appends one frame to `bytes`.
  mutating func append(
    _ opcode: WebSocket.Opcode, isFinal: Bool = true, payload: [UInt8], to bytes: inout [UInt8]
  ) {
    bytes.append((isFinal ? 0x80 : 0) | opcode.rawValue)
    let maskBit: UInt8 = masks ? 0x80 : 0
    if payload.count < 126 {
      bytes.append(maskBit | UInt8(payload.count))
    } else if payload.count < 0x1_0000 {
      bytes.append(maskBit | 126)
      bytes.append(UInt8(payload.count >> 8))
      bytes.append(UInt8(payload.count & 0xFF))
    } else {
      bytes.append(maskBit | 127)
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
      }
    }
    guard masks else {
      bytes += payload
      return
    }
    let key = nextKey()
    for shift in stride(from: UInt32(24), through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: key >> shift))
    }
    let start = bytes.count
    bytes += payload
    bytes.mask(with: key, from: start)
  }

  private mutating func nextKey() -> UInt32 {
    if let key = spareKey {
      spareKey = nil
      return key
    }
    let number = random.next()
    spareKey = UInt32(truncatingIfNeeded: number >> 32)
    return UInt32(truncatingIfNeeded: number)
  }
}
