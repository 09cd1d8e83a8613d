/// An operating system command (OSC) in its parts: number, `;`, text.
struct OperatingSystemCommand: Equatable, Sendable {
  /// nil: no number stands at the front, as in `OSC ;…`.
  let number: Int?
  let text: ArraySlice<UInt8>

  init(parsing payload: [UInt8]) {
    let end = payload.firstIndex(of: UInt8(ascii: ";")) ?? payload.count
    number = Self.number(payload[..<end])
    text = end < payload.count ? payload[(end + 1)...] : []
  }

  /// The parts of the text between semicolons; at most `limit`, the last with what is left.
  func fields(limit: Int = 256) -> [ArraySlice<UInt8>] {
    text.split(separator: UInt8(ascii: ";"), maxSplits: limit - 1, omittingEmptySubsequences: false)
  }

  /// A decimal number of one to nine digits.
  static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return digits.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
  }

  /// A color as X names it by number: `#RGB`, `#RRGGBB`, `#RRRGGGBBB`, `#RRRRGGGGBBBB` or `rgb:R/G/B` with one to
  /// four digits each. As 0xRRGGBB.
  static func color(_ text: ArraySlice<UInt8>) -> UInt32? {
    let parts: [ArraySlice<UInt8>]
    if text.first == UInt8(ascii: "#") {
      let digits = text.dropFirst()
      guard [3, 6, 9, 12].contains(digits.count) else { return nil }
      let width = digits.count / 3
      parts = (0..<3).map { digits.dropFirst($0 * width).prefix(width) }
    } else if text.starts(with: "rgb:".utf8) {
      parts = text.dropFirst(4).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    } else {
      return nil
    }
    guard parts.count == 3 else { return nil }
    var color: UInt32 = 0
    for part in parts {
      guard let value = component(part, isScaled: text.first != UInt8(ascii: "#")) else { return nil }
      color = color << 8 | value
    }
    return color
  }

  /// One to four hexadecimal digits as a byte: scaled to the full range (`rgb:`), or the leading bits (`#`).
  private static func component(_ digits: ArraySlice<UInt8>, isScaled: Bool) -> UInt32? {
    guard (1...4).contains(digits.count) else { return nil }
    var value: UInt32 = 0
    for digit in digits {
      switch digit {
      case 0x30...0x39: value = value << 4 | UInt32(digit & 0x0F)
      case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32(digit & 0x0F) + 9
      default: return nil
      }
    }
    let bits = UInt32(digits.count) * 4
    if isScaled { return value * 255 / ((1 << bits) - 1) }
    return bits >= 8 ? value >> (bits - 8) : value << (8 - bits)
  }
}
