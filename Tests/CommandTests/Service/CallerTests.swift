import Platform
import Testing

/// Whoever spawns session-manager-plugin, besides `aws ssm start-session` (protocol.md §2).
@Suite(.enabled(if: Peer.boto3.isUsable, Comment(rawValue: Peer.boto3.reason)))
struct CallerTests {
  private let workspace: Workspace
  init() throws { workspace = try Workspace() }

  private func script(_ name: String) -> String { "\(Products.checkout)/Tests/Peers/\(name)" }

  /// What boto3 gets for StartSession, as JSON text with everything around it, as old versions of the CLI pass it.
  private func response(_ service: Service) throws -> String {
    let code = """
      import boto3, json
      print(json.dumps(boto3.client("ssm", endpoint_url="\(service.endpoint)").start_session(Target="local"),
        default=str))
      """
    let run = try workspace.run(Peer.boto3.path, ["-c", code])
    #expect(run.status == .exited(0), "\(run.allText)")
    return run.text
  }

  /// Before 1.2.497 the response stood in the argument list; the oldest callers gave three arguments.
  @Test(arguments: [3, 4, 5, 6]) func theResponseMayStandInTheArguments(count: Int) throws {
    let service = try Service(in: workspace)
    let words = [
      try response(service), "eu-central-1", "StartSession", "", #"{"Target":"local"}"#, service.endpoint,
      "something newer",
    ]
    let run = try workspace.run(
      "session-manager-plugin", Array(words.prefix(count)), input: "echo mark-$((40+2))\nexit\n")
    #expect(run.status == .exited(0) && run.text.contains("mark-42"), "\(run.allText)")
    let recording = try workspace.onlyRecording()
    #expect(recording.text("o").contains("mark-42") && recording.states.last == "closed")
  }

  /// The CLI lets its child inherit that INT, QUIT and TSTP are ignored; they are meant for the far end.
  @Test func signalsThatWereIgnoredAreTypedIntoTheSession() throws {
    let service = try Service(in: workspace)
    let response = try response(service)
    let run = try ProgramRun.start(
      workspace.invocation(
        "sh",
        [
          "-c", #"trap "" INT QUIT TSTP; exec session-manager-plugin "$@""#, "sh", response, "eu-central-1",
          "StartSession", "", #"{"Target":"local"}"#, service.endpoint,
        ]))
    for (signal, shown) in [(Signal.interrupt, "3"), (.quit, "34"), (.terminalStop, "32")] {
      // The far end shows the byte it got, in octal.
      try run.type(
        "stty raw -echo; echo ready-$((1+1))-\(shown); dd bs=1 count=1 2>&- | od -An -to1; stty sane\n")
      try run.wait(for: "ready-2-\(shown)")
      try run.send(signal)
      try run.wait(for: "0\(shown)")
    }
    try run.type("exit\n")
    try run.waitForEnd()
    #expect(run.status == .exited(0), "\(run.allText)")
  }

  /// Python gives its children SIGPIPE's default: a reader that leaves must not take the recording along.
  @Test func aReaderThatLeavesDoesNotEndTheSession() throws {
    let service = try Service(in: workspace)
    let response = try response(service)
    let run = try workspace.run(
      "bash",
      [
        "-c",
        #"(sleep 1; echo 'seq 1 20000; echo last-$((40+2)); exit') | session-manager-plugin "$@" | head -n 3"#,
        "bash", response, "eu-central-1", "StartSession", "", #"{"Target":"local"}"#, service.endpoint,
      ])
    #expect(run.status == .exited(0), "\(run.allText)")
    let recording = try workspace.onlyRecording()
    #expect(recording.text("o").contains("last-42") && recording.states.last == "closed")
  }

  @Test func ansibleFindsItsMarks() throws {
    let service = try Service(in: workspace)
    let run = try workspace.run(
      Peer.boto3.path,
      [
        script("ansible_like.py"), service.endpoint, "local", "echo one; echo two", "sh -c 'exit 7'",
        "seq 1 2000 | tail -n 1",
      ])
    #expect(run.status == .exited(0), "\(run.allText)")
    let answers = try run.text.split(separator: "\n").map { try JSON(parsing: String($0)) }
    #expect(
      answers == [
        ["status": 0, "output": "one\ntwo"], ["status": 7, "output": ""], ["status": 0, "output": "2000"],
        ["exit": 0],
      ], "\(run.allText)")
  }
}

/// `aws ecs execute-command`: a run without arguments, names in lower camel case, ECS's address for SSM's.
@Suite(.enabled(if: Peer.aws.isUsable, Comment(rawValue: Peer.aws.reason)))
struct ECSCallerTests {
  private let workspace: Workspace
  init() throws { workspace = try Workspace() }

  private let target = "ecs:prod_0123456789abcdef_0123456789abcdef-1"

