import Testing

@testable import Replay

@Suite struct ScreenResizingTests {
  @Test func linesAreCutOrExtendedAndRowsGoFromBelowFirst() {
    var terminal = TerminalScreen(columns: 10, rows: 5)
    terminal.feed(Array("one two\r\nthree\r\nfour".utf8))
    terminal.resize(columns: 5, rows: 4)
    #expect(terminal.lines == ["one t", "three", "four", ""])
    terminal.resize(columns: 8, rows: 2)
    #expect(terminal.lines == ["three", "four"])
    #expect(terminal.screen.cursor.row == 1)
    #expect(terminal.screen.historyText(0) == "one t")
    terminal.resize(columns: 8, rows: 4)
    #expect(terminal.lines == ["three", "four", "", ""])
  }

  @Test func aWideCharacterAtTheNewEdgeIsBlanked() {
    var terminal = TerminalScreen(columns: 6, rows: 2)
    terminal.feed(Array("a中b".utf8))
    terminal.resize(columns: 2, rows: 2)
    #expect(terminal.lines == ["a", ""])
    #expect(terminal.screen.brokenInvariant() == nil)
  }

  @Test func theAlternateScreenKeepsNoHistory() {
    var terminal = TerminalScreen(columns: 10, rows: 4)
    terminal.feed(Array("main\u{1B}[?1049h1\r\n2\r\n3\r\n4".utf8))
    terminal.resize(columns: 10, rows: 2)
    #expect(terminal.lines == ["3", "4"])
    #expect(terminal.screen.history.count == 0)
    terminal.feed(Array("\u{1B}[?1049l".utf8))
    #expect(terminal.lines == ["main", ""])
  }

  @Test func impossibleSizesAreClampedAndCounted() {
    for (columns, rows) in [(0, 0), (-5, 3), (65535, 65535), (1_000_000, 1), (1, 1_000_000)] {
      let size = ScreenSize(columns: columns, rows: rows)
      #expect(size.isClamped)
      #expect((1...65535).contains(size.columns) && (1...65535).contains(size.rows))
      #expect(size.columns * size.rows <= ScreenSize.cellLimit)
    }
    var terminal = TerminalScreen(columns: 0, rows: 0)
    terminal.feed(Array("ab中c\r\nd".utf8))
    #expect(terminal.columns == 1 && terminal.rows == 1 && terminal.screen.clampedSizeCount == 1)
    #expect(terminal.screen.brokenInvariant() == nil)
  }

  @Test func aStormOfSizesBreaksNothing() {
    var random = SeededRandom(seed: 7)
    var noise = NoiseStream(seed: 8)
    var terminal = TerminalScreen(columns: 20, rows: 5, scrollbackLimit: 50)
    for _ in 0..<200 {
      terminal.feed(noise.bytes(10))
      terminal.resize(
        columns: Int.random(in: 0...40, using: &random), rows: Int.random(in: 0...12, using: &random))
      #expect(terminal.screen.brokenInvariant() == nil)
    }
  }

  private static func reflowing(_ text: String, columns: Int, rows: Int) -> TerminalScreen {
    var terminal = TerminalScreen(columns: columns, rows: rows)
    terminal.screen.reflows = true
    terminal.feed(Array(text.utf8))
    return terminal
  }

  @Test func linesAreBrokenAnewWhereThatIsAskedFor() {
    var terminal = Self.reflowing("aaaaaaaaaaaa", columns: 10, rows: 5)
    terminal.resize(columns: 15, rows: 5)
    #expect(terminal.lines.prefix(2) == ["aaaaaaaaaaaa", ""])
    #expect(terminal.screen.cursor == Cursor(row: 0, column: 12))
    terminal.resize(columns: 5, rows: 5)
    #expect(terminal.lines == ["aaaaa", "aaaaa", "aa", "", ""])
    #expect(terminal.screen.cursor == Cursor(row: 2, column: 2))
    #expect(terminal.screen.grid.info(0).isWrapped && !terminal.screen.grid.info(2).isWrapped)
    terminal.resize(columns: 4, rows: 2)
    #expect(terminal.lines == ["aaaa", "aaaa"])
    #expect(terminal.screen.cursor == Cursor(row: 1, column: 3, edge: .pending))
    #expect(terminal.screen.historyText(0) == "aaaa")
  }

  @Test func wideCharactersStyleAndTheCursorGoWithTheirLine() {
    var terminal = Self.reflowing("one\r\n\u{1B}[1mab中中cd\u{1B}[2;5H", columns: 10, rows: 4)
    terminal.resize(columns: 5, rows: 4)
    #expect(terminal.lines == ["one", "ab中", "中cd", ""])
    #expect(terminal.screen.cursor == Cursor(row: 2, column: 0))
    #expect(terminal.screen.brokenInvariant() == nil)
    #expect(terminal.screen.styles[terminal.screen.grid[2, 2].style].flags == .bold)
    terminal.resize(columns: 1, rows: 4)
    #expect(terminal.screen.brokenInvariant() == nil)
    terminal = Self.reflowing("one\r\n\u{1B}[1mab中中cd", columns: 5, rows: 4)
    terminal.resize(columns: 10, rows: 4)
    #expect(terminal.lines == ["one", "ab中中cd", "", ""])
  }

  @Test func theAlternateScreenIsNeverBrokenAnew() {
    var terminal = Self.reflowing("main text\u{1B}[?1049h\u{1B}[Halternate", columns: 10, rows: 3)
    terminal.resize(columns: 5, rows: 3)
    #expect(terminal.lines == ["alter", "", ""])
  }

  @Test func aStormOfSizesWithReflowBreaksNothing() {
    var random = SeededRandom(seed: 17)
    for seed in 0..<6 {
      var noise = NoiseStream(seed: UInt64(900 + seed))
      var terminal = Self.reflowing("", columns: 20, rows: 5)
      for _ in 0..<40 {
        terminal.feed(noise.bytes(10))
        terminal.resize(
          columns: Int.random(in: 0...30, using: &random), rows: Int.random(in: 0...9, using: &random))
        if let problem = terminal.screen.brokenInvariant() { Issue.record("seed \(seed): \(problem)") }
      }
    }
  }
}
