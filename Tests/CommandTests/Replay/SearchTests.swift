import Platform
import Testing

/// `ssmplay grep`, `index`, `commands` and `top` as a user runs them, over folders of recordings.
@Suite struct SearchTests {
  private let workspace: Workspace
  private let folder: String

  init() throws {
    workspace = try Workspace()
    folder = workspace.path("casts")
    try File.makeDirectory(folder, permissions: 0o700)
  }

  private func record(_ name: String, _ events: [(Double, String)]) throws {
    var text = "{\"version\":2,\"width\":60,\"height\":10,\"timestamp\":1780000000}\n"
    for (time, data) in events { text += "[\(time),\"o\",\(JSON.string(data).text)]\n" }
    try File.write(Array(text.utf8), to: folder + "/" + name, permissions: 0o600)
  }

  private func found(_ pattern: String, _ options: [String] = []) throws -> (Int32?, [JSON], ProgramRun) {
    let run = try workspace.run("ssmplay", ["grep", "--json"] + options + [pattern, folder])
    let lines = try run.text.split(separator: "\n").map { try JSON(parsing: String($0)) }
    return (run.exitCode, lines, run)
  }

  @Test func aHitOpensWithTheMatchOnTheScreen() throws {
    try record(
      "edit.cast",
      [
        (0, "$ "), (1, "cat sec"), (1.5, "\u{8}\u{1B}[K"), (2, "cret-note"), (3, "\r\n"),
        (4, "\u{1B}[H\u{1B}[2Jgone"),
      ])
    let run = try workspace.run("ssmplay", ["grep", "-o", "cat secret", folder])
    #expect(run.status == .exited(0), "\(run.allText)")
    let place = String(run.text.split(separator: "\n")[0].prefix { $0 != ":" })
    #expect(place.hasSuffix("edit.cast@2.000"), "\(run.text)")
    let time = String(place.split(separator: "@")[1])
    let screen = try workspace.run("ssmplay", ["screen", folder + "/edit.cast", "--at", time])
    #expect(screen.text.contains("$ cat secret-note"), "\(screen.allText)")
  }

  @Test func theIndexGivesTheSameAnswersAsTheRecordings() throws {
    for number in 0..<12 {
      try record(
        "r\(number).cast", [(0.5, "common \(number)\r\n"), (1, number == 5 ? "rare needle\r\n" : "x\r\n")])
    }
    let patterns = ["common", "rare needle", "absent thing", "common 1[01]", "x", "COMMON"]
    let before = try patterns.map { try found($0, ["-i"]).1.dropLast().map(\.text) }
    let index = try workspace.run("ssmplay", ["index", folder])
    #expect(index.status == .exited(0) && index.text.contains("12 recordings"), "\(index.allText)")
    #expect(try patterns.map { try found($0, ["-i"]).1.dropLast().map(\.text) } == before)
    let summary = try found("rare needle").1.last
    #expect(summary?["scanned"]?.integer == 0 && summary?["searched"]?.integer == 12)
    #expect(try found("absent thing").0 == 1)
    #expect(try found("common", ["-C", "1"]).1.contains { $0["type"]?.string == "context" })
    let without = try workspace.run("ssmplay", ["grep", "-L", "rare", folder])
    #expect(without.text.split(separator: "\n").count == 11, "\(without.text)")
    let read = try workspace.run("ssmplay", ["grep", "-L", "--no-index", "rare", folder])
    #expect(without.text == read.text, "in the same order: \(read.text)")
  }

  @Test func whatCannotBeReadIsNamedAndTheAnswerCalledIncomplete() throws {
    try record("good.cast", [(1, "needle\r\n")])
    try File.write(Array("no recording".utf8), to: folder + "/bad.cast", permissions: 0o600)
    let (code, lines, run) = try found("needle")
    #expect(code == 2 && run.errorText.contains("bad.cast"), "\(run.allText)")
    #expect(lines.first?["type"]?.string == "match")
    #expect(lines.last?["skipped"]?.array?.count == 1)
    let index = try workspace.run("ssmplay", ["index", folder])
    #expect(index.exitCode == 2 && index.errorText.contains("bad.cast"), "\(index.allText)")
    #expect(try found("needle").0 == 2)
  }

  /// Killed at any moment, an index answers as before, and the next run completes it.
  @Test func anIndexThatIsKilledStaysUsable() throws {
    let line = String(repeating: "some words to render ", count: 200) + "\r\n"
    for number in 0..<40 { try record("r\(number).cast", [(1, line), (2, "needle \(number)\r\n")]) }
    for delay in [0, 20, 60, 150, 400] {
      let run = try ProgramRun.start(workspace.invocation("ssmplay", ["index", "--rebuild", folder]))
      let start = SystemTime().instant
      try run.wait(until: "a moment", within: 30) { run in
        run.status != nil || SystemTime().instant.microseconds(since: start) >= Int64(delay) * 1000
      }
      if run.status == nil { run.end(with: .kill) }
      let (code, lines, grep) = try found("needle", ["--no-index"].filter { _ in delay == 0 })
      #expect(code == 0 && lines.count == 41, "\(delay): \(grep.errorText)")
    }
    #expect(try workspace.run("ssmplay", ["index", folder]).exitCode == 0)
    let summary = try found("needle 7").1.last
    #expect(summary?["scanned"]?.integer == 0 && summary?["matches"]?.integer == 1)
  }

