import Platform
import Testing

/// A session whose connection is lost, against a service and agent that somebody else wrote.
@Suite(.enabled(if: Peer.gateway.isUsableWhereItLies, "the foreign gateway is not beside the checkout"))
struct ForeignResumeTests {
  private let workspace: Workspace
  private let gateway: ForeignGateway

  init() throws {
    workspace = try Workspace()
    gateway = try ForeignGateway(in: workspace)
  }

  private func start() throws -> ProgramRun {
    let run = try ProgramRun.start(
      workspace.invocation(
        "ssmrec", ["start", "--target", gateway.target, "--endpoint-url", gateway.http]))
    try run.type("echo first-$((40+2))\n")
    try run.wait(for: "first-42")
    return run
  }

  private func finish(_ run: ProgramRun) throws -> Recording {
    try run.type("echo second-$((40+3))\nexit\n")
    try run.wait(for: "second-43", within: 90)
    run.endInput()
    try run.waitForEnd()
    #expect(run.status == .exited(0), "\(run.allText)\n\(gateway.log)")
    let recording = try workspace.onlyRecording()
    #expect(recording.text("o").contains("first-42") && recording.text("o").contains("second-43"))
    return recording
  }

  private func calls(_ operation: String) throws -> Int {
    try gateway.control("api-log", in: workspace).array?.filter {
      $0["target"]?.string == "AmazonSSM.\(operation)" && $0["sig"] == "ok"
    }.count ?? 0
  }

  @Test func aTokenThatHasExpiredIsReplaced() throws {
    let run = try start()
    try gateway.control("expire-tokens", #"{"kind":"client"}"#, in: workspace)
    try gateway.control("sessions/last/cut", #"{"peer":"client"}"#, in: workspace)
    let recording = try finish(run)
    #expect(recording.states.contains("disconnected") && recording.states.contains("resumed"))
    #expect(try calls("ResumeSession") == 1)
  }

  /// The service fails a while; then it takes the credentials for expired once.
  @Test func aServiceThatFailsIsAskedAgain() throws {
    let run = try start()
    try gateway.control("api-fault", #"{"op":"ResumeSession","status":500,"count":2}"#, in: workspace)
    try gateway.control(
      "api-fault", #"{"op":"ResumeSession","status":403,"type":"ExpiredTokenException","count":1}"#,
      in: workspace)
    try gateway.control("sessions/last/cut", #"{"peer":"client"}"#, in: workspace)
    let recording = try finish(run)
    #expect(recording.states.filter { $0 == "disconnected" }.count == 1)
    #expect(try calls("ResumeSession") == 4)
  }

  @Test func aSessionThatIsOverEndsPolitely() throws {
    let run = try start()
    try gateway.control("sessions/last/conf", #"{"resume_ok":false}"#, in: workspace)
    try gateway.control("sessions/last/cut", #"{"peer":"client"}"#, in: workspace)
    try run.waitForEnd()
    #expect(run.status == .exited(0) && run.allText.contains(" timed out.\n"), "\(run.allText)")
    let recording = try workspace.onlyRecording()
    #expect(recording.states.contains("disconnected") && recording.states.last == "timed out")
  }

  /// The plugin's callers look for its words on standard output.
  @Test func thePluginSaysThatTheSessionIsOver() throws {
    guard Peer.aws.exists else { return }
    let run = try ProgramRun.start(
      workspace.invocation(
        Peer.aws.path,
        ["ssm", "start-session", "--target", gateway.target, "--endpoint-url", gateway.http]))
    try run.type("echo first-$((40+2))\n")
    try run.wait(for: "first-42")
    try gateway.control("sessions/last/conf", #"{"resume_ok":false}"#, in: workspace)
    try gateway.control("sessions/last/cut", #"{"peer":"client","how":"close"}"#, in: workspace)
    try run.waitForEnd()
    let id = run.text.split(separator: "SessionId: ").last?.prefix { $0 != "\n" } ?? ""
    #expect(run.status == .exited(0) && run.text.contains("Session: \(id) timed out.\n"), "\(run.allText)")
  }

  /// A few cases of the matrices in Tests/Peers; the whole of each takes two minutes by hand, and with `--long`
  /// foreign_ports.py does the two minutes of loss, disorder and cuts.
  @Test(arguments: ["foreign_matrix.py", "foreign_ports.py"])
  func aFewKindsOfSessionsAndFaultsAreRecordedAsTheyWere(matrix: String) throws {
    let run = try workspace.run(
      Peer.boto3.path,
      [
        "\(Products.checkout)/Tests/Peers/\(matrix)", "--gateway", Peer.gateway.path, "--programs",
        Products.folder, "--quick",
      ], within: 300)
    #expect(run.status == .exited(0), "\(run.allText)")
  }
}
