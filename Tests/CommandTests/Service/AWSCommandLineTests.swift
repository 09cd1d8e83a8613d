import Platform
import Testing

/// The real AWS CLI with our plugin on PATH, against `ssmrec agent`.
@Suite(.enabled(if: Peer.aws.isUsable, Comment(rawValue: Peer.aws.reason)))
struct AWSCommandLineTests {
  private let workspace: Workspace
  private let service: Service
  init() throws {
    workspace = try Workspace()
    service = try Service(in: workspace)
  }

  private func arguments(_ more: [String] = []) -> [String] {
    ["ssm", "start-session", "--endpoint-url", service.endpoint, "--target", service.target] + more
  }

  @Test func startSessionGivesARecordedShellOnATerminal() throws {
    let run = try TerminalRun(workspace.invocation(Peer.aws.path, arguments()), columns: 90, rows: 28)
    try run.wait(for: "Starting session with SessionId: ")
    try run.enter("echo size $(stty size) mark-$((40+2))")
    try run.wait(for: "size 28 90 mark-42")
    // The CLI ignores interrupts while the plugin runs: they belong to the far end.
    try run.interruptAProgram()
    try run.enter("exit")
    try run.wait(for: "Exiting session with sessionId: ")
    #expect(try run.waitForEnd() == .exited(0))
    let recording = try workspace.onlyRecording()
    #expect(recording.text("o").contains("size 28 90 mark-42"))
    #expect(recording.header["ssm"]?["target"]?.string == "local")
    #expect(recording.states.last == "closed")
  }

  @Test func startSessionWorksInAPipe() throws {
    let run = try workspace.run(Peer.aws.path, arguments(), input: "echo mark-$((40+2))\nexit\n")
    #expect(run.status == .exited(0), "\(run.allText)")
    #expect(run.text.contains("mark-42"))
    #expect(try workspace.onlyRecording().text("o").contains("mark-42"))
  }

  @Test func aCommandDocumentPrintsItsOutput() throws {
    let run = try workspace.run(
      Peer.aws.path,
      arguments([
        "--document-name", "AWS-StartInteractiveCommand", "--parameters",
        #"{"command":["echo mark-$((40+2))"]}"#,
        "--reason", "a test",
      ]))
    #expect(run.status == .exited(0) && run.text.contains("mark-42"), "\(run.allText)")
    #expect(try workspace.onlyRecording().header["ssm"]?["reason"]?.string == "a test")
  }

  /// Output, standard error and status of a command without a terminal; the plugin's own exit code stays 0.
  @Test func aCommandWithoutATerminalIsPrintedAndItsStatusRecorded() throws {
    let run = try workspace.run(
      Peer.aws.path,
      arguments([
        "--document-name", "AWS-StartNonInteractiveCommand", "--parameters",
        #"{"command":["ls /nonexistent-$((40+2))"]}"#,
      ]))
    #expect(run.status == .exited(0) && run.text.contains("/nonexistent-"), "\(run.allText)")
    let recording = try workspace.onlyRecording()
    #expect(recording.text("x") == "2" && recording.states.last == "closed")
  }

  @Test(
    arguments: [
      ("AWS-StartPortForwardingSession", ""),
      ("AWS-StartPortForwardingSessionToRemoteHost", #""host":["127.0.0.1"],"#),
    ])
  func aForwardedPortCarriesConnectionsUntilControlC(document: String, host: String) throws {
    let server = try BlobServer(in: workspace)
    let words = arguments([
      "--document-name", document, "--parameters",
      "{\(host)\"portNumber\":[\"\(server.port)\"],\"localPortNumber\":[\"0\"]}",
    ])
    let run = try TerminalRun(workspace.invocation(Peer.aws.path, words))
    try run.wait(for: "Waiting for connections...")
    let texts = run.text.split(whereSeparator: \.isWhitespace)
    let opened = try #require(texts.firstIndex(of: "opened"))
    let client = try workspace.run(
      Peer.python.path,
      [Products.checkout + "/Tests/Peers/port_client.py", String(texts[opened - 1]), "many", "5"], within: 120
    )
    #expect(client.allText == "good\n", "\(client.allText)")
    try run.type("\u{03}")
    try run.wait(for: "Exiting session with sessionId: ")
    #expect(try run.waitForEnd() == .exited(0))
    let recording = try workspace.onlyRecording()
    #expect(recording.ports("close").count == 5 && recording.states.last == "left")
  }

  /// The CLI's own words for refusals, so the service answers as AWS does.
  @Test func refusalsReadAsFromAWS() throws {
    let unknown = try workspace.run(
      Peer.aws.path, ["ssm", "start-session", "--endpoint-url", service.endpoint, "--target", "i-0000000000"])
    #expect(
      unknown.status != .exited(0) && unknown.errorText.contains("(TargetNotConnected)"), "\(unknown.allText)"
    )
    let document = try workspace.run(Peer.aws.path, arguments(["--document-name", "No-Such-Document"]))
    #expect(document.errorText.contains("(InvalidDocument)"), "\(document.allText)")
    workspace.environment.variables["AWS_SECRET_ACCESS_KEY"] = "wrong"
    let signature = try workspace.run(Peer.aws.path, arguments())
    #expect(signature.errorText.contains("Signature"), "\(signature.allText)")
    #expect(try workspace.recordings() == [])
  }
}
