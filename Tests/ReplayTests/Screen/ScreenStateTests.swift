import Testing

@testable import Replay

/// What is kept beside the cells: history, titles, colors, links, marks, modes (vt.md §2, P1).
@Suite struct ScreenStateTests {
  static func fed(_ text: String, columns: Int = 10, rows: Int = 3, scrollback: Int = 100) -> Screen {
    var terminal = TerminalScreen(columns: columns, rows: rows, scrollbackLimit: scrollback)
    terminal.feed(Array(text.utf8))
    return terminal.screen
  }

  @Test func onlyRowsThatLeaveAtTheTopOfThePrimaryScreenAreKept() {
    let five = "1\r\n2\r\n3\r\n4\r\n5"
    let table: [(String, [String])] = [
      (five, ["1", "2"]),
      (five + "\u{1B}[2S", ["1", "2", "3", "4"]),
      (five + "\u{1B}[3J", []),
      ("\u{1B}[1;2r" + five, ["1", "2", "3"]),
      ("\u{1B}[2;3r" + five, []),
      ("\u{1B}[?1049h" + five, []),
      (five + "\u{1B}[H\u{1B}[M", ["1", "2"]),
      (five + "\u{1B}c", []),
      ("\u{1B}[?69h\u{1B}[2;5s\u{1B}[3;2H\n", []),
    ]
    for (input, rows) in table {
      let screen = Self.fed(input)
      let history = (0..<screen.history.count).map(screen.historyText)
      // DL in the first row takes a row away for good; it did not scroll off.
      #expect(history == rows, "\(input.debugDescription)")
    }
  }

  @Test func historyIsBoundedAndCountsWhatEverLeft() {
    let lines = (0..<3000).map { "\($0)\r\n" }.joined()
    let screen = Self.fed(lines, rows: 3, scrollback: 700)
    #expect(screen.history.count == 700)
    #expect(screen.history.total == 2998)
    #expect(screen.historyText(0) == "2298" && screen.historyText(699) == "2997")
    #expect(Self.fed(lines, scrollback: 0).history.count == 0)
  }

  /// Rows depart in bulk where lines come in bulk; a byte at a time they go one by one.
  @Test(arguments: 0..<6) func whatScrolledOffIsTheSameInPortionsOfAnySize(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var bytes: [UInt8] = []
    for _ in 0..<400 {
      let length = Int.random(in: 0...15, using: &random)
      bytes += (0..<length).map { _ in UInt8.random(in: 0x20..<0x7F, using: &random) }
      // Not empty.
      let ends = [
        "\n", "\n", "\r\n", "\r\n", "\r\n\u{1B}[44m", "\u{1B}[m\n", "\u{1B}[2S", "\u{1B}[1;2r", "\u{1B}[r",
        "中\n",
      ]
      bytes += ends.randomElement(using: &random)!.utf8
    }
    let rows = Int.random(in: 2...7, using: &random)
    var whole = TerminalScreen(columns: 12, rows: rows, scrollbackLimit: 300)
    var parts = whole
    whole.feed(bytes)
    for byte in bytes { parts.feed([byte]) }
    for screen in [whole.screen, parts.screen] { #expect(screen.brokenInvariant() == nil) }
    #expect(whole.screen.history.total == parts.screen.history.total)
    #expect(whole.screen.history.count == 300 && parts.screen.history.count == 300)
    for index in 0..<300 {
      let (first, second) = (whole.screen.history.row(index), parts.screen.history.row(index))
      let isSame =
        whole.screen.historyText(index) == parts.screen.historyText(index)
        && first.info.isWrapped == second.info.isWrapped && first.cells.count == second.cells.count
      #expect(isSame, "row \(index)")
    }
  }

  @Test func aRowKeepsItsSlotWhileItIsOnTheScreen() {
    var terminal = TerminalScreen(columns: 8, rows: 4)
    terminal.feed(Array("a\r\nb\r\nc\r\nd".utf8))
    let before = (0..<4).map { terminal.screen.grid.slot($0) }
    for scrolled in 1...150 {
      terminal.feed(Array("\r\nnext".utf8))
      let after = (0..<4).map { terminal.screen.grid.slot($0) }
      // The row that comes in takes the name of the one that left.
      #expect(after == (0..<4).map { before[($0 + scrolled) % 4] })
    }
  }

  @Test func aLineThatTheTerminalBrokeIsMarked() {
    let screen = Self.fed("1234567890ab\r\ncd")
    #expect((0..<3).map { screen.grid.info($0).isWrapped } == [true, false, false])
    let erased = Self.fed("1234567890ab\u{1B}[1;5H\u{1B}[K")
    #expect(!erased.grid.info(0).isWrapped)
  }

  @Test func titlesAreKeptAndStacked() {
    #expect(Self.fed("\u{1B}]0;a\u{7}").titles.icon == Array("a".utf8))
    #expect(
      Self.fed("\u{1B}]2;a\u{7}\u{1B}[22;0t\u{1B}]2;b\u{7}\u{1B}[23;0t").titles.window == Array("a".utf8))
    #expect(Self.fed("\u{1B}ktmux\u{1B}\\").titles.window == Array("tmux".utf8))
    let pushed = String(repeating: "\u{1B}[22t", count: 50)
    #expect(Self.fed(pushed).titles.stack.count == Titles.stackLimit)
  }

