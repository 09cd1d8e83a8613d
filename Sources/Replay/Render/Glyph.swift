/// One position of a picture: what stands there and how it looks, free of the tables of a screen.
struct Glyph: Hashable, Sendable {
  /// The first scalar value; 0: nothing.
  var scalar: UInt32 = 0
  /// Scalars that follow in the same position: marks, the rest of an emoji.
  var marks: [UInt32] = []
  var kind = Cell.Kind.narrow
  var style = CellStyle.plain

  static let blank = Glyph()

  var isBlank: Bool { scalar == 0 || scalar == 0x20 }

  /// The text as UTF-8; a space where nothing stands, nothing for the right half of a wide character.
  func append(to bytes: inout [UInt8]) {
    guard kind != .tail else { return }
    if scalar == 0 {
      bytes.append(0x20)
      return
    }
    Screen.appendUTF8(scalar, to: &bytes)
    for mark in marks { Screen.appendUTF8(mark, to: &bytes) }
  }

  /// The glyph as terminals of every make draw it in its columns: without what joins characters or changes their width,
  /// on which terminals differ, and without a mark that has no letter. A character of another width than its place
  /// gives way to a blank or is followed by one.
  var drawable: Glyph {
    var glyph = self
    if scalar != 0 {
      let width = CharacterWidth.of(scalar)
      if width == 0 || width == 2 && kind != .wide { glyph.scalar = 0x20 }
    }
    if !marks.isEmpty {
      glyph.marks = marks.filter {
        CharacterWidth.of($0) == 0 && !(0x200B...0x200D).contains($0) && !(0xFE00...0xFE0F).contains($0)
      }
    }
    return glyph
  }

  /// Scalars that change the order of a line or hide in it (UAX #9) have no place in a picture.
  static func isSafe(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFF9...0xFFFB,
      0xD800...0xDFFF, 0xE0001:
      false
    default: scalar <= 0x10FFFF
    }
  }
}
