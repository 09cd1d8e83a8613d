import Platform
import Testing

/// Every way out of a session: the terminal has its settings back, the recording reads.
@Suite struct EndingTests {
  private let workspace: Workspace
  init() throws { workspace = try Workspace() }

  /// A shell that lives on after the session, as a person's does: it owns the terminal, we look before and after.
  private func start(_ words: String) throws -> TerminalRun {
    let script = "\(words); echo \"ended with $?\"; read -r line"
    let run = try TerminalRun(workspace.invocation("sh", ["-c", script]))
    return run
  }

  /// The process id of the program that runs in the terminal's foreground.
  private func child(of run: TerminalRun) throws -> Int32 {
    let path = "/proc/\(run.processID)/task/\(run.processID)/children"
    let text = String(decoding: try File.read(path), as: UTF8.self)
    return text.split(separator: " ").first.flatMap { Int32($0) } ?? 0
  }

  @Test func signalsEndTheSessionAndRestoreTheTerminal() throws {
    for signal in [Signal.terminate, .hangup, .interrupt, .quit] {
      let path = workspace.path("\(signal).cast.gz")
      let run = try start("ssmrec start -t local -q -o \(path)")
      let before = TerminalRun.newSettings
      try run.enter("echo ready-$((1+1))")
      try run.wait(for: "ready-2")
      #expect(try run.settings() != before)
      try signal.send(to: child(of: run))
      try run.wait(for: "ended with \(128 + signal.rawValue)")
      #expect(try run.settings() == before, "after \(signal)")
      let recording = try Recording(path, in: workspace)
      #expect(recording.complaint == "", "after \(signal)")
      #expect(recording.text("o").contains("ready-2"))
      #expect(recording.states.last == "interrupted")
    }
  }

  @Test func anOrderlyEndRestoresTheTerminal() throws {
    let run = try start("ssmrec start -t local")
    let before = TerminalRun.newSettings
    try run.wait(for: "Starting session")
    try run.enter("echo ready-$((1+1)); exit")
    try run.wait(for: "ready-2")
    try run.wait(for: "ended with 0")
    #expect(try run.settings() == before)
  }

  @Test func controlCharactersGoToTheFarEnd() throws {
    let run = try start("ssmrec start -t local -q")
    try run.interruptAProgram()
    // The shell takes an end of input only where it asks for input.
    try run.enter("PS1=asking-for-input-")
    try run.wait(for: "asking-for-input-")  // what was typed, and then the prompt
    try run.wait(for: "asking-for-input-")
    try run.type("\u{04}")
    try run.wait(for: "ended with 0")
  }

  /// kill -9 in mid-session: what was shown more than a second before is on the disk and reads.
  @Test func aKilledRecorderLosesAtMostTheLastSecond() throws {
    let path = workspace.path("killed.cast.gz")
    let run = try start("ssmrec start -t local -q -o \(path)")
    try run.enter("echo before-$((1+1))")
    try run.wait(for: "before-2")
    // A flush is due a second after the event; the file then holds it whoever dies.
    try TestWait.until("the flush") { try Recording(path, in: workspace).text("o").contains("before-2") }
    try Signal.kill.send(to: child(of: run))
    try run.wait(for: "ended with 137")
    let recording = try Recording(path, in: workspace)
    #expect(recording.text("o").contains("before-2"))
    #expect(try workspace.exported(path).contains("before-2"))
    let shown = try workspace.run("ssmplay", ["show", path])
    #expect(shown.status == .exited(0) && shown.allText.contains("unfinished"), "\(shown.allText)")
  }
}
