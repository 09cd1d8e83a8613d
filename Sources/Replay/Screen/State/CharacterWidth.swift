import Platform

/// Columns of a code point.
enum CharacterWidth {
  @inline(__always)
  static func of(_ scalar: UInt32) -> Int { scalar < 0x300 && scalar != 0xAD ? 1 : scalar.columnWidth }
}
