import Platform
import Testing

/// The tools of the other tests, tried on programs that every system has.
@Suite struct SupportTests {
  @Test func pipesCarryInputOutputAndErrorsApart() throws {
    let workspace = try Workspace()
    let run = try workspace.run("sh", ["-c", "cat; echo oops >&2; exit 7"], input: "in\n")
    #expect(run.text == "in\n")
    #expect(run.errorText == "oops\n")
    #expect(run.status == .exited(7))
  }

  @Test func aMegabyteGoesThroughACatWithoutADeadlock() throws {
    let workspace = try Workspace()
    let run = try workspace.run("cat", input: String(repeating: "0123456789abcdef", count: 1 << 16))
    #expect(run.output.count == 1 << 20)
  }

  @Test func aProgramThatTakesTooLongIsKilledAndItsWordsAreKept() throws {
    let workspace = try Workspace()
    let failure = #expect(throws: RunFailure.self) {
      try workspace.run("sh", ["-c", "echo started; exec sleep 100"], within: 1)
    }
    #expect(failure?.description.contains("started") == true)
  }

  @Test func aTerminalEchoesAndKnowsItsSize() throws {
    let workspace = try Workspace()
    let shell = try TerminalRun(workspace.invocation("sh", ["-i"]), columns: 93, rows: 31)
    let before = try shell.settings()
    try shell.enter("stty size; echo done-$((1+1))")
    try shell.wait(for: "31 93")
    try shell.wait(for: "done-2")
    try shell.enter("stty raw -echo; echo now-$((1+2))")
    try shell.wait(for: "now-3")
    #expect(try shell.settings() != before)
    try shell.type("exit 3\n")
    #expect(try shell.waitForEnd() == .exited(3))
  }
}
