import Platform
import Testing

/// `ssmrec start --target local`: the whole path on this machine, as a person and as a script use it.
@Suite struct LocalSessionTests {
  private let workspace: Workspace
  init() throws { workspace = try Workspace() }

  @Test func aShellOnATerminalIsShownAndRecorded() throws {
    let run = try TerminalRun(
      workspace.invocation("ssmrec", ["start", "--target", "local", "--title", "a test"]), columns: 97,
      rows: 31)
    let before = TerminalRun.newSettings
    try run.wait(for: "Starting session with SessionId: ")
    try run.enter("echo size $(stty size) mark-$((40+2))")
    try run.wait(for: "size 31 97 mark-42")
    #expect(try run.settings() != before, "a session's terminal is raw")
    try run.resize(columns: 120, rows: 40)
    // The new size travels as a message of its own: ask until it has arrived.
    try run.enter("until stty size | grep -q '40 120'; do sleep 0.1; done; echo resized-$((1+1))")
    try run.wait(for: "resized-2")
    try run.enter("printf 'gr\\303\\274n \\033[31mred\\033[0m\\n'; exit 3")
    try run.wait(for: "grün \u{1B}[31mred\u{1B}[0m")
    try run.wait(for: "Exiting session with sessionId: ")
    #expect(try run.waitForEnd() == .exited(0), "the remote status is not ours without --return")

    let recording = try workspace.onlyRecording()
    #expect(recording.complaint == "")
    #expect(recording.header["version"]?.integer == 3)
    #expect(recording.header["term"]?["cols"]?.integer == 97)
    #expect(recording.header["title"]?.string == "a test")
    #expect(recording.header["ssm"]?["target"]?.string == "local")
    #expect(recording.text("o").contains("grün \u{1B}[31mred\u{1B}[0m"))
    #expect(recording.text("r").contains("120x40"))
    #expect(recording.text("i").contains("resized-$((1+1))\r"), "what was shown is kept")
    #expect(recording.states.last == "closed")
    #expect(try File.status(recording.path).permissions == 0o600)
    #expect(try File.status(workspace.path("recordings")).permissions == 0o700)
  }

  @Test func aPipeIsTypedAndReadUntilTheSessionCloses() throws {
    let run = try workspace.run(
      "ssmrec", ["start", "--target", "local", "--quiet", "-o", workspace.path("pipe.cast.gz")],
      input: "echo mark-$((40+2))\nsleep 1; echo late-$((1+2))\nexit\n")
    #expect(run.status == .exited(0), "\(run.allText)")
    #expect(run.text.contains("mark-42") && run.text.contains("late-3"))
    #expect(run.errorText == "")
    let recording = try Recording(workspace.path("pipe.cast.gz"), in: workspace)
    #expect(recording.text("o").contains("late-3"))
    #expect(try workspace.exported(recording.path) == run.text, "what was shown is what was recorded")
  }

  @Test func inputIsKeptAsTheOptionSays() throws {
    let cases: [(policy: [String], isKept: Bool)] = [
      ([], false), (["--input", "masked"], false), (["--input", "none"], false), (["--input", "full"], true),
    ]
    for (index, (policy, isKept)) in cases.enumerated() {
      let path = workspace.path("\(index).cast.gz")
      let run = try ProgramRun.start(
        workspace.invocation("ssmrec", ["start", "--target", "local", "-q", "-o", path] + policy))
      try run.type("read -rs -p asking-$((1+1)) secret; echo got-${#secret}\n")
      try run.wait(for: "asking-2")
      try run.type("hunter2\n")
      try run.wait(for: "got-7")
      try run.type("exit\n")
      try run.waitForEnd()
      #expect(run.status == .exited(0), "\(run.allText)")
      let recording = try Recording(path, in: workspace)
      #expect(recording.text("i").contains("hunter2") == isKept, "for \(policy)")
    }
  }

  @Test func aCommandDocumentRunsItsCommandAlone() throws {
    let request = [
      "start", "--target", "local", "-q", "--document-name", "AWS-StartInteractiveCommand", "--parameters",
    ]
    for parameters in [#"{"command":["echo mark-$((40+2)); exit 7"]}"#, "command=echo mark-$((40+2))"] {
      let run = try workspace.run("ssmrec", request + [parameters])
      #expect(run.status == .exited(0) && run.text.contains("mark-42"), "\(run.allText)")
    }
  }

  @Test func aCommandWithoutATerminalGivesItsStatusOnRequest() throws {
    let request = [
      "start", "--target", "local", "-q", "--document-name", "AWS-StartNonInteractiveCommand", "--parameters",
      "command=ls /nope",
    ]
    let remote = try workspace.run("ls", ["/nope"])
    let run = try workspace.run("ssmrec", request + ["--return"])
    #expect(run.status == remote.status && run.status != .exited(0), "\(run.allText)")
    #expect(run.text.contains("/nope") && run.text.contains("EXIT_CODE: \(remote.exitCode ?? -1)"))
    let recording = try workspace.onlyRecording()
    #expect(recording.text("o") == "" && recording.text("e").contains("/nope"))
    #expect(recording.text("x") == "\(remote.exitCode ?? -1)" && recording.states.last == "closed")
    #expect(try workspace.run("ssmrec", request).status == .exited(0), "without --return it is not ours")
  }

  @Test func outputIsNotReplacedUnasked() throws {
    let path = try workspace.write("precious", to: "taken.cast.gz")
    let request = ["start", "--target", "local", "-q", "-o", path]
    let refused = try workspace.run("ssmrec", request, input: "exit\n")
    #expect(refused.status == .exited(2))
    #expect(refused.errorText.contains("taken.cast.gz") && refused.errorText.contains("--overwrite"))
    #expect(try File.read(path) == Array("precious".utf8))
    #expect(try workspace.run("ssmrec", request + ["--overwrite"], input: "exit\n").status == .exited(0))
    #expect(try Recording(path, in: workspace).header["version"]?.integer == 3)
  }

  @Test func requestsAreCheckedBeforeTheyAreSent() throws {
    let cases: [[String]] = [
      [], ["--target", ""], ["--target", String(repeating: "x", count: 401)],
      ["--target", "local", "--document-name", "no spaces please"],
      ["--target", "local", "--document-name", "ab"],
      ["--target", "local", "--reason", String(repeating: "y", count: 257)],
      ["--target", "local", "--reason", "two\nlines"], ["--target", "local", "--parameters", "{"],
      ["--target", "local", "--parameters", #"{"a":1}"#], ["--target", "local", "--input", "some"],
      ["--target", "local", "--cli-input-json", "[]"], ["--target", "local", "--no-such-option"],
    ]
    for arguments in cases {
      let run = try workspace.run("ssmrec", ["start"] + arguments, within: 20)
      #expect(run.status == .exited(2), "for \(arguments): \(run.allText)")
      #expect(run.text == "" && !run.errorText.isEmpty, "for \(arguments)")
    }
    #expect(try workspace.recordings() == [])
  }

  @Test func aReaderThatLeavesDoesNotEndTheRecording() throws {
    let run = try workspace.run(
      "sh", ["-c", "printf 'seq 1 20000\\nexit\\n' | ssmrec start -t local -q | head -n 3"])
    #expect(run.status == .exited(0), "\(run.allText)")
    try TestWait.until("the recording is closed") {
      try workspace.recordings().count == 1 && workspace.onlyRecording().states.last == "closed"
    }
    #expect(try workspace.onlyRecording().text("o").contains("19999"))
  }
}
