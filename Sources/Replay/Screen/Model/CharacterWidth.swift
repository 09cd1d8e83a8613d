/// Columns of a code point by ranges: combining marks of the Latin block, CJK, Hangul and the common emoji.
///
/// Coarse: combining marks of other scripts and some newer emoji are missing (a known limit).
enum CharacterWidth {
  @inline(__always)
  static func of(_ scalar: UInt32) -> Int {
    if scalar < 0x300 { return scalar == 0xAD ? 0 : 1 }
    if scalar <= 0x36F || (0x200B...0x200F).contains(scalar) || (0xFE00...0xFE0F).contains(scalar) {
      return 0
    }
    if scalar < 0x1100 { return 1 }
    if scalar <= 0x115F || (0x2E80...0xA4CF).contains(scalar) || (0xAC00...0xD7A3).contains(scalar)
      || (0xF900...0xFAFF).contains(scalar) || (0xFE30...0xFE6F).contains(scalar)
      || (0xFF00...0xFF60).contains(scalar) || (0xFFE0...0xFFE6).contains(scalar)
      || (0x1F300...0x1F64F).contains(scalar) || (0x1F900...0x1F9FF).contains(scalar)
      || (0x20000...0x3FFFD).contains(scalar)
    {
      return 2
    }
    return 1
  }
}
