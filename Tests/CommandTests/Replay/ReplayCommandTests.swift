import Platform
import Testing

/// `ssmplay` on recordings that `ssmrec` made: list, show, search, play.
@Suite struct ReplayCommandTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    for word in ["alpha", "omega"] {
      let run = try workspace.run(
        "ssmrec", ["start", "-t", "local", "-q", "--title", "about \(word)", "--reason", "ticket \(word)"],
        input: "printf '\\033[32mword-%s\\033[0m\\n' \(word)\nexit\n")
      #expect(run.status == .exited(0), "\(run.allText)")
    }
  }

  /// Both may have begun in the same second, and then sort by their ids.
  private func recording(about word: String) throws -> Recording {
    let all = try workspace.recordings().map { try Recording($0, in: workspace) }
    return try #require(all.first { $0.header["title"]?.string == "about \(word)" })
  }

  @Test func lsListsEveryRecordingOnceAndFilters() throws {
    let all = try workspace.run("ssmplay", ["ls"])
    #expect(all.status == .exited(0), "\(all.allText)")
    #expect(all.text.contains("local"))
    let json = try workspace.run("ssmplay", ["ls", "--json"])
    #expect(json.text.split(separator: "\n").count >= 2, "\(json.text)")
    let none = try workspace.run("ssmplay", ["ls", "--target", "i-none", "--json"])
    #expect(!none.text.contains("alpha"))
    let one = try workspace.run("ssmplay", ["ls", "--reason", "ticket o"])
    #expect(one.status == .exited(0), "\(one.allText)")
  }

  @Test func showKnowsARecordingByFileAndBySessionID() throws {
    let recording = try recording(about: "alpha")
    let shown = try workspace.run("ssmplay", ["show", recording.path])
    #expect(shown.status == .exited(0) && shown.text.contains("about alpha"), "\(shown.allText)")
    let session = recording.header["ssm"]?["session_id"]?.string ?? "?"
    let byID = try workspace.run("ssmplay", ["show", session, "--json"])
    #expect(byID.status == .exited(0), "\(byID.allText)")
    #expect(try JSON(parsing: byID.text) != .null)
  }

  @Test func grepFindsTextThroughItsColorsAndTellsByItsStatus() throws {
    let found = try workspace.run("ssmplay", ["grep", "word-(alpha|omega)"])
    #expect(found.status == .exited(0), "\(found.allText)")
    #expect(found.text.contains("word-alpha") && found.text.contains("word-omega"))
    #expect(found.text.split(separator: "\n").allSatisfy { $0.contains(".cast.gz@") }, "\(found.text)")
    #expect(try workspace.run("ssmplay", ["grep", "no such thing"]).status == .exited(1))
    #expect(try workspace.run("ssmplay", ["grep", "(unclosed"]).status == .exited(2))
    #expect(try workspace.run("ssmplay", ["grep", "-F", "-c", "word-alpha"]).status == .exited(0))
    let json = try workspace.run("ssmplay", ["grep", "--json", "-F", "word-omega"])
    let lines = try json.text.split(separator: "\n").map { try JSON(parsing: String($0)) }
    #expect(
      lines.first?["type"]?.string == "match" && lines.last?["type"]?.string == "summary", "\(json.text)")
    #expect(lines.first?["text"]?.string?.contains("word-omega") == true)
  }

  @Test func playWritesTheSessionsBytes() throws {
    let path = try recording(about: "alpha").path
    let played = try workspace.run("ssmplay", ["play", "--speed", "50", "--no-controls", path])
    #expect(played.status == .exited(0), "\(played.allText)")
    #expect(played.text.contains("\u{1B}[32mword-alpha"))
    let short = try workspace.run("ssmplay", ["--speed", "50", path])
    #expect(short.text.contains("word-alpha"), "play is the default: \(short.allText)")
  }

  @Test func playOnATerminalPausesQuitsAndRestoresIt() throws {
    let long = workspace.path("long.cast")
    var text = #"{"version":2,"width":80,"height":24}"# + "\n"
    for second in 0..<60 { text += "[\(second).5,\"o\",\"tick-\(second)\\r\\n\"]\n" }
    _ = try workspace.write(text, to: "long.cast")
    // The player starts only when the terminal's settings have been looked at.
    let run = try TerminalRun(
      workspace.invocation(
        "sh", ["-c", "read -r go; ssmplay play \(long); echo \"ended with $?\"; read -r line"]))
    let before = TerminalRun.newSettings
    try run.enter("go")
    try run.wait(for: "tick-1")
    try run.type(" ")
    #expect(try run.settings() != before)
    try run.type("q")
    try run.wait(for: "ended with 0")
    #expect(try run.settings() == before)
    #expect(!run.text.contains("tick-20"))
  }

  @Test func filesThatAreNoRecordingsAreNamedWithTheCause() throws {
    let cases = [
      ("missing.cast", nil), ("empty.cast", ""), ("words.cast", "just some words\n"),
      ("binary.cast.gz", "\u{1F}\u{8B}"),
    ]
    for (name, contents) in cases {
      if let contents { _ = try workspace.write(contents, to: name) }
      for command in [["play", "--no-controls"], ["show"], ["export", "--to", "raw"]] {
        let run = try workspace.run("ssmplay", command + [workspace.path(name)])
        #expect(run.status != .exited(0), "\(command) \(name)")
        #expect(
          run.errorText.contains(name) && run.errorText.split(separator: "\n").count == 1, "\(run.allText)")
      }
    }
  }
}