  @Test func whatABrokenWriterOrALiveOneFlushedIsFound() throws {
    let line = "[1,\"o\",\"needle at the start\\r\\n\"]\n"
    let header = "{\"version\":2,\"width\":60,\"height\":10}\n"
    // The second event is in the making.
    _ = try workspace.write(header + line + "[2,\"o\",\"needle not y", to: "casts/live.cast")
    for options in [["--no-index"], []] {
      let lines = try found("needle", options).1
      #expect(lines.compactMap { $0["text"]?.string } == ["needle at the start"])
    }
  }

  /// Root may read everything, but for what this takes from him.
  @Test func aFolderWithoutRightsIsNamedAndTheAnswerCalledIncomplete() throws {
    try record("good.cast", [(1, "needle\r\n")])
    try File.makeDirectory(folder + "/closed", permissions: 0)
    let limited = [
      "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", Products.path("ssmplay"),
    ]
    let grep = try workspace.run("/usr/bin/setpriv", limited + ["grep", "--json", "needle", folder])
    let lines = try grep.text.split(separator: "\n").map { try JSON(parsing: String($0)) }
    #expect(grep.exitCode == 2 && lines.first?["text"]?.string == "needle", "\(grep.allText)")
    let skipped = lines.last?["skipped"]?.array
    #expect(skipped?.count == 1 && skipped?.first?["file"]?.string == folder + "/closed", "\(grep.allText)")
    let index = try workspace.run("/usr/bin/setpriv", limited + ["index", folder])
    #expect(index.exitCode == 2 && index.errorText.contains("closed"), "\(index.allText)")
  }

  @Test func aHundredThousandLinesFoundInOneSessionAreAllTold() throws {
    let pieces = stride(from: 0, to: 100_000, by: 500).map { start in
      (Double(start) / 1000, (start..<start + 500).map { "hit \($0)\r\n" }.joined())
    }
    try record("many.cast", pieces)
    #expect(try workspace.run("ssmplay", ["index", folder]).exitCode == 0)
    let count = try workspace.run("ssmplay", ["grep", "-c", "^hit [0-9]+$", folder])
    #expect(count.text == folder + "/many.cast:100000\n", "\(count.allText)")
    let names = try workspace.run("ssmplay", ["grep", "-o", "^hit [0-9]+$", folder])
    let told = names.text.split(separator: "\n").map { $0.split(separator: ":").last ?? "" }
    #expect(told.count == 100_000 && told.first == "hit 0" && told.last == "hit 99999")
  }

  /// Two writers wait for each other, and readers for none of them.
  @Test func searchesBesideTwoIndexersFindAll() throws {
    let line = String(repeating: "some words to render ", count: 100) + "\r\n"
    for number in 0..<40 { try record("r\(number).cast", [(1, line), (2, "needle \(number)\r\n")]) }
    for options in [[], ["--rebuild"]] {
      let indexers = try (0..<2).map { _ in
        try ProgramRun.start(workspace.invocation("ssmplay", ["index"] + options + [folder]))
      }
      var searches = 0
      repeat {
        let (code, lines, grep) = try found("needle")
        if code != 0 || lines.count != 41 { Issue.record("\(lines.count) lines: \(grep.errorText)") }
        searches += 1
        for indexer in indexers { try indexer.wait(until: "a moment", within: 60) { _ in true } }
      } while indexers.contains { $0.status == nil } && searches < 200
      for indexer in indexers {
        try indexer.waitForEnd()
        #expect(indexer.exitCode == 0, "\(indexer.allText)")
      }
    }
    let summary = try found("needle 7").1.last
    #expect(summary?["scanned"]?.integer == 0 && summary?["matches"]?.integer == 1)
  }

  @Test func logFoldersOfSudoAreSearchedAndIndexed() throws {
    let log = folder + "/sudo-io/00/00/01"
    try File.makeDirectory(log, permissions: 0o700)
    let parts = [
      ("log", "1780000000:ada:root::/dev/pts/0:24:80\n/home/ada\n/bin/id\n"), ("timing", "4 0.5 14\n"),
      ("ttyout", "needle in log\n"),
    ]
    for (name, text) in parts {
      try File.write(Array(text.utf8), to: log + "/" + name, permissions: 0o600)
    }
    for _ in 0..<2 {
      let (code, lines, grep) = try found("needle")
      #expect(code == 0 && lines.first?["file"]?.string == log, "\(grep.allText)")
      #expect(try workspace.run("ssmplay", ["index", folder]).exitCode == 0)
    }
    #expect(try found("needle").1.last?["scanned"]?.integer == 0)
    // What is added to a part of it is noticed.
    try File.write(Array("4 0.5 14\n4 1.5 5\n".utf8), to: log + "/timing", permissions: 0o600)
    try File.write(Array("needle in log\nmore\n".utf8), to: log + "/ttyout", permissions: 0o600)
    #expect(try found("more").1.first?["file"]?.string == log)
  }

  @Test func commandsAreListedAndCounted() throws {
    let (on, off) = ("\u{1B}[?2004h", "\r\n\u{1B}[?2004l\r")
    try record(
      "c.cast", [(0, on + "$ "), (1, "ls -l"), (2, off + "a\r\n" + on + "$ "), (3, "sudo ls"), (4, off)])
    let list = try workspace.run("ssmplay", ["commands", "--json", folder])
    let commands = try list.text.split(separator: "\n").map { try JSON(parsing: String($0)) }
    #expect(commands.map { $0["text"]?.string } == ["ls -l", "sudo ls"], "\(list.allText)")
    #expect(commands.first?["start"]?.double == 2)
    let top = try workspace.run("ssmplay", ["top", folder])
    #expect(top.text.split(separator: " ").map(String.init) == ["2", "ls\n"], "\(top.allText)")
    #expect(try found("sudo", ["--in", "commands"]).1.count == 2)
  }
}
