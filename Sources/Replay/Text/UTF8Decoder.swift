/// Turns UTF-8 bytes into scalars, in any portions; what is not valid becomes U+FFFD (Unicode 3.9, table 3-7).
struct UTF8Decoder {
  private var value: UInt32 = 0
  private var wanted = 0
  /// What the next continuation byte may be: narrower than 80…BF behind E0, ED, F0 and F4.
  private var allowed: ClosedRange<UInt8> = 0x80...0xBF

  /// Whether a character is begun and not whole.
  var isWaiting: Bool { wanted > 0 }

  static let replacement: UInt32 = 0xFFFD

  /// What a byte completed. A byte that breaks a character off may complete two: the broken one and its own.
  struct Scalars: Equatable {
    var first: UInt32?
    var second: UInt32?
  }

  mutating func decode(_ byte: UInt8) -> Scalars {
    guard wanted > 0 else { return Scalars(first: begin(byte)) }
    guard allowed.contains(byte) else {
      wanted = 0
      return Scalars(first: Self.replacement, second: begin(byte))
    }
    value = value << 6 | UInt32(byte & 0x3F)
    allowed = 0x80...0xBF
    wanted -= 1
    return Scalars(first: wanted == 0 ? value : nil)
  }

  /// Ends a character that something else interrupts; U+FFFD where one was begun.
  mutating func interrupt() -> UInt32? {
    guard wanted > 0 else { return nil }
    wanted = 0
    return Self.replacement
  }

  private mutating func begin(_ byte: UInt8) -> UInt32? {
    allowed = 0x80...0xBF
    switch byte {
    case 0x00..<0x80: return UInt32(byte)
    case 0xC2..<0xE0: (wanted, value) = (1, UInt32(byte & 0x1F))
    case 0xE0..<0xF0:
      (wanted, value) = (2, UInt32(byte & 0x0F))
      if byte == 0xE0 { allowed = 0xA0...0xBF }
      if byte == 0xED { allowed = 0x80...0x9F }
    case 0xF0..<0xF5:
      (wanted, value) = (3, UInt32(byte & 0x07))
      if byte == 0xF0 { allowed = 0x90...0xBF }
      if byte == 0xF4 { allowed = 0x80...0x8F }
    default: return Self.replacement
    }
    return nil
  }
}
