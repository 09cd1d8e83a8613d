import Platform
import Testing

/// `ssmplay screen` on raw output of terminals, as its users run it.
@Suite struct ScreenCommandTests {
  private let workspace: Workspace
  init() throws { workspace = try Workspace() }

  /// What it prints of some output on a screen of 20x4.
  private func screen(_ raw: String, _ flags: [String] = []) throws -> String {
    let file = try workspace.write(raw, to: "output.raw")
    let run = try workspace.run("ssmplay", ["screen", "--cols", "20", "--rows", "4"] + flags + [file])
    #expect(run.status == .exited(0) && run.errorText == "", "\(run.allText)")
    return run.text
  }

  @Test func whatTmuxPassesThroughIsObeyedOnRequestOnly() throws {
    let raw = "left \u{1B}Ptmux;\u{1B}\u{1B}[31minside\u{1B}\\ right"
    #expect(try screen(raw).hasPrefix("left  right\n"))
    #expect(try screen(raw, ["--unwrap-tmux"]).hasPrefix("left inside right\n"))
  }

  @Test func aDumpIntoAPipeIsTheSameScreenAgain() throws {
    let cases = [
      "plain text", "\u{1B}[1;31mred\u{1B}[0m\r\n\u{1B}[2;3rregion\u{1B}[?6h\u{1B}[Hhome",
      "\u{1B}[?1049halternate\u{1B}[4;20H!", "wide 日本 \u{1B}#6double\r\n\u{1B}(0lqk\u{1B}(B",
      "\u{1B}[?7l\u{1B}[1;18Habcdef", "\u{1B}H\u{1B}[3g\u{1B}[5C\u{1B}H\u{1B}7\u{1B}[3;3H",
    ]
    for raw in cases {
      let (text, json) = (try screen(raw), try screen(raw, ["--json"]))
      let dump = try screen(raw, ["--ansi"])
      #expect(try screen(dump) == text, "\(raw.printable)")
      #expect(try screen(dump, ["--json"]) == json, "\(raw.printable)")
      // Modes, margins and saved cursor are in it too: what is written next lands in the same place.
      let more = "\t\u{1B}8next\n\nlast"
      #expect(try screen(dump + more) == (try screen(raw + more)), "\(raw.printable)")
    }
  }
}
