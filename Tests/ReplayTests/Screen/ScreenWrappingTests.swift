import Testing

@testable import Replay

/// Pending wrap, counts, line feeds and margins (vt.md §3.1, 3.2, 3.8-3.11).
@Suite struct ScreenWrappingTests {
  @Test func aPendingWrapEndsWhereTheStandardSays() {
    let full = "1234567890"
    ScreenRow.check([
      ScreenRow("last column", full, [full], at: (0, 9, true)),
      ScreenRow("next wraps", full + "a", [full, "a"], at: (1, 1, false)),
      ScreenRow("CR", full + "\ra", ["a234567890"]),
      ScreenRow("BS goes to the last but one", full + "\u{8}a", ["12345678a0"]),
      ScreenRow("CUB goes to the last but one", full + "\u{1B}[Da", ["12345678a0"]),
      ScreenRow("EL 0 clears the last cell", full + "\u{1B}[Ka", ["123456789a"], at: (0, 9, true)),
      ScreenRow("ED 0", full + "\u{1B}[Ja", ["123456789a"]),
      ScreenRow("EL 1", full + "\u{1B}[1Ka", ["         a"]),
      ScreenRow("ECH", full + "\u{1B}[Xa", ["123456789a"]),
      ScreenRow("DCH", full + "\u{1B}[Pa", ["123456789a"]),
      ScreenRow("ICH", full + "\u{1B}[@a", ["123456789a"]),
      ScreenRow("IL", full + "\u{1B}[La", ["a", full]),
      ScreenRow("LF keeps the column", full + "\na", [full, "         a"]),
      ScreenRow("SGR keeps it", full + "\u{1B}[1ma", [full, "a"]),
      ScreenRow("SM keeps it", full + "\u{1B}[?25la", [full, "a"]),
      ScreenRow("?7 off ends it", full + "\u{1B}[?7la", ["123456789a"]),
      ScreenRow("DECSC keeps it", full + "\u{1B}7\u{1B}[H\u{1B}8a", [full, "a"]),
      ScreenRow("a tab keeps it", full + "\ta", [full, "a"]),
      ScreenRow("CUP ends it", full + "\u{1B}[1;10Ha", ["123456789a"]),
      ScreenRow("a mark after ?7 off", full + "\u{1B}[?7l\u{301}a", ["123456789a"]),
      ScreenRow("a mark belongs to the last column", full + "\u{1B}[?7l\u{301}", ["1234567890\u{301}"]),
      ScreenRow(
        "and after DECRC too", "\u{1B}[?7l" + full + "\u{1B}7\u{1B}[H\u{1B}8\u{301}", ["1234567890\u{301}"]),
      ScreenRow(
        "a mark after CUP to the last column", full + "\u{1B}[1;10H\u{301}", ["123456789\u{301}0"]),
      ScreenRow("without autowrap", "\u{1B}[?7l12345678901234", ["1234567894"], at: (0, 9, false)),
    ])
  }

  @Test func missingAndZeroBothMeanOne() {
    ScreenRow.check([
      ScreenRow("CUD 0", "a\u{1B}[0Bb", ["a", " b"]),
      ScreenRow("CUF 0", "a\u{1B}[0Cb", ["a b"]),
      ScreenRow("IL 0", "a\r\u{1B}[0L", ["", "a"]),
      ScreenRow("DL 0", "a\nb\u{1B}[H\u{1B}[0M", [" b"]),
      ScreenRow("DCH 0", "ab\r\u{1B}[0P", ["b"]),
      ScreenRow("SU 0", "a\nb\u{1B}[0S", [" b"]),
      ScreenRow("CUP 0", "\u{1B}[0;0Ha", ["a"]),
      ScreenRow("REP 0 repeats once", "a\u{1B}[0b", ["aa"]),
      ScreenRow("REP with nothing printed", "\u{1B}[5b", [], at: (0, 0, false)),
      ScreenRow("superfluous parameters", "\u{1B}[2;3;4;5Ha", ["", "  a"]),
      ScreenRow("a huge count", "a\u{1B}[99999999999999999999Bb", ["a", "", "", " b"]),
    ])
  }

