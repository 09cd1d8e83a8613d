/// Decimal numbers as people type them.
enum Decimal {
  /// Digits with at most one point and a sign before them. No exponent, no "inf", nothing hexadecimal, which
  /// `Double("…")` would take.
  static func isNumber(_ text: String) -> Bool {
    var digits = 0
    var points = 0
    for (index, byte) in text.utf8.enumerated() {
      switch byte {
      case 0x30...0x39: digits += 1
      case UInt8(ascii: "."): points += 1
      case UInt8(ascii: "-"), UInt8(ascii: "+"): if index > 0 { return false }
      default: return false
      }
    }
    return digits > 0 && points <= 1
  }

  /// Digits alone that fit in `Int`.
  static func isCount(_ text: String) -> Bool {
    text.utf8.allSatisfy { 0x30...0x39 ~= $0 } && Int(text) != nil
  }
}
