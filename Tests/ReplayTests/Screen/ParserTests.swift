import Testing

@testable import Replay

/// Sequences whole, broken and long (vt.md §3.12, 3.14).
@Suite struct ParserTests {
  @Test func controlsActInsideAndAcrossSequences() {
    ScreenRow.check([
      ScreenRow("C0 in a CSI acts at once", "ab\u{1B}[\r1Cx", ["ax"]),
      ScreenRow("ESC in a CSI restarts", "ab\u{1B}[3\u{1B}[Dx", ["ax"]),
      ScreenRow("CAN", "\u{1B}[3\u{18}Cx", ["Cx"]),
      ScreenRow("SUB", "\u{1B}[3\u{1A}Cx", ["Cx"]),
      ScreenRow("DEL in a CSI", "\u{1B}[\u{7F}2Cx", ["  x"]),
      ScreenRow("too many intermediates", "\u{1B}[1 ! px", ["x"]),
      ScreenRow("a prefix in the wrong place", "\u{1B}[1?hx", ["x"]),
      ScreenRow("a digit behind an intermediate", "\u{1B}[ 1qx", ["x"]),
      ScreenRow("text in a CSI ends it", "\u{1B}[1é", ["é"]),
      ScreenRow("colons outside of SGR", "\u{1B}[3:4Hx", ["x"]),
      ScreenRow("CSI > m is no SGR", "\u{1B}[>4;2mx\u{1B}[>1u\u{1B}[?u\u{1B}[=1u\u{1B}[<uy", ["xy"]),
      ScreenRow("queries", "a\u{1B}[c\u{1B}[6n\u{1B}[?6n\u{1B}[>c\u{1B}[?2026$p\u{1B}]10;?\u{7}b", ["ab"]),
    ])
  }

  @Test func stringsAreSwallowed() {
    ScreenRow.check([
      ScreenRow("OSC with BEL", "a\u{1B}]0;title\u{7}b", ["ab"]),
      ScreenRow("OSC with ST", "a\u{1B}]0;title\u{1B}\\b", ["ab"]),
      ScreenRow("OSC with U+009C", "a\u{1B}]0;title\u{9C}b", ["ab"]),
      ScreenRow("BEL does not end a DCS", "a\u{1B}Pq\u{7}x\u{1B}\\b", ["ab"]),
      ScreenRow("APC", "a\u{1B}_Gpayload\u{1B}\\b", ["ab"]),
      ScreenRow("PM", "a\u{1B}^payload\u{1B}\\b", ["ab"]),
      ScreenRow("SOS", "a\u{1B}Xpayload\u{1B}\\b", ["ab"]),
      ScreenRow("screen's title", "a\u{1B}ktitle\u{1B}\\b", ["ab"]),
      ScreenRow("an unfinished title", "a\u{1B}kti\r\nb", ["a", "b"]),
      ScreenRow("CAN aborts", "a\u{1B}]0;ti\u{18}b", ["ab"]),
      ScreenRow("ESC aborts and begins anew", "a\u{1B}]0;ti\u{1B}[2Cb", ["a  b"]),
      ScreenRow("UTF-8 in a title", "\u{1B}]2;Ü œ\u{7}b", ["b"]),
    ])
  }

  @Test func attributesAreReadWithColonsAndSemicolons() {
    func style(_ sequence: String) -> CellStyle {
      var terminal = TerminalScreen(columns: 4, rows: 1)
      terminal.feed(Array(sequence.utf8))
      return terminal.screen.pen
    }
    func made(_ change: (inout CellStyle) -> Void) -> CellStyle {
      var style = CellStyle.plain
      change(&style)
      return style
    }
    let table: [(String, CellStyle)] = [
      ("\u{1B}[1;31m", made { ($0.flags, $0.foreground) = (.bold, .indexed(1)) }),
      ("\u{1B}[1m\u{1B}[m", .plain),
      ("\u{1B}[1;m", .plain),
      ("\u{1B}[4:3m", made { $0.underline = .curly }),
      ("\u{1B}[4m\u{1B}[4:0m", .plain),
      ("\u{1B}[21m", made { $0.underline = .double }),
      ("\u{1B}[38:2::1:2:3m", made { $0.foreground = .rgb(1, 2, 3) }),
      ("\u{1B}[38:2:1:2:3m", made { $0.foreground = .rgb(1, 2, 3) }),
      ("\u{1B}[38;2;1;2;3;1m", made { ($0.foreground, $0.flags) = (.rgb(1, 2, 3), .bold) }),
      ("\u{1B}[48:5:200m", made { $0.background = .indexed(200) }),
      ("\u{1B}[48;5;200;7m", made { ($0.background, $0.flags) = (.indexed(200), .reverse) }),
      ("\u{1B}[58:5:9m", made { $0.underlineColor = .indexed(9) }),
      ("\u{1B}[58;5;9m\u{1B}[59m", .plain),
      ("\u{1B}[1:7;3m", made { $0.flags = .italic }),
      ("\u{1B}[97;107m", made { ($0.foreground, $0.background) = (.indexed(15), .indexed(15)) }),
      ("\u{1B}[38;5m", .plain),
      ("\u{1B}[38;2;1;2m", .plain),
      ("\u{1B}[53m", made { $0.flags = .overline }),
      ("\u{1B}[1;2;22m", .plain),
    ]
    for (sequence, expected) in table { #expect(style(sequence) == expected, "\(sequence.dropFirst())") }
  }

  @Test func whatIsTooLongIsBounded() {
    var terminal = TerminalScreen(columns: 20, rows: 3)
    terminal.feed(
      Array("\u{1B}[".utf8) + [UInt8](repeating: UInt8(ascii: ";"), count: 100_000) + Array("1ma".utf8))
    terminal.feed(
      Array("\u{1B}[".utf8) + [UInt8](repeating: UInt8(ascii: "9"), count: 100_000) + Array("Cb".utf8))
    #expect(terminal.text(row: 0) == "a                  b")
    terminal.feed(Array("\u{1B}]2;".utf8))
    let part = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    for _ in 0..<8 { terminal.feed(part) }
    #expect(terminal.parser.payload.count == Parser.payloadLimit)
    terminal.feed([0x07] + Array("\rc".utf8))
    #expect(terminal.parser.payload.isEmpty && terminal.screen.titles.window.count == Titles.lengthLimit)
    #expect(terminal.text(row: 0).first == "c")
  }
}
