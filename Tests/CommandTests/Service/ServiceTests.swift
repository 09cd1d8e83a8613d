import Platform
import Testing

/// `ssmrec agent` as a service for others: its ready file, its manners, and its API to the AWS CLI.
@Suite struct ServiceTests {
  private let workspace: Workspace
  init() throws { workspace = try Workspace() }

  @Test func theReadyFileIsForThisUserAndGoesWithTheService() throws {
    let service = try Service(in: workspace)
    let path = workspace.path("ready.json")
    let ready = try JSON(parsing: try File.read(path))
    #expect(ready["endpoint"]?.string?.hasPrefix("http://127.0.0.1:") == true)
    #expect(ready["endpoint_tls"]?.string?.hasPrefix("https://127.0.0.1:") == true)
    #expect(ready["target"]?.string == "local" && ready["pid"]?.integer != nil)
    #expect(try File.status(path).permissions == 0o600)
    #expect(File.exists(service.authority))
    #expect(service.stop(with: .terminate) == .exited(0))
    #expect(!File.exists(path), "nobody shall wait for a service that is gone")
  }

  /// `ssmrec start` and the AWS CLI with our plugin find the service's key management by AWS_ENDPOINT_URL_KMS.
  @Test func sessionsAreEncryptedOnRequest() throws {
    let service = try Service(in: workspace, arguments: ["--kms"])
    let ready = try JSON(parsing: try File.read(workspace.path("ready.json")))
    #expect(ready["env"]?["AWS_ENDPOINT_URL_KMS"]?.string == service.endpoint)
    let request = ["start", "-q", "-t", "local", "--endpoint-url", service.endpoint]
    let input = "echo mark-$((40+2))\nexit\n"
    workspace.environment.variables["AWS_ENDPOINT_URL_KMS"] = service.endpoint
    let run = try workspace.run("ssmrec", request, input: input)
    #expect(run.status == .exited(0) && run.text.contains("mark-42"), "\(run.allText)\n\(service.log)")
    let recording = try workspace.onlyRecording()
    #expect(recording.text("s").contains("kms_key_id") && recording.text("o").contains("mark-42"))
    if Peer.aws.isUsable {
      let aws = try workspace.run(
        Peer.aws.path, ["ssm", "start-session", "--target", "local", "--endpoint-url", service.endpoint],
        input: input)
      #expect(aws.status == .exited(0) && aws.text.contains("mark-42"), "\(aws.allText)\n\(service.log)")
      #expect(aws.text.contains("This session is encrypted using AWS KMS."))
    }
    workspace.environment.variables["AWS_SECRET_ACCESS_KEY"] = "not the one"
    #expect(try workspace.run("ssmrec", request, input: input).status == .exited(1))
  }

  @Test func otherAddressesThanLoopbackAreRefusedUnlessForced() throws {
    let run = try workspace.run("ssmrec", ["agent", "--listen", "0.0.0.0:0"], within: 20)
    #expect(run.status != .exited(0) && run.errorText.contains("--force"), "\(run.allText)")
    let bad = try workspace.run("ssmrec", ["agent", "--listen", "nonsense"], within: 20)
    #expect(bad.status != .exited(0) && !bad.errorText.isEmpty, "\(bad.allText)")
  }

  @Test(.enabled(if: Peer.aws.isUsable, Comment(rawValue: Peer.aws.reason)))
  func theAWSCommandLineSeesAndEndsSessions() throws {
    let service = try Service(in: workspace)
    func aws(_ arguments: [String]) throws -> JSON {
      let run = try workspace.run(
        Peer.aws.path, ["ssm"] + arguments + ["--endpoint-url", service.endpoint, "--output", "json"])
      #expect(run.status == .exited(0), "\(arguments): \(run.allText)")
      return try JSON(parsing: run.output)
    }
    let document = try aws(["get-document", "--name", "SSM-SessionManagerRunShell"])
    #expect(document["Content"]?.string?.contains("Standard_Stream") == true, "\(document.text)")
    #expect(try aws(["describe-sessions", "--state", "Active"])["Sessions"]?.array == [])

    let run = try TerminalRun(
      workspace.invocation(
        "sh",
        [
          "-c",
          "ssmrec start -q -t local --endpoint-url \(service.endpoint); echo \"ended with $?\"; read -r line",
        ]))
    let before = TerminalRun.newSettings
    try run.enter("echo ready-$((1+1))")
    try run.wait(for: "ready-2")
    let sessions = try aws(["describe-sessions", "--state", "Active"])["Sessions"]?.array ?? []
    #expect(sessions.count == 1 && sessions.first?["Target"]?.string == "local")
    let id = sessions.first?["SessionId"]?.string ?? "?"
    #expect(try aws(["terminate-session", "--session-id", id])["SessionId"]?.string == id)
    try run.wait(for: "ended with 0")
    #expect(try run.settings() == before)
    #expect(try workspace.onlyRecording().states.last == "closed")
    #expect(try aws(["describe-sessions", "--state", "History"])["Sessions"]?.array?.count == 1)
  }
}
