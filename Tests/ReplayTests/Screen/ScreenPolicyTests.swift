import Testing

@testable import Replay

/// Where terminals differ: what docs/terminal.md says this one does.
@Suite struct ScreenPolicyTests {
  @Test func protectionOfECMASparesFromEveryErasure() {
    ScreenRow.check([
      ScreenRow("ED spares SPA", "a\u{1B}Vb\u{1B}Wc\u{1B}[2J", [" b"]),
      ScreenRow("EL spares SPA", "a\u{1B}Vb\u{1B}Wc\u{1B}[2K", [" b"]),
      ScreenRow("ECH spares SPA", "a\u{1B}Vb\u{1B}Wc\r\u{1B}[9X", [" b"]),
      ScreenRow("DECSED spares SPA", "a\u{1B}Vb\u{1B}Wc\u{1B}[?2J", [" b"]),
      ScreenRow("DECSERA does not", "a\u{1B}Vb\u{1B}Wc\u{1B}[1;1;1;2${", ["  c"]),
      ScreenRow("DECSERA spares DECSCA", "a\u{1B}[1\"qb\u{1B}[0\"qc\u{1B}[1;1;1;3${", [" b"]),
      ScreenRow("DECSCA 1 ends ISO's way", "\u{1B}Va\u{1B}W\u{1B}[1\"qb\u{1B}[2J", []),
      ScreenRow("wide characters stay whole", "\u{1B}V中\u{1B}Wc\u{1B}[2K", ["中"]),
      ScreenRow("RIS ends it", "\u{1B}Va\u{1B}cb\u{1B}[2J", []),
    ])
  }

  @Test func linesOfDoubleWidthHaveHalfTheColumns() {
    ScreenRow.check([
      ScreenRow("text wraps in the middle", "\u{1B}#6abcdefg", ["abcde", "fg"], at: (1, 2, false)),
      ScreenRow("a wrap is pending there", "\u{1B}#6abcde", ["abcde"], at: (0, 4, true)),
      ScreenRow("CUP goes no further", "\u{1B}#6\u{1B}[1;9Hx", ["    x"], at: (0, 4, true)),
      ScreenRow("the cursor comes back in", "abcdefgh\u{1B}#6", ["abcdefgh"], at: (0, 4, false)),
      ScreenRow(
        "from below it may stand beyond", "\u{1B}#6\u{1B}[2;9H\u{1B}Mxy", ["        xy"], at: (0, 9, true)),
      ScreenRow("single again", "\u{1B}#6abcde\u{1B}#5f", ["abcdf"], at: (0, 5, false)),
      ScreenRow("heights too", "\u{1B}#3abcdef", ["abcde", "f"]),
    ])
  }

  @Test func variationSelectorsChooseTheWidthInMode2027() {
    let on = "\u{1B}[?2027h"
    ScreenRow.check([
      ScreenRow("emoji", on + "❤\u{FE0F}x", ["❤\u{FE0F}x"], at: (0, 3, false)),
      ScreenRow("text", on + "👍\u{FE0E}x", ["👍\u{FE0E}x"], at: (0, 2, false)),
      ScreenRow("no emoji", on + "a\u{FE0F}x", ["a\u{FE0F}x"], at: (0, 2, false)),
      ScreenRow("keycap", on + "1\u{FE0F}\u{20E3}x", ["1\u{FE0F}\u{20E3}x"], at: (0, 3, false)),
      ScreenRow("flags", on + "🇩🇪🇫🇷x", ["🇩🇪🇫🇷x"], at: (0, 5, false)),
      ScreenRow("at the edge", on + "12345678👍\u{FE0E}x", ["12345678👍\u{FE0E}x"], at: (0, 9, true)),
      ScreenRow(
        "Hangul of parts", on + "\u{1100}\u{1161}\u{11A8}x", ["\u{1100}\u{1161}\u{11A8}x"], at: (0, 3, false)),
      ScreenRow("spacing marks", on + "\u{0915}\u{093F}x", ["\u{0915}\u{093F}x"], at: (0, 2, false)),
      ScreenRow("a joiner alone joins no letter", on + "a\u{200D}bx", ["a\u{200D}bx"], at: (0, 3, false)),
    ])
  }

  @Test func marksBelongToTheLastColumnWithoutAutowrapToo() {
    let off = "\u{1B}[?7l"
    ScreenRow.check([
      ScreenRow("of a run", off + "0123456789e\u{301}", ["012345678e\u{301}"], at: (0, 9, false)),
      ScreenRow("of a single one", off + "\u{1B}[10Ge\u{301}\u{302}", ["         e\u{301}\u{302}"]),
      ScreenRow("of a wide one", off + "\u{1B}[9G中\u{301}", ["        中\u{301}"]),
      ScreenRow("not after a move", off + "012345678e\u{1B}[10G\u{301}", ["012345678\u{301}e"]),
      ScreenRow("mode 7 set again wraps", off + "0123456789\u{1B}[?7hx", ["0123456789", "x"]),
    ])
  }

