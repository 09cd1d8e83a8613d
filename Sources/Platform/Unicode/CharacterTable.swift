/// What a terminal must know of a code point: its columns, and how it joins others to a grapheme cluster.
///
/// Two stages (Unicode §5.1): which block of 256 a code point is in, and one letter for each in that block: width in
/// two bits, and an index of the other facts among those of that width. The letters are six-bit numbers from `0` on.
enum CharacterTable {
  /// A code point's letter, six bits.
  @inline(__always)
  static func letter(_ scalar: UInt32) -> Int {
    guard scalar < 0x11_0000 else { return 1 }
    let place = Int(scalar >> 8) &* 2
    let stage = stage.utf8Start
    let block = Int(stage[place] &- 0x30) &<< 6 | Int(stage[place &+ 1] &- 0x30)
    return Int(blocks.utf8Start[block &<< 8 | Int(scalar & 0xFF)] &- 0x30)
  }

  /// Grapheme break in four bits, 16: pictographic, 32: a variation selector chooses between text and emoji.
  @inline(__always)
  static func facts(_ scalar: UInt32) -> UInt8 {
    let letter = letter(scalar)
    return kinds.utf8Start[(letter >> 2) &<< 2 | letter & 3] &- 0x30
  }
}

extension UInt32 {
  /// Columns of a terminal that this code point takes by itself: 2 for wide and full-width ones (UAX #11) and emoji
  /// that are drawn as pictures, 0 for marks, format characters and the later letters of Hangul syllables.
  /// Control characters count as 1; no terminal prints them. Ambiguous ones are narrow.
  @inline(__always)
  public var columnWidth: Int { CharacterTable.letter(self) & 3 }

  /// Whether U+FE0E and U+FE0F choose how this code point is drawn (emoji-variation-sequences.txt).
  public var hasEmojiVariation: Bool { CharacterTable.facts(self) & 32 != 0 }
}
