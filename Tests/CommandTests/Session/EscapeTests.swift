import Platform
import Testing

/// The tilde escapes, for a person at a terminal and for nobody else.
@Suite struct EscapeTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test func aPersonEndsTheSessionWithTildeAndDot() throws {
    let run = try TerminalRun(workspace.invocation("ssmrec", ["start", "--target", "local"]))
    // The prompt of whoever runs the test, root or not.
    try run.wait(until: "a prompt", within: 60) { $0.text.hasSuffix("$ ") || $0.text.hasSuffix("# ") }
    try run.enter("echo one-$((40+2))")
    try run.wait(for: "one-42")
    try run.type("\r~?")
    try run.wait(for: "end the session")
    try run.enter("echo two-$((40+2))")
    try run.wait(for: "two-42")
    try run.type("\r~.")
    #expect(try run.waitForEnd() == .exited(0), "\(run.text)")
    let recording = try workspace.onlyRecording()
    #expect(recording.states.suffix(2) == ["escape", "left"] && recording.complaint.isEmpty)
  }

  @Test func aPipeHasNoEscapes() throws {
    let run = try workspace.run(
      "ssmrec", ["start", "-q", "--target", "local"], input: "~.\necho three-$((40+2))\nexit\n")
    #expect(run.status == .exited(0) && run.text.contains("three-42"), "\(run.allText)")
    #expect(try !workspace.onlyRecording().states.contains("escape"))
  }
}