  private func execute(_ command: String, endpoint: String) throws -> (run: ProgramRun, ecs: ProgramRun) {
    let service = try ProgramRun.start(
      workspace.invocation(
        Peer.boto3.path, [Products.checkout + "/Tests/Peers/ecs_service.py", endpoint, target]))
    try service.wait(for: "\n")
    let port = service.text.prefix { $0 != "\n" }
    let run = try ProgramRun.start(
      workspace.invocation(
        Peer.aws.path,
        [
          "ecs", "execute-command", "--cluster", "prod", "--task", "0123456789abcdef", "--container", "web",
          "--interactive", "--command", command, "--endpoint-url", "http://127.0.0.1:\(port)",
        ]))
    return (run, service)
  }

  @Test func aCommandInAContainerIsRecorded() throws {
    let service = try Service(in: workspace, arguments: ["--target", target])
    workspace.environment.variables["AWS_ENDPOINT_URL_SSM"] = service.endpoint
    let (run, ecs) = try execute("echo mark-$((40+2))", endpoint: service.endpoint)
    run.endInput()
    try run.waitForEnd()
    #expect(run.status == .exited(0) && run.text.contains("mark-42"), "\(run.allText)\n\(ecs.errorText)")
    #expect(run.text.contains("The Session Manager plugin was installed successfully."))
    let recording = try workspace.onlyRecording()
    #expect(recording.header["ssm"]?["target"]?.string == target && recording.states.last == "closed")
    try ecs.wait(for: "DescribeTasks\n")
    #expect(ecs.errorText == "ExecuteCommand\nDescribeTasks\n")
    ecs.end()
  }

  /// ECS's address, the sixth argument, knows no sessions: resuming asks the region's Systems Manager.
  @Test(.enabled(if: Peer.gateway.isUsableWhereItLies, "the foreign gateway is not beside the checkout"))
  func aLostConnectionIsResumedAtSystemsManager() throws {
    let gateway = try ForeignGateway(in: workspace, arguments: ["--target", target])
    workspace.environment.variables["AWS_ENDPOINT_URL_SSM"] = gateway.http
    let (run, ecs) = try execute("sh", endpoint: gateway.http)
    try run.type("echo first-$((40+2))\n")
    try run.wait(for: "first-42")
    try gateway.control("sessions/last/cut", #"{"peer":"client"}"#, in: workspace)
    try run.type("echo second-$((40+3))\nexit\n")
    try run.wait(for: "second-43")
    run.endInput()
    try run.waitForEnd()
    #expect(run.status == .exited(0), "\(run.allText)\n\(gateway.log)")
    let states = try workspace.onlyRecording().states
    #expect(states.contains("disconnected") && states.contains("resumed") && states.last == "closed")
    try ecs.wait(for: "DescribeTasks\n")
    #expect(ecs.errorText == "ExecuteCommand\nDescribeTasks\n")
    ecs.end()
  }
}

/// pyssm-client, which needs Python 3.12: skipped where `scripts/install-pyssm` found none.
@Suite(
  .enabled(
    if: File.exists(Products.checkout + "/.build/pyssm/installed"),
    "pyssm-client is not installed; it needs Python 3.12 or later"))
struct ForeignClientTests {
  private let workspace: Workspace
  private let service: Service
  private let target = "i-0123456789abcdef0"
  private let program = Products.checkout + "/.build/pyssm/bin/pyssm"

  init() throws {
    workspace = try Workspace()
    service = try Service(in: workspace, arguments: ["--target", target])
    workspace.environment.variables["SSL_CERT_FILE"] = service.authority
  }

  private func arguments(_ command: String, _ more: [String] = []) -> [String] {
    [command, "--target", target, "--endpoint-url", service.endpoint] + more
  }

  @Test func commandsGiveOutputErrorsAndStatus() throws {
    let run = try workspace.run(
      program, arguments("exec", ["--command", "echo mark-$((40+2)); echo err >&2; exit 3"]))
    #expect(run.status == .exited(3), "\(run.allText)\n\(service.log)")
    #expect(run.text.contains("mark-42") && run.allText.contains("err"))
  }

  @Test func aShellOnATerminalWorks() throws {
    let run = try TerminalRun(workspace.invocation(program, arguments("ssh")), columns: 91, rows: 27)
    // It drops what was typed before the shell's first words.
    try run.wait(for: "Session started: ")
    try run.wait(for: "\n")
    for _ in 0..<20 {
      try run.enter("echo mark-$((40+2)) size $(stty size)")
      if (try? run.wait(for: "mark-42 size 27 91", within: 3)) != nil { break }  // told by the end below
    }
    #expect(run.text.contains("mark-42 size 27 91"))
    try run.enter("exit")
    #expect(try run.waitForEnd() == .exited(0))
  }

  /// Its own protocol above the shell: pieces in Base64, a checksum at the end.
  @Test func aFileIsCopiedThere() throws {
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<60_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    try File.write(bytes, to: workspace.path("source"), permissions: 0o600)
    let run = try workspace.run(
      program,
      [
        "copy", "--endpoint-url", service.endpoint, workspace.path("source"),
        "\(target):\(workspace.path("copy"))",
      ], within: 120)
    #expect(run.status == .exited(0), "\(run.allText)\n\(service.log)")
    #expect(try File.read(workspace.path("copy")) == bytes)
  }
}
