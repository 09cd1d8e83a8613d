import Platform
import Testing

@Suite("Columns of a code point")
struct ColumnWidthTests {
  @Test(
    "known code points",
    arguments: [
      (0x41, 1), (0xE9, 1), (0xAD, 1), (0x300, 0), (0x36F, 0), (0x370, 1), (0x488, 0), (0x591, 0), (0x5D0, 1),
      (0x600, 1), (0x64B, 0), (0x903, 1), (0x0E31, 0), (0x0E33, 1), (0x1100, 2), (0x115F, 2), (0x1160, 0),
      (0x11FF, 0), (0x200B, 0), (0x200D, 0), (0x2014, 1), (0x2028, 0), (0x20D0, 0), (0x20E3, 0), (0x2122, 1),
      (0x231A, 2), (0x2500, 1), (0x2591, 1), (0x2614, 2), (0x263A, 1), (0x2764, 1), (0x2E80, 2), (0x3000, 2),
      (0x303F, 1), (0x3042, 2), (0x3099, 0), (0x4DC0, 1), (0x4E00, 2), (0x9FFF, 2), (0xA490, 2), (0xAC00, 2),
      (0xD7A3, 2), (0xD7B0, 0), (0xE000, 1), (0xF900, 2), (0xFE00, 0), (0xFE0F, 0), (0xFE20, 0), (0xFE30, 2),
      (0xFEFF, 0), (0xFF01, 2), (0xFF61, 1), (0xFFE0, 2), (0xFFE8, 1), (0xFFFD, 1), (0x1D400, 1),
      (0x1F004, 2),
      (0x1F1E6, 1), (0x1F300, 2), (0x1F3FB, 2), (0x1F468, 2), (0x1F600, 2), (0x1F6D0, 2), (0x1F980, 2),
      (0x1FAE0, 2), (0x20000, 2), (0x2FFFD, 2), (0x2FFFE, 1), (0x3FFFD, 2), (0xE0001, 0), (0xE0100, 0),
      (0xF0000, 1), (0x10FFFF, 1), (0x110000, 1), (0xFFFF_FFFF, 1),
    ] as [(UInt32, Int)])
  func known(scalar: UInt32, width: Int) {
    #expect(scalar.columnWidth == width)
  }

  @Test(
    "every code point agrees with the files of the Unicode database",
    .enabled(if: UnicodeDatabase.isInstalled))
  func database() throws {
    var expected = [Int](repeating: 1, count: 0x110000)
    try UnicodeDatabase.forEach("EastAsianWidth.txt") {
      if ["W", "F"].contains($1) { expected[Int($0)] = 2 }
    }
    try UnicodeDatabase.forEach("extracted/DerivedGeneralCategory.txt") {
      if ["Mn", "Me", "Cf", "Zl", "Zp"].contains($1) { expected[Int($0)] = 0 }
    }
    let visibleSigns: [ClosedRange<UInt32>] = [
      0x600...0x605, 0x6DD...0x6DD, 0x70F...0x70F, 0x890...0x891, 0x8E2...0x8E2, 0x110BD...0x110BD,
      0x110CD...0x110CD,
    ]
    for scalar in visibleSigns.joined() { expected[Int(scalar)] = 1 }
    try UnicodeDatabase.forEach("auxiliary/GraphemeBreakProperty.txt") {
      if ["V", "T"].contains($1) { expected[Int($0)] = 0 }
    }
    expected[0xAD] = 1
    let wrong = (0..<0x110000).filter { UInt32($0).columnWidth != expected[$0] }
    #expect(wrong.isEmpty, "\(wrong.prefix(20))")
  }

  @Test(
    "columns of a text are those of its code points",
    arguments: [
      ("", 0), ("abc", 3), ("e\u{301}", 1), ("日本", 4), ("a\u{7}b", 2), ("👍", 2), ("\u{FF21}", 2),
    ])
  func text(text: String, columns: Int) {
    #expect(text.columnCount == columns)
  }
}
