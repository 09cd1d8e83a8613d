import Platform
import Testing

/// What every program says of itself.
@Suite struct HelpTests {
  private let workspace: Workspace
  init() throws { workspace = try Workspace() }

  private static let commands: [String: [String]] = [
    "ssmrec": ["start", "attach", "agent", "config"], "ssmplay": ["play", "ls", "show", "grep", "export"],
  ]

  @Test func helpIsThereInShortAndInFullForEveryCommand() throws {
    for (program, commands) in Self.commands {
      let version = try workspace.run(program, ["--version"])
      #expect(
        version.status == .exited(0) && version.text.split(separator: "\n").count == 1, "\(version.allText)")
      for command in [[]] + commands.map({ [$0] }) {
        let short = try workspace.run(program, command + ["-h"])
        let full = try workspace.run(program, command + ["--help"])
        #expect(short.status == .exited(0) && full.status == .exited(0), "\(program) \(command)")
        #expect(short.errorText == "" && full.errorText == "")
        #expect(full.text.utf8.count > short.text.utf8.count, "\(program) \(command)")
      }
      #expect(
        commands.allSatisfy { name in (try? workspace.run(program, ["-h"]).text.contains(name)) == true })
    }
  }

  @Test func unknownWordsNameTheNearestKnownOne() throws {
    let cases: [(String, [String], String)] = [
      ("ssmrec", ["strat"], "start"), ("ssmrec", ["start", "--traget", "x"], "--target"),
      ("ssmplay", ["grpe", "x"], "grep"), ("ssmplay", ["ls", "--jsno"], "--json"),
    ]
    for (program, arguments, nearest) in cases {
      let run = try workspace.run(program, arguments)
      #expect(run.status == .exited(2) && run.text == "", "\(arguments): \(run.allText)")
      #expect(run.errorText.contains(nearest), "\(run.errorText)")
    }
  }

  @Test func manualsAndCompletionsAreWrittenFromTheDeclarations() throws {
    for (program, commands) in Self.commands {
      let man = try workspace.run(program, ["--generate", "man"])
      #expect(man.status == .exited(0) && man.text.contains(".TH"), "\(man.allText.prefix(200))")
      for shell in ["bash", "zsh", "fish"] {
        let script = try workspace.run(program, ["--generate", shell])
        #expect(script.status == .exited(0), "\(program) \(shell)")
        #expect(commands.allSatisfy { script.text.contains($0) }, "\(program) \(shell)")
        if shell == "bash" {
          let file = try workspace.write(script.text, to: "completion.bash")
          let check = try workspace.run("bash", ["-n", file])
          #expect(check.status == .exited(0), "\(check.allText)")
        }
      }
    }
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let run = try workspace.run("bash", ["-c", "ssmplay --help | true; echo ${PIPESTATUS[0]}"])
    #expect(run.errorText == "", "\(run.errorText)")
  }
}