  @Test func linesScrollAtTheBottomMarginOnly() {
    let four = "1\r\n2\r\n3\r\n4"
    ScreenRow.check([
      ScreenRow("whole screen", four + "\r\n5", ["2", "3", "4", "5"]),
      ScreenRow("region", four + "\u{1B}[2;3r\u{1B}[3H\nx", ["1", "3", "x", "4"]),
      ScreenRow("below the region", four + "\u{1B}[1;2r\u{1B}[4H\n\nx", ["1", "2", "3", "x"]),
      ScreenRow("RI at the top margin", four + "\u{1B}[2;3r\u{1B}[2H\u{1B}Mx", ["1", "x", "2", "4"]),
      ScreenRow("RI above the region", four + "\u{1B}[2;3r\u{1B}[1H\u{1B}Mx", ["x", "2", "3", "4"]),
      ScreenRow("top >= bottom is ignored", four + "\u{1B}[3;2rx", ["1", "2", "3", "4x"]),
      ScreenRow("top = bottom is ignored", four + "\u{1B}[2;2rx", ["1", "2", "3", "4x"]),
      ScreenRow("DECSTBM homes", four + "\u{1B}[2;3rx", ["x", "2", "3", "4"]),
      ScreenRow("origin", "\u{1B}[2;3r\u{1B}[?6h\u{1B}[9;1Hx", ["", "", "x"]),
      ScreenRow("IL goes to the left margin", "ab\r\ncd\u{1B}[Lx", ["ab", "x", "cd"]),
      ScreenRow("DL goes to the left margin", "ab\r\ncd\u{1B}[1;2H\u{1B}[Mx", ["xd"]),
      ScreenRow("IL outside the region", four + "\u{1B}[1;2r\u{1B}[3H\u{1B}[L", ["1", "2", "3", "4"]),
      ScreenRow("SU and SD", four + "\u{1B}[2S\u{1B}[T", ["", "3", "4"]),
      ScreenRow("NEL", "ab\u{1B}Ec", ["ab", "c"]),
      ScreenRow("LNM", "\u{1B}[20hab\nc", ["ab", "c"]),
      ScreenRow("CUU stops at the margin", "\u{1B}[2;3r\u{1B}[3H\u{1B}[9Ax", ["", "x"]),
      ScreenRow("CUD stops at the margin", "\u{1B}[2;3r\u{1B}[2H\u{1B}[9Bx", ["", "", "x"]),
    ])
  }

  @Test func resetsDoWhatTheirNamesSay() {
    ScreenRow.check([
      ScreenRow(
        "DECALN", "\u{1B}[2;3r\u{1B}#8x", ["xEEEEEEEEE", "EEEEEEEEEE", "EEEEEEEEEE", "EEEEEEEEEE"],
        at: (0, 1, false)),
      ScreenRow("DECSTR ends insert mode", "ab\r\u{1B}[4h\u{1B}[!px", ["xb"]),
      ScreenRow(
        "DECSTR resets margins, not the cursor", "\u{1B}[2;3r\u{1B}[4;4H\u{1B}[!p\nx", ["", "", "", "   x"]),
      ScreenRow("RIS", "abc\u{1B}[2;3r\u{1B}cx", ["x"]),
      ScreenRow("DECRC without DECSC homes", "abc\u{1B}8x", ["xbc"]),
      ScreenRow("DECSC keeps charsets", "\u{1B}(0\u{1B}7\u{1B}(B\u{1B}8q", ["─"]),
    ])
  }

  @Test func sideMarginsBoundEverything() {
    let on = "\u{1B}[?69h\u{1B}[3;6s"
    ScreenRow.check([
      ScreenRow("text wraps at the margin", on + "\u{1B}[1;3Habcdef", ["  abcd", "  ef"]),
      ScreenRow("right of the region", on + "\u{1B}[1;8Habcdef", ["       abc", "  def"]),
      ScreenRow("CR", on + "\u{1B}[1;5Ha\rb", ["  b a"]),
      ScreenRow("CR left of the region", on + "\u{1B}[1;1Ha\rb", ["b"]),
      ScreenRow("DCH", "abcdefgh" + on + "\u{1B}[1;4H\u{1B}[P", ["abcef gh"]),
      ScreenRow("ICH", "abcdefgh" + on + "\u{1B}[1;4H\u{1B}[@", ["abc degh"]),
      ScreenRow("IL", "abcdefgh" + on + "\u{1B}[1;4H\u{1B}[L", ["ab    gh", "  cdef"]),
      ScreenRow("SU", "\r\nabcdefgh" + on + "\u{1B}[S", ["  cdef", "ab    gh"]),
      ScreenRow("SL", "abcdefgh" + on + "\u{1B}[ @", ["abdef gh"]),
      ScreenRow("SR", "abcdefgh" + on + "\u{1B}[ A", ["ab cdegh"]),
      ScreenRow("DECIC", "abcdefgh" + on + "\u{1B}[1;4H\u{1B}['}", ["abc degh"]),
      ScreenRow("DECDC", "abcdefgh" + on + "\u{1B}[1;4H\u{1B}['~", ["abcef gh"]),
      ScreenRow("off again", on + "\u{1B}[?69l\u{1B}[1;5Ha\rb", ["b   a"]),
      ScreenRow("CSI s saves without mode 69", "ab\u{1B}[scd\u{1B}[ue", ["abed"]),
    ])
  }
}