  @Test func repetitionIsInTheCharsetOfNow() {
    ScreenRow.check([
      ScreenRow("into graphics", "q\u{1B}(0\u{1B}[2b", ["q──"]),
      ScreenRow("out of graphics", "\u{1B}(0q\u{1B}(B\u{1B}[2b", ["─qq"]),
      ScreenRow(
        "no more than the screen", "a\u{1B}[65535b", ["aaaaaaaaaa", "aaaaaaaaaa", "aaaaaaaaaa", "a"]),
    ])
  }

  @Test func sideMarginsBoundInsertion() {
    let margins = "\u{1B}[?69h\u{1B}[3;6s"
    ScreenRow.check([
      ScreenRow("insert mode inside", "abcdefgh" + margins + "\u{1B}[4h\u{1B}[1;3Hx", ["abxcdegh"]),
      ScreenRow(
        "insert mode outside writes over", "abcdefgh" + margins + "\u{1B}[4h\u{1B}[1;1Hx", ["xbcdefgh"]),
      ScreenRow("CUB stops at the left one", margins + "\u{1B}[1;5H\u{1B}[9Dx", ["  x"]),
      ScreenRow("CUF stops at the right one", margins + "\u{1B}[1;4H\u{1B}[9Cx", ["     x"]),
      ScreenRow("HT stops at the right one", margins + "\u{1B}[1;4H\tx", ["     x"]),
      ScreenRow("text wraps between them", margins + "\u{1B}[1;3Habcdef", ["  abcd", "  ef"]),
      ScreenRow("CR from left of them", margins + "\u{1B}[1;2H\rx", ["x"]),
    ])
  }

  @Test func lessHeightKeepsWhatIsWrittenBelowTheCursor() {
    var terminal = TerminalScreen(columns: 10, rows: 6)
    terminal.feed(Array("top\u{1B}[6Hbottom\u{1B}[4;3H".utf8))
    terminal.resize(columns: 10, rows: 4)
    #expect(terminal.lines == ["", "", "", "bottom"])
    #expect(terminal.screen.cursor.row == 1)
    #expect(terminal.screen.historyText(0) == "top")
    // Never the cursor's own row.
    terminal.resize(columns: 10, rows: 1)
    #expect(terminal.screen.cursor.row == 0 && terminal.lines == [""])
  }

  @Test func textOfAnotherSizeTakesItsRoom() {
    ScreenRow.check([
      ScreenRow("twice as large", "\u{1B}]66;s=2;ab\u{7}c", ["abc"], at: (0, 5, false)),
      ScreenRow(
        "over what was there", "123456\r\n123456\u{1B}[H\u{1B}]66;s=2;a\u{7}", ["a3456", "  3456"]),
      ScreenRow("a width for the whole", "\u{1B}]66;w=3;ab\u{7}c", ["ab c"], at: (0, 4, false)),
      ScreenRow("a width of one", "\u{1B}]66;w=1;ab\u{7}c", ["abc"], at: (0, 2, false)),
      ScreenRow("what is drawn smaller takes as much", "\u{1B}]66;n=1:d=2;ab\u{7}c", ["abc"]),
      ScreenRow(
        "scrolls for its height", "1\r\n2\r\n3\r\n4\u{1B}]66;s=3;a\u{7}", ["3", "4a"], at: (1, 4, false)),
      ScreenRow("wraps whole", "12345678\u{1B}]66;s=3;a\u{7}", ["12345678", "a"], at: (1, 3, false)),
      ScreenRow("larger than the screen", "x\u{1B}]66;s=5;a\u{7}", ["x"], at: (0, 1, false)),
    ])
  }

  @Test func whatTmuxPassesThroughIsObeyedOnRequest() {
    let inner = "\u{1B}\u{1B}[31mred\u{1B}\u{1B}]2;title\u{7}\u{1B}\u{1B}Pq\u{1B}\u{1B}\\"
    let stream = Array("a\u{1B}Ptmux;\(inner)\u{1B}\\b".utf8)
    for unwraps in [false, true] {
      var terminal = TerminalScreen(columns: 10, rows: 2)
      terminal.unwrapsTmux = unwraps
      for byte in stream { terminal.feed([byte]) }
      #expect(terminal.text(row: 0) == (unwraps ? "aredb" : "ab"))
      #expect(terminal.screen.titles.window == (unwraps ? Array("title".utf8) : []))
    }
  }

  @Test func aResetEndsTheWideColumns() {
    var terminal = TerminalScreen(columns: 80, rows: 2)
    terminal.feed(Array("\u{1B}[?40h\u{1B}[?3h".utf8))
    #expect(terminal.columns == 132)
    terminal.feed(Array("\u{1B}c".utf8))
    #expect(terminal.columns == 80)
  }

  @Test func aTabAfterTheLastColumnWrapsWhereThatIsAskedFor() {
    ScreenRow.check([
      ScreenRow("mode 41", "\u{1B}[?41h1234567890\tx", ["1234567890", "        x"]),
      ScreenRow("without it", "1234567890\tx", ["1234567890", "x"]),
    ])
  }
}
