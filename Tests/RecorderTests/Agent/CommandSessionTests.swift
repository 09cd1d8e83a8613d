import Platform
import Testing

@testable import Recorder

/// The two command documents, the whole way: API, TLS, WebSocket, handshake, program.
@Suite struct CommandSessionTests {
  @Test func anInteractiveCommandRunsInAShellOnATerminal() throws {
    let agent = try LocalAgent.forTests()
    let client = try AgentTestClient(
      agent, running: "tty >/dev/null && echo on a $((1+1))-way terminal; exit 3")
    try client.run { client.closeCode != nil }
    #expect(client.text == "on a 2-way terminal\r\n")
    #expect(client.sessionType == .standardStream && client.exitCode == nil && client.closed == "")
    agent.stop()
  }

  @Test func aCommandWithoutATerminalHasTwoStreamsAndAStatus() throws {
    let agent = try LocalAgent.forTests()
    let separate = { (value: String) in [JSON.Member("separateOutputStream", [.string(value)])] }
    let cases: [(command: String, parameters: [JSON.Member], out: String, error: String, code: Int32?)] = [
      ("echo a  'b  c'", [], "a b  c\n", "", 0),
      ("sh -c 'echo out; echo err >&2; exit 7'", [], "out\n", "err\n", 7),
      ("sh -c 'echo out; echo err >&2; exit 7'", separate("True"), "out\n", "err\n", 7),
      ("sh -c 'echo out; echo err >&2; exit 7'", separate("False"), "out\nerr\n", "", nil),
      ("sh -c 'kill -TERM $$'", [], "", "", 143),
      ("sh -c 'tty; [ -t 1 ] || [ -t 2 ] || cat'", [], "not a tty\n", "", 0),
      ("true", [], "", "", 0),
      ("/no/such/program", [], "", "/no/such/program: there is no such command here\n", 127),
      ("/etc/passwd", [], "", "/etc/passwd: cannot be run: ", 126),
      ("echo 'never closed", [], "", "the command cannot be run: ", 127),
      ("echo 'never closed", separate("False"), "", "the command cannot be run: ", nil),
      (
        "sh -c 'echo one; sleep 0.2; echo two; echo oops >&2'",
        [.init("stdOutSeparatorPrefix", ["o:"]), .init("stdErrSeparatorPrefix", ["e:"])],
        "o:one\no:two\n", "e:oops\n", 0
      ),
    ]
    for (command, parameters, out, error, code) in cases {
      let client = try AgentTestClient(agent, piping: command, parameters)
      try client.run { client.closeCode != nil }
      #expect(client.text == out, "\(command)")
      #expect(client.errorText.hasPrefix(error) && client.errorText.isEmpty == error.isEmpty, "\(command)")
      #expect(client.exitCode == code && client.closed == "", "\(command)")
      #expect(client.sessionType == .nonInteractiveCommands)
    }
    agent.stop()
  }

  @Test func muchOutputOnBothStreamsArrivesWhole() throws {
    let agent = try LocalAgent.forTests()
    let client = try AgentTestClient(agent, piping: "sh -c 'seq 1 60000; seq 1 60000 >&2'")
    try client.run { client.closeCode != nil }
    let expected = (1...60_000).map { "\($0)\n" }.joined()
    #expect(client.text == expected && client.errorText == expected && client.exitCode == 0)
    agent.stop()
  }

  @Test func controlCharactersBecomeSignals() throws {
    let agent = try LocalAgent.forTests()
    let cases: [(key: String, command: String)] = [
      ("\u{3}", #"sh -c 'trap "echo int; exit 5" INT; echo ready; while :; do sleep 0.05; done'"#),
      ("\u{1C}", #"sh -c 'trap "echo quit; exit 5" QUIT; echo ready; while :; do sleep 0.05; done'"#),
    ]
    for (key, command) in cases {
      let client = try AgentTestClient(agent, piping: command)
      try client.run(untilPrinted: "ready")
      client.type("x" + key)
      try client.run { client.closeCode != nil }
      #expect(client.exitCode == 5, "\(client.text)")
    }
    agent.stop()
  }

  @Test func aChildThatKeepsThePipesDoesNotKeepTheSession() throws {
    let agent = try LocalAgent.forTests()
    let client = try AgentTestClient(agent, piping: "sh -c '(trap \"\" HUP; sleep 5) & echo bye; exit 4'")
    try client.run { client.closeCode != nil }
    #expect(client.text == "bye\n" && client.exitCode == 4)
    agent.stop()
  }

  @Test func endingTheSessionEndsTheCommand() throws {
    let agent = try LocalAgent.forTests()
    let client = try AgentTestClient(agent, piping: "sh -c 'echo $$; sleep 60; echo never'")
    try client.run { client.text.contains("\n") }
    let process = try #require(Int32(client.text.split(separator: "\n")[0]))
    _ = try AgentTestClient.call(agent, "TerminateSession", ["SessionId": .string(client.sessionID)])
    try client.run { client.closeCode != nil }
    agent.stop()
    #expect(throws: Errno.self) { try Signal(rawValue: 0).send(to: process) }
  }

  @Test func aLostConnectionLosesNoOutput() throws {
    let agent = try LocalAgent.forTests()
    let client = try AgentTestClient(agent, piping: "sh -c 'seq 1 2000; sleep 0.3; seq 2001 4000; exit 9'")
    try client.run { client.text.contains("1000\n") }
    client.cut()
    #expect(try client.resume())
    try client.run { client.closeCode != nil }
    #expect(client.text == (1...4000).map { "\($0)\n" }.joined() && client.exitCode == 9)
    agent.stop()
  }
}

@Suite struct LinePrefixTests {
  @Test func standsBeforePiecesThatBeginALine() throws {
    #expect(LinePrefix("") == nil)
    var prefix = try #require(LinePrefix("e: "))
    #expect(prefix.readSize == 1021)
    let pieces = ["one\ntwo", " goes on\n", "three", "\n", "four\n"]
    let text = pieces.map { String(decoding: prefix.apply(to: Array($0.utf8)), as: UTF8.self) }.joined()
    #expect(text == "e: one\ntwo goes on\ne: three\ne: four\n")
  }
}
