import Testing

@testable import Replay

/// Which rows must be drawn again.
@Suite struct ScreenChangesTests {
  private static func terminal(_ text: String = "") -> TerminalScreen {
    var terminal = TerminalScreen(columns: 10, rows: 4)
    terminal.feed(Array(text.utf8))
    return terminal
  }

  @Test func onlyTouchedRowsChange() {
    var terminal = Self.terminal("one\r\ntwo\r\nthree")
    let before = terminal.screen.generation
    terminal.feed(Array("\u{1B}[2;1HX\u{1B}[4;4H".utf8))
    #expect(terminal.screen.rows(changedSince: before) == [1])
    #expect(terminal.screen.rows(changedSince: terminal.screen.generation) == [])
    let moved = terminal.screen.generation
    terminal.feed(Array("\u{1B}[1;1H\u{1B}[31m".utf8))
    #expect(terminal.screen.generation == moved)
  }

  @Test func aRendererDrawsWhatIsNewOrMoved() {
    var terminal = Self.terminal("one\r\ntwo\r\nthree\r\nfour")
    var drawn: [UInt64] = []
    #expect(terminal.screen.changedRows(updating: &drawn) == [0, 1, 2, 3])
    #expect(terminal.screen.changedRows(updating: &drawn) == [])
    let second = terminal.screen.version(row: 1)
    terminal.feed(Array("\n".utf8))
    #expect(terminal.screen.version(row: 0) == second)
    #expect(terminal.screen.changedRows(updating: &drawn) == [0, 1, 2, 3])
    terminal.feed(Array("\u{1B}[2;3r\u{1B}[3;1H\n".utf8))
    #expect(terminal.screen.changedRows(updating: &drawn) == [1, 2])
    terminal.resize(columns: 12, rows: 5)
    #expect(terminal.screen.changedRows(updating: &drawn) == [0, 1, 2, 3, 4])
  }

  /// What the search relies on when it looks at changed rows alone.
  @Test func whereNoRowMovedLinesAreWhereTheyWere() {
    struct Row: Equatable {
      var slot: Int
      var isWrapped: Bool
    }
    var stillCount = 0
    for seed in 0..<60 {
      var noise = NoiseStream(seed: UInt64(seed))
      var terminal = Self.terminal()
      terminal.screen.keepsAllScrolling = seed % 2 == 0
      var (generation, isAlternate, rows): (UInt64, Bool, [Row]) = (0, false, [])
      for _ in 0..<120 {
        terminal.feed(noise.bytes(1))
        let screen = terminal.screen
        let now = (0..<screen.rows).map {
          Row(slot: screen.grid.slot($0), isWrapped: screen.grid.info($0).isWrapped)
        }
        if screen.isAlternate == isAlternate, screen.grid.arranged <= generation {
          stillCount += 1
          if now != rows { Issue.record("seed \(seed): \(rows), then \(now)") }
        }
        (generation, isAlternate, rows) = (screen.generation, screen.isAlternate, now)
      }
    }
    #expect(stillCount > 1000)
  }

  @Test func numbersAreUniqueAcrossBothScreens() {
    var terminal = Self.terminal("one\r\ntwo")
    var seen = Set((0..<4).map { terminal.screen.version(row: $0) })
    var count = 4
    for _ in 0..<3 {
      terminal.feed(Array("\u{1B}[?1049h\u{1B}[Ha\r\nb\r\nc\r\nd".utf8))
      for row in 0..<4 { seen.insert(terminal.screen.version(row: row)) }
      count += 4
      #expect(seen.count == count)
      terminal.resize(columns: 10, rows: 4)
      terminal.feed(Array("\u{1B}[?1049l\u{1B}[He\r\nf\r\ng\r\nh".utf8))
      for row in 0..<4 { seen.insert(terminal.screen.version(row: row)) }
      count += 4
      #expect(seen.count == count)
    }
  }

  @Test func rowsKeepTheirNumberOnTheirWayIntoTheHistory() {
    var terminal = Self.terminal("one\r\ntwo\r\nthree\r\nfour")
    #expect(terminal.screen.number(ofRow: 3) == 3)
    terminal.feed(Array("\r\nfive\r\nsix".utf8))
    #expect(terminal.screen.history.firstNumber == 0)
    #expect(terminal.screen.number(ofRow: 0) == 2)
    #expect(terminal.screen.historyText(1 - terminal.screen.history.firstNumber) == "two")
    #expect(terminal.screen.text(row: 0) == "three")
  }
}
