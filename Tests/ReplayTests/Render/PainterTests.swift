import Format
import Platform
import Testing

@testable import Replay

@Suite struct PainterTests {
  /// A row's text where a narrow character that has two columns is followed by a blank.
  private static func text(_ canvas: Canvas, _ row: Int) -> String {
    var bytes: [UInt8] = []
    for column in 0..<canvas.columns {
      canvas[row, column].append(to: &bytes)
      let isTail = canvas[row, column].kind == .tail
      if isTail, column > 0, CharacterWidth.of(canvas[row, column - 1].scalar) == 1 { bytes.append(0x20) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What our own emulator shows after the painter's bytes must be the picture.
  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
  func aTerminalShowsThePictureAfterEachChange(seed: UInt64) {
    var noise = NoiseStream(seed: seed)
    var source = TerminalScreen(columns: 40, rows: 10)
    var viewer = TerminalScreen(columns: 40, rows: 10)
    var painter = TerminalPainter()
    viewer.feed(TerminalPainter.opening)
    for step in 0..<120 {
      source.feed(noise.bytes(30))
      var wanted = Canvas(source.screen)
      for row in 0..<10 { for column in 0..<40 { wanted[row, column] = wanted[row, column].drawable } }
      for row in 0..<10 {
        wanted[row, 39].marks = []
        if wanted[row, 38].kind == .wide { wanted[row, 38].marks = [] }
      }
      wanted.mendHalves()
      viewer.feed(painter.paint(wanted))
      let shown = Canvas(viewer.screen)
      for row in 0..<10 {
        #expect(Self.text(shown, row) == Self.text(wanted, row), "step \(step), row \(row)")
      }
      #expect(shown.cursor == wanted.cursor, "step \(step)")
      #expect(painter.paint(wanted).isEmpty)
    }
    viewer.feed(TerminalPainter.closing)
    #expect(!viewer.screen.isAlternate && viewer.screen.modes.contains([.autowrap, .cursorVisible]))
  }

  /// Queries, clipboard writes, titles and links of a recording do not pass.
  @Test func onlyDrawingReachesTheViewer() {
    var source = TerminalScreen(columns: 40, rows: 4)
    let hostile =
      "\u{1B}]52;c;ZXZpbA==\u{7}\u{1B}]0;title\u{7}\u{1B}[c\u{1B}[6n\u{1B}[>q\u{1B}P+q544e\u{1B}\\"
      + "\u{1B}]8;;http://evil\u{7}link\u{1B}]8;;\u{7}\u{1B}[?1003h\u{1B}[8;9;9t\u{1B}Pq#0~\u{1B}\\ok"
    source.feed(Array(hostile.utf8))
    var painter = TerminalPainter()
    let bytes = painter.paint(Canvas(source.screen))
    let text = String(decoding: bytes, as: UTF8.self)
    for part in ["]52", "]0;", "[c", "[6n", "[>", "P", "]8", "evil", "1003", "[8;"] {
      #expect(!text.contains("\u{1B}" + part) && !text.contains("evil"), "\(part)")
    }
    #expect(text.contains("linkok"))
  }

  @Test func aStateIsGoneOnFromWhereItWas() {
    for seed in UInt64(1)...12 {
      var noise = NoiseStream(seed: seed)
      var terminal = TerminalScreen(columns: 30, rows: 8)
      for _ in 0..<40 {
        terminal.feed(noise.bytes(12))
        let screen = terminal.screen
        let isInside =
          (screen.margins.top...screen.margins.bottom).contains(screen.cursor.row)
          && (screen.margins.left...screen.margins.right).contains(screen.cursor.column)
        // Of lines of double width, what lies beyond the edge cannot be written.
        let isSingle = (0..<screen.rows).allSatisfy { screen.grid.info($0).size == .single }
        guard terminal.parser.isAtRest, isSingle, isInside || !screen.modes.contains(.origin) else {
          continue
        }
        var again = TerminalScreen(columns: terminal.columns, rows: terminal.rows)
        again.feed(StateDump.encode(terminal.screen))
        #expect(again.screen.visibleDifference(from: terminal.screen) == nil, "seed \(seed)")
      }
    }
    // What a dump of the picture alone would lose.
    for setting in [
      "\u{1B}[2;5r\u{1B}[5;1H", "\u{1B}[?6h\u{1B}[2;4r", "\u{1B}[?1049hfull", "\u{1B}[31;1m", "\u{1B}(0",
      "\u{1B}[4h", "\u{1B}[3;3H\u{1B}7\u{1B}[H", "\u{1B}[7;30Hx", "\u{1B}[?7l\u{1B}[1;28H",
    ] {
      var terminal = TerminalScreen(columns: 30, rows: 8)
      terminal.feed(Array(("one\r\ntwo\r\nthree" + setting).utf8))
      var again = TerminalScreen(columns: 30, rows: 8)
      again.feed(StateDump.encode(terminal.screen))
      let rest = Array("qqq\n\n\nlonger text\r\n\u{1B}8back\u{1B}[?1049lend".utf8)
      terminal.feed(rest)
      again.feed(rest)
      #expect(again.screen.visibleDifference(from: terminal.screen) == nil, "after \(setting.dropFirst())")
    }
  }
}
