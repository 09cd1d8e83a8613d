import Testing

@testable import Replay

/// A dump of the whole state, read by our own parser, is the same state (`Screen.stateDifference`).
@Suite struct StateDumpTests {
  private static func difference(_ terminal: TerminalScreen) -> String? {
    var again = TerminalScreen(columns: terminal.columns, rows: terminal.rows)
    again.feed(StateDump.encode(terminal.screen))
    return again.screen.brokenInvariant() ?? again.screen.stateDifference(from: terminal.screen)
  }

  /// Where no sequence puts a cursor: outside of the margins in origin mode, and beyond the middle of a line of double
  /// width that scrolled under it.
  private static func isReachable(_ screen: Screen) -> Bool {
    let isInside = screen.isInMargins || !screen.modes.contains(.origin)
    return isInside && screen.cursor.column < screen.columns(inRow: screen.cursor.row)
  }

  @Test func everyPartOfTheStateComesBack() {
    let table: [(name: String, input: String)] = [
      ("margins", "\u{1B}[2;3r\u{1B}[4Hx"),
      ("side margins", "\u{1B}[?69h\u{1B}[2;9s\u{1B}[2;3r"),
      ("side margins and a pending wrap", "\u{1B}[?69h\u{1B}[2;5s\u{1B}[2;4Hab"),
      ("origin mode", "\u{1B}[2;3r\u{1B}[?6hx"),
      ("no autowrap", "\u{1B}[?7l1234567890ab"),
      ("no autowrap after a wrap was pending", "1234567890\u{1B}[?7l"),
      ("insert mode", "abc\u{1B}[4h\r"),
      ("newline mode", "\u{1B}[20h\u{1B}[2;3H"),
      ("tab stops", "\u{1B}[3g\u{1B}[4G\u{1B}H\u{1B}[2G"),
      ("charsets", "\u{1B}(0\u{1B})A\u{E}"),
      ("upper charsets and a single shift", "\u{1B}*0\u{1B}+A\u{1B}|\u{1B}N"),
      ("pen", "\u{1B}[1;4:3;38;2;1;2;3m\u{1B}]8;id=a;http://b.c\u{1B}\\"),
      ("protected pen", "\u{1B}[1\"qab\u{1B}[0\"qc\u{1B}[1\"q"),
      ("ISO protection", "\u{1B}Vab\u{1B}Wc"),
      ("saved cursor", "\u{1B}[3;4H\u{1B}[31m\u{1B}(0\u{1B}7\u{1B}(B\u{1B}[m\u{1B}[H"),
      ("saved pending wrap", "1234567890\u{1B}7\u{1B}[H"),
      ("saved in origin mode", "\u{1B}[2;3r\u{1B}[?6h\u{1B}[2;2H\u{1B}7\u{1B}[?6l\u{1B}[r"),
      ("alternate screen", "one\u{1B}[31m\u{1B}[2;2H\u{1B}[?1049htwo\u{1B}7\u{1B}[H"),
      ("alternate screen by 47", "one\u{1B}[?47htwo"),
      ("mouse and paste", "\u{1B}[?1002;1006;2004h\u{1B}[?25l"),
      ("cursor shape", "\u{1B}[4 q"),
      ("reverse screen", "\u{1B}[?5h"),
      ("132 columns", "\u{1B}[?3hx"),
      ("clusters", "\u{1B}[?2027h\u{2764}\u{FE0F}"),
      ("double width, beyond the middle", "1234567890\u{1B}[1;1H\u{1B}#6"),
      ("double height", "12345\u{1B}#3\r\n12345\u{1B}#4"),
      ("a wrapped line", "1234567890abc"),
      ("a wide character that wrapped", "123456789\u{4E2D}"),
      ("a pending wrap on a blank", "\u{1B}[4H1234567890\u{1B}[2;2;4;10$z"),
    ]
    for (name, input) in table {
      var terminal = TerminalScreen(columns: 10, rows: 4)
      terminal.feed(Array(input.utf8))
      #expect(Self.difference(terminal) == nil, "\(name)")
    }
  }

  @Test func cellsBeyondTheMiddleOfALineOfDoubleWidthAreKept() {
    var terminal = TerminalScreen(columns: 10, rows: 2)
    terminal.feed(Array("1234567890\r\u{1B}#6".utf8))
    for dump in [ScreenDump.encode(terminal.screen), StateDump.encode(terminal.screen)] {
      var again = TerminalScreen(columns: 10, rows: 2)
      again.feed(dump + Array("\u{1B}[H\u{1B}#5".utf8))
      #expect(again.text(row: 0) == "1234567890")
    }
  }

  @Test(arguments: 0..<8) func noiseComesBack(group: UInt64) {
    for seed in group * 100..<group * 100 + 12 {
      var noise = NoiseStream(seed: seed)
      var random = SeededRandom(seed: seed ^ 0x77)
      var terminal = TerminalScreen(
        columns: Int.random(in: 1...14, using: &random), rows: Int.random(in: 1...7, using: &random))
      for _ in 0..<6 {
        terminal.feed(noise.bytes(30))
        guard Self.isReachable(terminal.screen) else { continue }
        if let difference = Self.difference(terminal) {
          Issue.record("seed \(seed): \(difference)")
          break
        }
      }
    }
  }

  @Test func recordingsComeBack() throws {
    for recording in try RecordedOutput.all(limit: 1 << 15) {
      var terminal = TerminalScreen(columns: recording.columns, rows: recording.rows)
      for piece in recording.pieces { terminal.take(piece) }
      guard Self.isReachable(terminal.screen) else { continue }
      #expect(Self.difference(terminal) == nil, "\(recording.name)")
    }
  }
}
