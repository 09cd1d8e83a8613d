import Testing

@testable import Replay

@Suite struct SafeOutputTests {
  private func shown(_ bytes: [UInt8]) -> [UInt8] {
    var filter = SafeOutput()
    var output: [UInt8] = []
    filter.append(bytes, to: &output)
    return output
  }

  private func shown(_ text: String) -> String { String(decoding: shown(Array(text.utf8)), as: UTF8.self) }

  @Test func drawingGoesThroughAsItIs() {
    for text in [
      "plain é€😀\r\n\t\u{8}\u{7}", "\u{1B}[1;31mred\u{1B}[0m", "\u{1B}[38;2;1;2;3m\u{1B}[4:3m",
      "\u{1B}[2J\u{1B}[H",
      "\u{1B}[?25l\u{1B}[?1049h", "\u{1B}7\u{1B}8\u{1B}M\u{1B}D\u{1B}E\u{1B}c",
      "\u{1B}(0lqk\u{1B}(B\u{0E}\u{0F}",
      "\u{1B}#8", "\u{1B}[3;9r\u{1B}[5L\u{1B}[2M\u{1B}[4@\u{1B}[3P\u{1B}[2X\u{1B}[3b", "\u{1B}[4 q\u{1B}[!p",
      "\u{1B}[s\u{1B}[u\u{1B}[g\u{1B}[4h", "\u{1B}[1;2;3;4$r",
    ] where shown(text) != text { Issue.record("\(text.debugDescription): \(shown(text).debugDescription)") }
  }

  @Test func whatCouldReachTheViewersShellIsLeftOut() {
    let table: [(String, String)] = [
      ("clipboard", "\u{1B}]52;c;cm0gLXJmIC8K\u{7}"), ("clipboard with ST", "\u{1B}]52;c;eA==\u{1B}\\"),
      ("title", "\u{1B}]0;t\u{7}"), ("icon", "\u{1B}]1;t\u{7}"), ("window title", "\u{1B}]2;t\u{1B}\\"),
      ("screen title", "\u{1B}kt\u{1B}\\"), ("color query", "\u{1B}]11;?\u{7}"),
      ("palette", "\u{1B}]4;1;?\u{7}"),
      ("iTerm", "\u{1B}]1337;File=x:eA==\u{7}"), ("DA1", "\u{1B}[c"), ("DA1 with 0", "\u{1B}[0c"),
      ("DA2", "\u{1B}[>c"), ("DA3", "\u{1B}[=c"), ("DSR", "\u{1B}[5n"), ("CPR", "\u{1B}[6n"),
      ("DECXCPR", "\u{1B}[?6n"), ("DECID", "\u{1B}Z"), ("ENQ", "\u{5}"), ("XTVERSION", "\u{1B}[>q"),
      ("DECRQM", "\u{1B}[?2026$p"), ("ANSI DECRQM", "\u{1B}[4$p"), ("kitty keyboard query", "\u{1B}[?u"),
      ("kitty keyboard push", "\u{1B}[>1u"), ("modifyOtherKeys", "\u{1B}[>4;2m"),
      ("window report", "\u{1B}[18t"),
      ("title report", "\u{1B}[21t"), ("resize", "\u{1B}[8;24;80t"), ("DECREQTPARM", "\u{1B}[x"),
      ("mouse", "\u{1B}[?1000;1002;1006h"), ("focus", "\u{1B}[?1004h"), ("paste", "\u{1B}[?2004h"),
      ("application keys", "\u{1B}[?1h\u{1B}="), ("locked keyboard", "\u{1B}[2h"), ("printing", "\u{1B}[5i"),
      ("DECRQSS", "\u{1B}P$qm\u{1B}\\"), ("XTGETTCAP", "\u{1B}P+q544e\u{1B}\\"),
      ("keys", "\u{1B}P1;1|17/78\u{1B}\\"),
      ("tmux", "\u{1B}Ptmux;\u{1B}\u{1B}]52;c;eA==\u{7}\u{1B}\\"),
      ("kitty graphics", "\u{1B}_Gi=1,a=q;AAAA\u{1B}\\"),
      ("privacy message", "\u{1B}^x\u{1B}\\"), ("start of string", "\u{1B}Xx\u{1B}\\"),
      ("C1 OSC", "\u{9D}52;c;eA==\u{9C}"), ("C1 CSI", "\u{9B}6n"), ("C1 DCS", "\u{90}$qm\u{9C}"),
      ("CSI with a control inside", "\u{1B}[6\u{0}n"), ("DECRQCRA", "\u{1B}[1;1;1;1;1;1*y"),
      ("DECRQPSR", "\u{1B}[1$w"), ("locator", "\u{1B}['|"), ("SGR report", "\u{1B}[#|"),
      ("sixel query", "\u{1B}[?1;1;0S"), ("unended", "\u{1B}]52;c;eA=="),
      ("long", "\u{1B}]8;;" + String(repeating: "x", count: 9000) + "\u{7}"),
    ]
    for (name, text) in table {
      let found = shown("a" + text).replacing("\u{1B}\\", with: "")
      if found != "a" && found != "a\u{7}" { Issue.record("\(name): \(found.debugDescription)") }
    }
  }

