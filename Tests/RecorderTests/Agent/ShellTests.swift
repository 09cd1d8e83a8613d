import Platform
import Testing

@testable import Recorder

@Suite struct ShellTests {
  @Test func theEnvironmentHasNoSecretsAndNoMarksOfAnotherTerminal() {
    let inherited = Environment([
      "AWS_SECRET_ACCESS_KEY": "x", "AWS_CA_BUNDLE": "x", "SSMCAST_SIGNING_KEY": "x", "TERM": "screen",
      "TMUX": "x",
      "COLUMNS": "1", "LINES": "1", "HOME": "/home/alice", "PATH": "/bin", "EDITOR": "vi",
      "LANG": "de_DE.UTF-8",
    ])
    let shell = Shell.environment(from: inherited, shell: "/bin/bash")
    #expect(
      shell.variables == [
        "TERM": "xterm-256color", "HOME": "/home/alice", "PATH": "/bin", "EDITOR": "vi",
        "LANG": "de_DE.UTF-8",
        "SHELL": "/bin/bash",
      ])
    #expect(Shell.environment(from: Environment([:]), shell: "/bin/sh")["LANG"] == "C.UTF-8")
  }

  @Test func aProgramThatIsMissingIsNamed() {
    let program = ProgramInvocation("/no/such/shell", environment: Environment([:]))
    #expect(throws: AgentError.shellMissing(path: "/no/such/shell")) { try Shell(program) }
  }

  @Test func theOutputComesWholeAfterTheProgramsEnd() throws {
    let program = ProgramInvocation(
      "/bin/sh", arguments: ["-c", "echo one; echo two; exit 3"], environment: Environment([:]))
    let shell = try Shell(program)
    var output: [UInt8] = []
    reading: while true {
      switch shell.read(upTo: 100) {
      case .bytes(let bytes): output += bytes
      case .end: break reading
      case .nothingNow:
        let number = try #require(shell.terminalNumber)
        _ = try Poll.wait([Poll.Interest(number, [.readable])], microseconds: 10_000_000)
      }
    }
    #expect(String(decoding: output, as: UTF8.self) == "one\r\ntwo\r\n")
    if let number = shell.exitNumber {
      _ = try Poll.wait([Poll.Interest(number, [.readable])], microseconds: 10_000_000)
      shell.reap()
    }
    #expect(shell.exit == .exited(3))
    #expect(shell.exitNumber == nil)
    shell.hangUp()
    #expect(shell.terminalNumber == nil)
  }

  @Test func hangingUpReachesAStoppedProgram() throws {
    let program = ProgramInvocation(
      "/bin/sh", arguments: ["-c", "kill -STOP $$; sleep 60"],
      environment: Environment(["PATH": "/bin:/usr/bin"]))
    let shell = try Shell(program)
    shell.hangUp()
    let number = try #require(shell.exitNumber)
    _ = try Poll.wait([Poll.Interest(number, [.readable])], microseconds: 10_000_000)
    shell.reap()
    #expect(shell.exit == .signaled(.hangup))
  }
}