  @Test func colorsAreRecordedAndReset() {
    let screen = Self.fed(
      "\u{1B}]4;1;rgb:ff/80/00;2;#123456\u{7}\u{1B}]10;#fff\u{7}\u{1B}]11;rgb:0/0/8000\u{1B}\\")
    #expect(screen.colors.palette == [1: 0xFF8000, 2: 0x123456])
    #expect(screen.colors.dynamic == [10: 0xF0F0F0, 11: 0x00007F])
    let reset = Self.fed(
      "\u{1B}]4;1;#123\u{7}\u{1B}]4;2;#123\u{7}\u{1B}]104;1\u{7}\u{1B}]12;#123\u{7}\u{1B}]112\u{7}")
    #expect(
      reset.colors
        == {
          var table = ColorTable(); table.palette = [2: 0x102030]; return table
        }())
  }

  @Test func linksBelongToCells() {
    let screen = Self.fed("\u{1B}]8;id=x;http://a\u{1B}\\ab\u{1B}]8;;\u{1B}\\c")
    let link = LinkTable.Link(id: Array("x".utf8), address: Array("http://a".utf8))
    #expect(screen.links[screen.styles[screen.grid[0, 1].style].link] == link)
    #expect(screen.styles[screen.grid[0, 2].style].link == 0)
  }

  @Test func marksOfTheShellAreEventsAndState() {
    let input =
      "\u{1B}]133;A\u{7}$ \u{1B}]133;B\u{7}ls\r\n\u{1B}]133;C\u{7}file\r\n\u{1B}]133;D;3\u{7}\u{1B}]633;E;ls\u{7}\u{1B}]7;file://h/tmp\u{7}"
    let screen = Self.fed(input)
    #expect(
      screen.events.events == [
        .prompt(row: 0), .commandStart(row: 0), .commandOutput(row: 1), .commandEnd(row: 2, exitCode: 3),
        .commandLine(Array("ls".utf8)), .workingDirectory(Array("file://h/tmp".utf8)),
      ])
    #expect(screen.grid.info(0).mark == .prompt && screen.grid.info(1).mark == .output)
    #expect(screen.shell.exitCode == 3)
  }

  @Test func imagesAndClipboardsAreEventsOnly() {
    let screen = Self.fed(
      "\u{1B}Pq#0\u{1B}\\\u{1B}_Ga=T;x\u{1B}\\\u{1B}]1337;File=a:b\u{7}\u{1B}]52;c;aGk=\u{7}\u{1B}[8;5;6t")
    #expect(
      screen.events.events == [
        .image(.sixel, byteCount: 3), .image(.kitty, byteCount: 6), .image(.iterm, byteCount: 8),
        .clipboard(Array("c;aGk=".utf8)), .resizeWish(rows: 5, columns: 6),
      ])
    #expect(screen.text(row: 0) == "" && screen.columns == 10)
  }

  @Test func anUpdateIsBracketedByEvents() {
    let screen = Self.fed("\u{1B}[?2026hx\u{1B}[?2026h\u{1B}[?2026l")
    #expect(screen.events.events == [.updateBegan, .updateEnded])
  }

  @Test func unknownSequencesAreReportedOnceForEachKind() {
    let screen = Self.fed("\u{1B}[1v\u{1B}[2v\u{1B}Y")
    #expect(
      screen.events.events == [
        .unknown(prefix: 0, intermediate: 0, final: 0x76), .unknown(prefix: 0, intermediate: 0, final: 0x59),
      ])
  }

  @Test func modesAreSavedAndRestored() {
    #expect(
      !Self.fed("\u{1B}[?2004h\u{1B}[?2004s\u{1B}[?2004l\u{1B}[?2004r\u{1B}[?25l").modes.contains(
        .cursorVisible))
    #expect(Self.fed("\u{1B}[?2004h\u{1B}[?2004s\u{1B}[?2004l\u{1B}[?2004r").modes.contains(.bracketedPaste))
    #expect(Self.fed("\u{1B}[4 q").cursorShape == 4)
  }

  @Test func erasedPositionsTakeTheBackgroundOnly() {
    let screen = Self.fed("\u{1B}[1;44m\u{1B}[K\r\n\n\n")
    var blue = CellStyle.plain
    blue.background = .indexed(4)
    #expect(screen.styles[screen.grid[2, 3].style] == blue)
    #expect(!screen.grid[2, 3].hasText)
  }

  @Test func clustersShareACellInMode2027Only() {
    let family = "👨\u{200D}👩\u{200D}👧"
    #expect(Self.fed("\u{1B}[?2027h" + family).cursor.column == 2)
    #expect(Self.fed(family).cursor.column == 6)
    #expect(Self.fed("\u{1B}[?2027h❤\u{FE0F}").cursor.column == 2)
    #expect(Self.fed("❤\u{FE0F}").cursor.column == 1)
    #expect(Self.fed("\u{1B}[?2027h👍🏽").text(row: 0) == "👍🏽")
  }

  @Test func aFullStyleTableIsSwept() {
    var table = StyleTable(limit: 3)
    var style = CellStyle.plain
    style.foreground = .indexed(1)
    #expect(table.index(of: style) == 1)
    style.foreground = .indexed(2)
    #expect(table.index(of: style) == 2)
    style.foreground = .indexed(3)
    #expect(table.index(of: style) == nil)
    #expect(table.index(of: .plain) == 0)
    var screen = Self.fed("\u{1B}[31ma\u{1B}[32mb\u{1B}[33me\u{301}")
    screen.sweepStyles()
    #expect(screen.styles.count == 4)
    #expect(screen.difference(from: Self.fed("\u{1B}[31ma\u{1B}[32mb\u{1B}[33me\u{301}")) == nil)
  }
}
