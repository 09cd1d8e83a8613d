/// A UUID (RFC 9562): the name of a message, a client or a request.
struct MessageID: Equatable, Hashable, Sendable {
  /// Bytes 0 to 7, big-endian.
  let high: UInt64
  /// Bytes 8 to 15.
  let low: UInt64

  /// Characters of the text form.
  static let textByteCount = 36

  private static let digits = Array("0123456789abcdef".utf8)

  /// Appends the text form: lower-case `8-4-4-4-12`.
  func appendText(to bytes: inout [UInt8]) {
    for nibble in 0..<32 {
      if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 { bytes.append(UInt8(ascii: "-")) }
      let half = nibble < 16 ? high : low
      bytes.append(Self.digits[Int(truncatingIfNeeded: half >> UInt64(60 - 4 * (nibble & 15)) & 15)])
    }
  }

  /// Reads the text form, digits in either case; nil for anything else.
  init?(text: String) {
    var halves: (UInt64, UInt64) = (0, 0)
    var count = 0
    for (index, byte) in text.utf8.enumerated() {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        if byte != UInt8(ascii: "-") { return nil }
        continue
      }
      guard byte < 0x80, let digit = Character(UnicodeScalar(byte)).hexDigitValue, count < 32 else {
        return nil
      }
      if count < 16 {
        halves.0 = halves.0 << 4 | UInt64(digit)
      } else {
        halves.1 = halves.1 << 4 | UInt64(digit)
      }
      count += 1
    }
    guard count == 32 else { return nil }
    self.init(high: halves.0, low: halves.1)
  }

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}

extension MessageID: CustomStringConvertible {
  var description: String {
    var bytes: [UInt8] = []
    appendText(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Makes ids in the form of random UUIDs (version 4).
///
/// Ids must differ, not be unguessable: two real random numbers seed a SplitMix64 sequence, which costs 2 ns
/// a number where the system's source costs 260 ns.
struct MessageIDSource: Sendable {
  private var state: (UInt64, UInt64)

  init(random: inout some RandomNumberGenerator) {
    state = (random.next(), random.next())
  }

  mutating func next() -> MessageID {
    state.0 &+= 0x9E37_79B9_7F4A_7C15
    let high = Self.scramble(state.0 ^ state.1)
    state.0 &+= 0x9E37_79B9_7F4A_7C15
    let low = Self.scramble(state.0)
    return MessageID(
      high: high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000, low: low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  private static func scramble(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
