import Testing

@testable import Platform

@Suite struct ManualPageTests {
  private let page = ManualPage(SampleProgram.program).text

  @Test func groffReadsItWithoutAWarning() throws {
    try ToolRun.withFile(page) { path in
      guard let run = try ToolRun.run("groff", ["-ww", "-man", "-Tascii", "-P-c", path]) else {
        return print("groff is not installed: the man page is not checked")
      }
      #expect(run.error == "" && run.status == .exited(0))
      // groff marks bold and underlined letters by overstriking: "N\u{8}NA\u{8}A".
      var text = ""
      for scalar in run.output.unicodeScalars {
        if scalar == "\u{8}" { text.unicodeScalars.removeLast() } else { text.unicodeScalars.append(scalar) }
      }
      let shows = [
        "sample - Play and search recordings", "sample grep [OPTION]... [PATTERN] [PATH]...",
        "-e, --regexp PATTERN",
        "The index's folder", "$ sample grep --in commands 'rm -rf' ~/rec", "  space    pause",
        "Only name the recordings. Each is named once.", "--color auto|always|never",
      ]
      for piece in shows { #expect(text.contains(piece), "\(piece)") }
      #expect(!text.contains("debug-dump") && !text.contains("secret"))
    }
  }

  @Test func manReadsItWithoutAWarning() throws {
    try ToolRun.withFile(page) { path in
      guard let run = try ToolRun.run("man", ["--warnings", "-l", path], environment: ["MANPAGER": "cat"])
      else {
        return print("man is not installed: the man page is not checked")
      }
      #expect(run.error == "" && run.status == .exited(0))
    }
  }

  @Test func whatRoffTakesForItselfIsEscaped() {
    let cases = [
      (".TH", "\\&.TH"), ("a.b", "a.b"), ("'quoted'", "\\(aqquoted\\(aq"), ("a\\b", "a\\(rsb"),
      ("--x", "\\-\\-x"),
      ("\"", "\\(dq"), ("~^`", "\\(ti\\(ha\\(ga"), ("é漢", "\\[u00E9]\\[u6F22]"), ("a\tb\nc", "a b c"),
    ]
    for (text, expected) in cases { #expect(ManualPage.escaped(text) == expected) }
  }
}
