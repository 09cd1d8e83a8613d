import Platform
import Testing

@Suite struct ChildProcessTests {
  private static let environment = Environment(["PATH": "/usr/bin:/bin", "TERM": "xterm"])

  private func shell(_ script: String, name: String? = nil, folder: String? = nil, extra: [String] = [])
    -> ProgramInvocation
  {
    ProgramInvocation(
      "/bin/sh", arguments: ["-c", script] + extra, name: name, environment: Self.environment,
      workingDirectory: folder)
  }

  /// Everything a pty's programs write until the last one is gone.
  private func output(_ terminal: borrowing Descriptor) throws -> String {
    var bytes: [UInt8] = []
    while true {
      switch try terminal.read(upTo: 4096) {
      case .bytes(let more): bytes += more
      case .endOfFile: return String(decoding: bytes, as: UTF8.self)
      case .wouldBlock: _ = try Poll.wait([Poll.Interest(terminal.rawValue, .readable)], microseconds: nil)
      }
    }
  }

  @Test func aShellOnAPtyHasATerminalOfItsSizeAndIsItsSessionsLeader() throws {
    let script =
      "stty size; tty; ps -o sid= -p $$ | tr -d ' '; echo $$; : < /dev/tty && echo controls; "
      + "stty -a | grep -o iutf8; exit 7"
    let process = try ChildProcess.spawn(shell(script), onTerminalOfSize: WindowSize(columns: 101, rows: 33))
    let lines = try output(process.terminal).split(whereSeparator: { $0.isNewline }).map(String.init)
    #expect(try process.child.waitForExit() == .exited(7))
    try #require(lines.count == 6)
    #expect(
      lines[0] == "33 101" && lines[1].hasPrefix("/dev/pts/") && lines[4] == "controls" && lines[5] == "iutf8"
    )
    #expect(lines[2] == lines[3] && lines[3] == String(process.child.processID))
  }

  @Test func aNewSizeReachesTheProgram() throws {
    let script = "trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.05; done"
    let process = try ChildProcess.spawn(shell(script), onTerminalOfSize: WindowSize(columns: 80, rows: 24))
    var text = ""
    while !text.contains("ready") {
      _ = try Poll.wait([Poll.Interest(process.terminal.rawValue, .readable)], microseconds: nil)
      if case .bytes(let bytes) = try process.terminal.read(upTo: 100) {
        text += String(decoding: bytes, as: UTF8.self)
      }
    }
    try process.setSize(WindowSize(columns: 132, rows: 50))
    #expect(try output(process.terminal).contains("50 132"))
    #expect(try process.child.waitForExit() == .exited(0))
  }

  @Test func hangingUpEndsTheShell() throws {
    let process = try ChildProcess.spawn(
      shell("sleep 600"), onTerminalOfSize: WindowSize(columns: 80, rows: 24))
    let child = process.closingTerminal()
    #expect(try child.waitForExit() == .signaled(.hangup))
  }

  @Test func theExitIsSeenInAPollLoop() throws {
    let pipe = try DescriptorPair.pipe()
    let child = try ChildProcess.spawn(
      shell("read line; exit 3"), streams: .init(input: pipe.first.rawValue, output: nil, error: nil))
    #expect(try child.status() == nil)
    #expect(try Poll.wait([Poll.Interest(child.exitDescriptor.rawValue, .readable)], microseconds: 0) == [[]])
    try pipe.second.writeAll(Array("go\n".utf8))
    let ready = try Poll.wait([Poll.Interest(child.exitDescriptor.rawValue, .readable)], microseconds: nil)
    #expect(ready == [.readable])
    #expect(try child.status() == .exited(3))
    #expect(throws: Errno.self) { _ = try child.status() }
  }

  @Test func aSignalIsToldWithItsShellCode() throws {
    let child = try ChildProcess.spawn(
      shell("kill -TERM $$"), streams: .init(input: nil, output: nil, error: nil))
    let status = try child.waitForExit()
    #expect(status == .signaled(.terminate) && status.shellCode == 143 && ExitStatus.exited(5).shellCode == 5)
  }

  private func run(_ invocation: ProgramInvocation) throws -> String {
    let pipe = try DescriptorPair.pipe()
    let child = try ChildProcess.spawn(
      invocation, streams: .init(input: nil, output: pipe.second.rawValue, error: pipe.second.rawValue))
    let reader = try keepingReader(pipe)
    let text = String(decoding: try File.read(reader), as: UTF8.self)
    _ = try child.waitForExit()
    return text
  }

  private func keepingReader(_ pair: consuming DescriptorPair) throws -> Descriptor {
    try pair.first.duplicate()
  }

  @Test func nameEnvironmentFolderAndArgumentsArrive() throws {
    #expect(try run(shell("echo $0", extra: ["zero"])) == "zero\n")
    #expect(try run(shell("tr '\\0' ' ' < /proc/$$/cmdline", name: "-sh")).hasPrefix("-sh -c"))
    #expect(try run(shell("pwd", folder: "/usr")) == "/usr\n")
    #expect(
      try run(shell("env | grep -c .; echo $TERM; printf '%s|' \"$@\"", extra: ["x", "a b", ""])).hasSuffix(
        "xterm\na b||"))
    #expect(
      try run(ProgramInvocation("printf", arguments: ["%s", "found"], environment: Self.environment))
        == "found")
    #expect(try run(shell("cat; echo end")) == "end\n")
  }

  @Test func standardStreamsMayBeExchanged() async {
    await #expect(processExitsWith: .success) {
      let folder = try File.makeTemporaryDirectory(prefix: "streams-")
      let (one, two) = (folder + "/1", folder + "/2")
      let script = "exec 1> \(one) 2> \(two); echo out; echo err >&2"
      let prepare = try ChildProcess.spawn(
        ProgramInvocation("/bin/sh", arguments: ["-c", script], environment: Environment([:])),
        streams: .init(input: nil, output: 2, error: 1))
      guard try prepare.waitForExit() == .exited(0) else { Exit.now(1) }
      let target = try File.open(folder + "/target", for: .creating(permissions: 0o600))
      // Output to a file, errors to what is standard output here: it must not be the file.
      let child = try ChildProcess.spawn(
        ProgramInvocation(
          "/bin/sh", arguments: ["-c", "echo out; echo err >&2"], environment: Environment([:])),
        streams: .init(input: nil, output: target.rawValue, error: 1))
      guard try child.waitForExit() == .exited(0) else { Exit.now(2) }
      let written = try File.read(folder + "/target")
      try File.removeTree(folder)
      Exit.now(written == Array("out\n".utf8) ? 0 : 3)
    }
  }

  @Test func childrenInheritNoDescriptorsAndNoSignalSettings() async {
    await #expect(processExitsWith: .success) {
      let signals = try SignalDescriptor([.terminate])
      Signal.pipe.ignore()
      let pipe = try DescriptorPair.pipe()
      let file = try File.open("/etc/passwd", for: .reading)
      let listed = try DescriptorPair.pipe()
      // The last seven digits: signals 1 to 28. libc ignores its own two (32 and 33) in every child.
      // The shell itself would not do: it blocks signals now and then while it waits.
      let script =
        "ls -l /proc/$$/fd | grep -c -e passwd -e signalfd; "
        + "exec sed -n '/^Sig[BI]/s/:.*\\(.......\\)$/ \\1/p' /proc/self/status"
      let child = try ChildProcess.spawn(
        ProgramInvocation(
          "/bin/sh", arguments: ["-c", script], environment: Environment(["PATH": "/usr/bin:/bin"])),
        streams: .init(input: nil, output: listed.second.rawValue, error: nil))
      _ = try child.waitForExit()
      guard case .bytes(let bytes) = try listed.first.read(upTo: 1000) else { Exit.now(2) }
      _ = (signals.descriptor.rawValue, pipe.first.rawValue, file.rawValue)
      let expected = "0\nSigBlk 0000000\nSigIgn 0000000\n"
      Exit.now(String(decoding: bytes, as: UTF8.self) == expected ? 0 : 1)
    }
  }

  @Test func whatCannotBeStartedIsAnError() {
    let nowhere = ProgramInvocation("/no/such/program", environment: Self.environment)
    #expect(throws: Errno.noSuchFile) {
      _ = try ChildProcess.spawn(nowhere, streams: .init(input: nil, output: nil, error: nil))
    }
    #expect(throws: Errno.noSuchFile) {
      _ = try ChildProcess.spawn(
        shell("exit", folder: "/no/such/folder"), streams: .init(input: nil, output: nil, error: nil))
    }
    #expect(throws: Errno.permissionDenied) {
      _ = try ChildProcess.spawn(
        ProgramInvocation("/etc/passwd", environment: Self.environment),
        onTerminalOfSize: WindowSize(columns: 80, rows: 24))
    }
  }
}