  @Test func listsOfModesKeepThoseThatDraw() {
    #expect(shown("\u{1B}[?1049;1000;25h") == "\u{1B}[?1049;25h")
    #expect(
      shown("\u{1B}]8;;http://x\u{7}link\u{1B}]8;;\u{7}")
        == "\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\")
    #expect(shown("\u{9B}1mx") == "\u{1B}[1mx")
    #expect(shown("\u{1B}[1\u{1B}[2mx") == "\u{1B}[2mx")
    #expect(shown("\u{1B}[1\u{18}2mx") == "2mx")
    #expect(shown("\u{1B}]0;t\u{1B}[1mx") == "\u{1B}[1mx")
    #expect(shown([0x41, 0x9B, 0x36, 0x6E]) == Array("A\u{FFFD}6n".utf8))
  }

  @Test func everySplitShowsTheSame() {
    let text =
      "a\u{1B}[?1049;1000hé\u{1B}]52;c;eA==\u{1B}\\\u{1B}]8;;u\u{7}€\u{9B}1m\u{1B}[6n\u{90}q\u{9C}😀\u{1B}Z\u{1B}(0"
    let bytes = Array(text.utf8) + [0x80, 0xC2, 0xC2, 0x9B, 0x31, 0x6D, 0xE2, 0x82, 0x1B, 0x5B, 0x6D]
    let whole = shown(bytes)
    for cut in 1..<bytes.count {
      var filter = SafeOutput()
      var output: [UInt8] = []
      filter.append(Array(bytes[..<cut]), to: &output)
      filter.append(Array(bytes[cut...]), to: &output)
      if output != whole { Issue.record("cut at \(cut)") }
    }
  }

  /// What came through goes through again unchanged: a second look finds nothing that the first one missed.
  @Test func randomBytesComeOutSafe() {
    var random = SeededRandom(seed: 11)
    let alphabet = Array("\u{1B}\u{1B}[]P_?;>=0152hlcntqu$\"\\\u{7}\u{9B}\u{9D}k8Z é".utf8)
    for _ in 0..<2000 {
      let bytes = (0..<40).map { _ in
        UInt8.random(in: 0...4, using: &random) == 0
          ? random.bytes(1)[0] : alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      let once = shown(bytes)
      if shown(once) != once { Issue.record("\(bytes) gives \(once)") }
    }
  }

  @Test func theResetLeavesTheAlternateScreenOnlyWhereItWasEntered() {
    var filter = SafeOutput()
    var output: [UInt8] = []
    let leaving = Array("\u{1B}[?1049l".utf8)
    #expect(!filter.reset.starts(with: leaving))
    filter.append(Array("\u{1B}[?1049hx".utf8), to: &output)
    #expect(filter.reset.starts(with: leaving))
    #expect(filter.reset.suffix(2) == [0x0D, 0x0A])
    filter.append(Array("\u{1B}[?1049l\r\n".utf8), to: &output)
    #expect(!filter.reset.starts(with: leaving))
    #expect(filter.reset.last == UInt8(ascii: "m"))
  }
}
