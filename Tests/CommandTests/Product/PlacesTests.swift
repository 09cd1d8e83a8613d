import Platform
import Testing

/// The programs where people really sit: odd paths and names, other locales and zones, small and dumb terminals.
@Suite struct PlacesTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// A recording with letters of three scripts, a colored word and a marker.
  private func recording(at name: String) throws -> String {
    let text = #"""
      {"version":3,"term":{"cols":80,"rows":24},"timestamp":1763706662,"title":"naïve 日本"}
      [0.1,"o","plain \u001b[31mred-word\u001b[0m\r\n"]
      [0.2,"o","žluťoučký 日本語 😀\r\n"]
      [0.1,"m","before"]
      [0.1,"o","end\r\n"]
      """#
    return try workspace.write(text + "\n", to: name)
  }

  @Test(arguments: [
    "with space.cast", "new\nline.cast", "tab\tand'quote\".cast", "-starts-with-a-dash.cast", "naïve-日本.cast",
    "user@host+x=1,2.cast",
  ])
  func everyCommandTakesAPathAsItIs(name: String) throws {
    let path = try recording(at: name)
    let commands = [
      ["show"], ["screen"], ["export", "--to", "txt"], ["grep", "red-word"],
      ["grep", "-c", "-e", "red-word"],
      ["play", "--no-controls", "--speed", "50"],
    ]
    for command in commands {
      let run = try workspace.run("ssmplay", command + [path])
      #expect(run.status == .exited(0), "\(command): \(run.allText)")
    }
    let listed = try workspace.run("ssmplay", ["ls", "--json", workspace.folder])
    #expect(try JSON(parsing: String(listed.text.split(separator: "\n")[0]))["file"]?.string == path)
    // A name is one line, whatever is in it: nobody can forge a second hit.
    let hits = try workspace.run("ssmplay", ["grep", "red-word", workspace.folder])
    #expect(hits.text.split(separator: "\n").count == 1, "\(hits.text)")
  }

  @Test(arguments: ["C", "POSIX", "C.UTF-8", "cs_CZ.ISO-8859-2", "nonsense"])
  func textIsUTF8WhateverTheLocale(locale: String) throws {
    let path = try recording(at: "a.cast")
    workspace.environment.variables["LANG"] = locale
    workspace.environment.variables["LC_ALL"] = locale
    let screen = try workspace.run("ssmplay", ["screen", path])
    #expect(screen.text.contains("žluťoučký 日本語 😀"), "\(screen.allText)")
    let found = try workspace.run("ssmplay", ["grep", "-i", "ŽLUŤ", path])
    #expect(found.status == .exited(0), "\(found.allText)")
  }

  @Test func timesOfTheListAreLocalAndThoseForMachinesAreUTC() throws {
    let path = try recording(at: "a.cast")
    for (zone, hour) in [
      ("UTC", "06:31:02"), ("Asia/Kathmandu", "12:16:02"), ("America/St_Johns", "03:01:02"),
    ] {
      workspace.environment.variables["TZ"] = zone
      let shown = try workspace.run("ssmplay", ["show", path])
      #expect(shown.text.contains(hour), "\(zone): \(shown.text)")
      #expect(shown.text.contains("2025-11-21T06:31:02"), "\(zone): \(shown.text)")
    }
  }

  /// What an escape sequence would begin with never reaches a pipe, a dumb terminal or somebody who said no.
  @Test func colorIsOnlyForTerminalsThatHaveIt() throws {
    let path = try recording(at: "a.cast")
    let words = ["grep", "red-word", path]
    let piped = try workspace.run("ssmplay", words)
    #expect(!piped.text.contains("\u{1B}"))
    let cases: [(variables: [String: String], colored: Bool)] = [
      ([:], true), (["NO_COLOR": "1"], false), (["NO_COLOR": ""], true), (["TERM": "dumb"], false),
      (["CLICOLOR_FORCE": "1"], true),
    ]
    for (variables, colored) in cases {
      let before = workspace.environment
      for (name, value) in variables { workspace.environment.variables[name] = value }
      let run = try TerminalRun(workspace.invocation("ssmplay", words))
      #expect(try run.waitForEnd() == .exited(0), "\(run.text)")
      #expect(run.text.contains("\u{1B}[") == colored, "\(variables): \(run.text)")
      workspace.environment = before
    }
  }

  @Test func helpFitsATerminalOfFortyColumns() throws {
    for (program, words) in [
      ("ssmplay", ["--help"]), ("ssmplay", ["grep", "--help"]), ("ssmrec", ["start", "--help"]),
    ] {
      let run = try TerminalRun(workspace.invocation(program, words), columns: 40, rows: 24)
      #expect(try run.waitForEnd() == .exited(0))
      // Examples are commands to copy: those keep their line.
      let prose = run.text.split(separator: "\n").prefix { !$0.contains("Examples") }
      let wide = prose.filter { $0.withoutEscapes.count > 40 }
      #expect(wide == [], "\(program) \(words)")
    }
  }
}

extension Substring {
  /// Without SGR sequences.
  fileprivate var withoutEscapes: String {
    var result = ""
    var inEscape = false
    for character in self {
      if character == "\u{1B}" {
        inEscape = true
      } else if inEscape {
        inEscape = character != "m"
      } else {
        if character != "\r" { result.append(character) }
      }
    }
    return result
  }
}
