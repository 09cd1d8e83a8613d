/// Bytes as text of a page: two characters for 13 bits, where Base64 takes two for 12.
///
/// The digits are the characters from `=` to `|`, then those from `!` to `;`: all but `<`, which alone means something in
/// the data of a script element. Bits go low ones first, as in deflate. Up to 6 bits at the end take one
/// character, more two, so that the length of the text tells that of the bytes: 13 sixteenths of it.
struct Base91 {
  /// Bits that are no whole pair yet.
  private var bits: UInt32 = 0
  private var count: UInt32 = 0

  /// Takes bytes, and gives the characters that are certain.
  mutating func append(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 16 / 13 + 2)
    for byte in bytes {
      bits |= UInt32(byte) << count
      count += 8
      if count >= 13 { takePair(into: &text) }
    }
    return text
  }

  /// The last characters.
  mutating func finish() -> [UInt8] {
    var text: [UInt8] = []
    if count > 0 {
      let isShort = count <= 6
      takePair(into: &text)
      if isShort { text.removeLast() }
    }
    self = Base91()
    return text
  }

  private mutating func takePair(into text: inout [UInt8]) {
    let value = bits & 0x1FFF
    bits >>= 13
    count = count > 13 ? count - 13 : 0
    for digit in [value % 91, value / 91] {
      text.append(UInt8(digit < 64 ? digit + 61 : digit - 31))
    }
  }
}
