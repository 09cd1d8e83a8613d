import Platform
import Testing

@testable import Replay

/// Characters: UTF-8, widths, charsets, tabs, repetition, erasure (vt.md §3.3-3.7, 3.13, 3.15).
@Suite struct ScreenTextTests {
  @Test func malformedTextHasOneReplacementForEachMaximalPart() {
    let table: [([UInt8], String)] = [
      ([0x61, 0x80, 0x62], "a\u{FFFD}b"),
      ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"),
      ([0xE0, 0x80, 0x80, 0x61], "\u{FFFD}\u{FFFD}\u{FFFD}a"),
      ([0xED, 0xA0, 0x80, 0x61], "\u{FFFD}\u{FFFD}\u{FFFD}a"),
      ([0xF0, 0x90, 0x80, 0x61], "\u{FFFD}a"),
      ([0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
      ([0xE2, 0x82, 0xE2, 0x82, 0xAC], "\u{FFFD}€"),
      ([0xF5, 0x61], "\u{FFFD}a"),
      ([0xC3, 0x1B, 0x5B, 0x43, 0x61], "\u{FFFD} a"),
      ([0x9B, 0x43, 0x61], "\u{FFFD}Ca"),
      ([0xC2, 0x9B, 0x43, 0x61], " a"),
    ]
    for (bytes, text) in table {
      var whole = TerminalScreen(columns: 10, rows: 2)
      whole.feed(bytes)
      var parts = TerminalScreen(columns: 10, rows: 2)
      for byte in bytes { parts.feed([byte]) }
      #expect(whole.text(row: 0) == text && parts.text(row: 0) == text, "\(bytes)")
    }
  }

  @Test func theWidthsOfTextAreThoseOfTheTable() {
    let scalars = (UInt32(0xA0)...0x2_0000).filter { !(0xD800..<0xE000).contains($0) }
    let wrong = scalars.filter { ByteScanner.columnWidth($0) != $0.columnWidth }
    #expect(wrong == [])
  }

  @Test func anEditInHalfAWideCharacterBlanksTheOther() {
    ScreenRow.check([
      ScreenRow("wide", "中文", ["中文"], at: (0, 4, false)),
      ScreenRow("over the tail", "中文\u{1B}[1;2Hx", [" x文"]),
      ScreenRow("over the head", "中文\u{1B}[1;1Hx", ["x 文"]),
      ScreenRow("wide over two halves", "中文\u{1B}[1;2H語", [" 語"]),
      ScreenRow("DCH", "中文a\u{1B}[1;2H\u{1B}[P", [" 文a"]),
      ScreenRow("DCH of a head", "中文a\r\u{1B}[P", [" 文a"]),
      ScreenRow("ICH", "中文a\u{1B}[1;2H\u{1B}[@", ["   文a"]),
      ScreenRow("ICH pushes half out", "12345678中\r\u{1B}[@", [" 12345678"]),
      ScreenRow("ECH", "中文\u{1B}[1;2H\u{1B}[X", ["  文"]),
      ScreenRow("EL", "中文\u{1B}[1;4H\u{1B}[K", ["中"]),
      ScreenRow("no room: wraps whole", "123456789中", ["123456789", "中"], at: (1, 2, false)),
      ScreenRow("no room without autowrap", "\u{1B}[?7l123456789中x", ["123456789x"]),
      ScreenRow("pending after a wide", "12345678中", ["12345678中"], at: (0, 9, true)),
      ScreenRow("REP of a wide", "中\u{1B}[2b", ["中中中"]),
      ScreenRow("one column", "中a", ["a"], columns: 1),
    ])
  }

  @Test func marksJoinTheCharacterBeforeThem() {
    ScreenRow.check([
      ScreenRow("mark", "e\u{301}x", ["e\u{301}x"], at: (0, 2, false)),
      ScreenRow("on a wide", "中\u{301}x", ["中\u{301}x"], at: (0, 3, false)),
      ScreenRow("in the last column", "123456789e\u{301}x", ["123456789e\u{301}", "x"]),
      ScreenRow("at the start", "\u{301}x", ["x"]),
      ScreenRow("selector adds no width", "❤\u{FE0F}x", ["❤\u{FE0F}x"], at: (0, 2, false)),
    ])
  }

  @Test func charsetsTranslateWhenPrinted() {
    ScreenRow.check([
      ScreenRow("graphics", "\u{1B}(0lqk_x\u{1B}(Bq", ["┌─┐ │q"]),
      ScreenRow("SO and SI", "\u{1B})0q\u{E}q\u{F}q", ["q─q"]),
      ScreenRow("SS2", "\u{1B}*0\u{1B}Nqq", ["─q"]),
      ScreenRow("LS3", "\u{1B}+0\u{1B}oq", ["─"]),
      ScreenRow("British", "\u{1B}(A#", ["£"]),
    ])
  }

  @Test func tabsMoveAndEraseNothing() {
    ScreenRow.check([
      ScreenRow("tab", "a\tb", ["a       b"], columns: 20),
      ScreenRow("over text", "abcdefghijk\r\tX", ["abcdefghXjk"], columns: 20),
      ScreenRow("to the last column", "\t\t\t\tX", ["                   X"], columns: 20),
      ScreenRow("HTS and TBC", "\u{1B}[4G\u{1B}H\r\tX\u{1B}[4G\u{1B}[g\r\tY", ["   X    Y"], columns: 20),
      ScreenRow("CHT and CBT", "\u{1B}[2IX\u{1B}[2ZY", ["        Y       X"], columns: 20),
      ScreenRow("TBC 3", "\u{1B}[3g\tX", ["                   X"], columns: 20),
      ScreenRow("DECST8C", "\u{1B}[3g\u{1B}[?5W\tX", ["        X"], columns: 20),
    ])
  }

  @Test func erasureErasesExactlyItsPart() {
    let page = "aaaaa\r\nbbbbb\r\nccccc\u{1B}[2;3H"
    ScreenRow.check([
      ScreenRow("ED 0", page + "\u{1B}[J", ["aaaaa", "bb"]),
      ScreenRow("ED 1", page + "\u{1B}[1J", ["", "   bb", "ccccc"]),
      ScreenRow("ED 2", page + "\u{1B}[2J", [], at: (1, 2, false)),
      ScreenRow("ED 3 leaves the screen", page + "\u{1B}[3J", ["aaaaa", "bbbbb", "ccccc"]),
      ScreenRow("EL 0", page + "\u{1B}[K", ["aaaaa", "bb", "ccccc"]),
      ScreenRow("EL 1", page + "\u{1B}[1K", ["aaaaa", "   bb", "ccccc"]),
      ScreenRow("EL 2", page + "\u{1B}[2K", ["aaaaa", "", "ccccc"]),
      ScreenRow("ECH", page + "\u{1B}[2X", ["aaaaa", "bb  b", "ccccc"]),
      ScreenRow("REP after a control", "a\r\n\u{1B}[2b", ["a", "aa"]),
      ScreenRow("DECSED spares protected", "\u{1B}[1\"qab\u{1B}[0\"qcd\u{1B}[?2J", ["ab"]),
      ScreenRow("DECSEL spares protected", "\u{1B}[1\"qab\u{1B}[0\"qcd\u{1B}[?2K", ["ab"]),
      ScreenRow("ED does not", "\u{1B}[1\"qab\u{1B}[0\"qcd\u{1B}[2J", []),
      ScreenRow("insert mode", "abc\r\u{1B}[4hx\u{1B}[4l", ["xabc"]),
    ])
  }

  @Test func rectanglesAreFilledErasedAndCopied() {
    let page = "aaaaa\r\nbbbbb\r\nccccc"
    ScreenRow.check([
      ScreenRow("DECERA", page + "\u{1B}[1;2;2;3$z", ["a  aa", "b  bb", "ccccc"]),
      ScreenRow("DECFRA", page + "\u{1B}[88;2;2;9;3$x", ["aaaaa", "bXXbb", "cXXcc", " XX"]),
      ScreenRow("DECCRA", page + "\u{1B}[1;1;2;2;1;2;4$v", ["aaaaa", "bbbaa", "cccbb"]),
      ScreenRow("DECSERA", "\u{1B}[1\"qa\u{1B}[0\"qb\u{1B}[1;1;1;9${", ["a"]),
      ScreenRow("DECBI", "abc\r\u{1B}6", [" abc"]),
      ScreenRow("DECFI", "abc\u{1B}[1;10H\u{1B}9", ["bc"]),
    ])
  }

  @Test func columnsMoveOnlyFromWithinTheRegion() {
    let region = "abcde\r\nabcde\u{1B}[?69h\u{1B}[2;4s\u{1B}[2;3r"
    ScreenRow.check([
      ScreenRow("DECFI", region + "\u{1B}[2;4H\u{1B}9", ["abcde", "acd e"], at: (1, 3, false)),
      ScreenRow("DECFI above", region + "\u{1B}[1;4H\u{1B}9", ["abcde", "abcde"], at: (0, 3, false)),
      ScreenRow("DECFI right of it", region + "\u{1B}[2;5H\u{1B}9", ["abcde", "abcde"], at: (1, 5, false)),
      ScreenRow("DECBI", region + "\u{1B}[2;2H\u{1B}6", ["abcde", "a bce"], at: (1, 1, false)),
      ScreenRow("DECBI below", region + "\u{1B}[4;2H\u{1B}6", ["abcde", "abcde"], at: (3, 1, false)),
      ScreenRow("DECBI left of it", region + "\u{1B}[2;1H\u{1B}6", ["abcde", "abcde"], at: (1, 0, false)),
    ])
  }

  @Test func screensSwapAsXtermDoes() {
    ScreenRow.check([
      ScreenRow("1049", "main\u{1B}[?1049hALT\u{1B}[?1049lx", ["mainx"]),
      ScreenRow("1049 clears, the cursor stays", "main\u{1B}[?1049hA", ["    A"]),
      ScreenRow("47 clears nothing", "main\u{1B}[?47hALT\u{1B}[?47l\u{1B}[?47h", ["    ALT"]),
      ScreenRow("1047 clears on leaving", "main\u{1B}[?1047hALT\u{1B}[?1047l\u{1B}[?1047h", []),
      ScreenRow("one saved cursor each", "\u{1B}7ab\u{1B}[?47h\u{1B}[3;3H\u{1B}7\u{1B}[?47l\u{1B}8x", ["xb"]),
    ])
  }

  @Test func reverseWrapGoesBackThroughWrappedLines() {
    ScreenRow.check([
      ScreenRow("?45", "\u{1B}[?45h1234567890a\u{8}\u{8}x", ["123456789x", "a"]),
      ScreenRow("not past a line that ended", "\u{1B}[?45h12\r\n\u{8}x", ["12", "x"]),
      ScreenRow("?1045", "\u{1B}[?1045h12\r\n\u{8}x", ["12       x"]),
    ])
  }

  @Test func reverseWrapAboveTheRegionHasNoLineToGoBackTo() {
    ScreenRow.check([
      ScreenRow("?45 enters the region", "\u{1B}[?45h\u{1B}[3r\u{1B}[Dx", ["", "", "x"]),
      ScreenRow("?45 by BS too", "\u{1B}[?45h\u{1B}[3r\u{1B}[2H\u{8}x", ["", "", "x"]),
      ScreenRow("?45 first goes to the margin", "\u{1B}[?45h\u{1B}[3r\u{1B}[1;3H\u{1B}[9Dx", ["x"]),
      ScreenRow("?1045 ends in the corner", "\u{1B}[?1045h\u{1B}[3r\u{1B}[2H\u{1B}[99Dx", ["x"]),
      ScreenRow(
        "?1045 goes round within the region", "\u{1B}[?1045h\u{1B}[2;3r\u{1B}[2H\u{8}x",
        ["", "", "         x"]),
      ScreenRow(
        "a pending wrap is the one column", "\u{1B}[?45h\u{1B}[3r0123456789\u{1B}[Dx", ["012345678x"]),
    ])
  }
}
