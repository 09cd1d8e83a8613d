import Platform
import Testing

/// Peers that refuse, break off, stay silent or talk nonsense: one clear line in time, and a recording that reads.
@Suite struct BadPeerTests {
  private let workspace: Workspace
  init() throws {
    workspace = try Workspace()
    workspace.environment.variables["SSMCAST_TIMEOUT"] = "1"
    workspace.environment.variables["AWS_ACCESS_KEY_ID"] = Service.accessKey
    workspace.environment.variables["AWS_SECRET_ACCESS_KEY"] = Service.secret
    workspace.environment.variables["AWS_DEFAULT_REGION"] = "eu-central-1"
  }

  /// Checks what every failure has in common: the exit code, one line, no secret.
  private func expectOneLine(_ run: ProgramRun, mentioning words: [String], _ what: String) {
    #expect(run.status == .exited(1), "\(what): \(run.allText)")
    #expect(run.errorText.split(separator: "\n").count == 1, "\(what): \(run.errorText)")
    #expect(!run.allText.contains("secret-token") && !run.allText.contains(Service.secret), "\(what)")
    for word in words { #expect(run.errorText.contains(word), "\(what): \(run.errorText)") }
  }

  @Test func brokenChannelsEndWithOneLineAndAReadableRecording() throws {
    let cases: [(mode: String, words: [String])] = [
      ("silent", ["1 s"]), ("hangup", []), ("hangup-after-request", []), ("garbage", []),
      ("refusal", ["403"]), ("unavailable", ["503"]), ("not-json", []), ("endless-head", []),
      ("quiet-agent", ["agent", "2 s"]), ("half-frame", []), ("reserved-bits", []), ("huge-frame", []),
      ("masked-frame", []), ("short-message", ["2 s"]), ("close-frame", ["1000", "Bye"]),
      ("no-token-frame", ["1003", "no token"]),
    ]
    for (mode, words) in cases {
      let server = try HostileServer(mode, in: workspace)
      let path = workspace.path("\(mode).cast.gz")
      let answer = try workspace.response(
        "ws://127.0.0.1:\(server.port)/v1/data-channel/s?role=publish_subscribe&cell-number=secret-token")
      let run = try workspace.run(
        "ssmrec", ["attach", "-q", "--response", answer, "-o", path], input: "echo\n", within: 30)
      expectOneLine(run, mentioning: words, mode)
      let recording = try Recording(path, in: workspace)
      #expect(recording.complaint == "" && recording.states.last == "failed", "\(mode): \(recording.lines)")
      #expect(!recording.lines.map(\.text).joined().contains("secret-token"), "\(mode)")
    }
  }

  @Test func brokenServicesEndWithOneLine() throws {
    let cases: [(mode: String, words: [String])] = [
      ("silent", ["did not answer"]), ("hangup", []), ("hangup-after-request", []), ("garbage", []),
      ("refusal", ["not you", "request-4711"]), ("unavailable", ["503"]), ("not-json", []),
      ("endless-head", []), ("endless-body", []),
    ]
    for (mode, words) in cases {
      let server = try HostileServer(mode, in: workspace)
      let run = try workspace.run(
        "ssmrec", ["start", "-q", "-t", "i-1", "--endpoint-url", "http://127.0.0.1:\(server.port)"],
        within: 60)
      expectOneLine(run, mentioning: words, mode)
    }
    #expect(try workspace.recordings() == [], "no session, no recording")
  }

  @Test func aClosedPortAndAHostWithoutAnAddressAreNamed() throws {
    var server: HostileServer? = try HostileServer("silent", in: workspace)
    let port = server?.port ?? 0
    server = nil  // nobody listens there any more
    let closed = try workspace.run(
      "ssmrec", ["start", "-t", "i-1", "--endpoint-url", "http://127.0.0.1:\(port)"])
    expectOneLine(closed, mentioning: ["127.0.0.1:\(port)"], "closed port")
    let nowhere = try workspace.run(
      "ssmrec", ["start", "-t", "i-1", "--endpoint-url", "http://nowhere.invalid"])
    expectOneLine(nowhere, mentioning: ["nowhere.invalid"], "unknown host")
    let path = try workspace.response("wss://127.0.0.1:\(port)/v1/data-channel/s")
    let channel = try workspace.run("ssmrec", ["attach", "-q", "--response", path])
    expectOneLine(channel, mentioning: ["127.0.0.1:\(port)"], "closed channel port")
  }

  @Test func unknownTargetsAndRefusedCredentialsAreOneSentence() throws {
    let service = try Service(in: workspace)
    let start = ["start", "-q", "--endpoint-url", service.endpoint]
    let target = try workspace.run("ssmrec", start + ["--target", "i-00000000000000000"])
    expectOneLine(target, mentioning: ["i-00000000000000000"], "unknown target")
    let document = try workspace.run(
      "ssmrec", start + ["--target", "local", "--document-name", "No-Such-Document"])
    expectOneLine(document, mentioning: ["No-Such-Document"], "unknown document")
    workspace.environment.variables["AWS_SECRET_ACCESS_KEY"] = "another"
    let refused = try workspace.run("ssmrec", start + ["--target", "local"])
    expectOneLine(refused, mentioning: ["ignature"], "wrong secret")
    workspace.environment.variables["AWS_ACCESS_KEY_ID"] = nil
    workspace.environment.variables["AWS_SECRET_ACCESS_KEY"] = nil
    let none = try workspace.run("ssmrec", start + ["--target", "local"])
    expectOneLine(none, mentioning: ["credentials"], "no credentials")
    #expect(try workspace.recordings() == [])
  }

  /// The agent's certificate is for 127.0.0.1; behind 127.0.0.2 it belongs to somebody else.
  @Test func certificatesAreChecked() throws {
    let service = try Service(in: workspace)
    let port = service.secureEndpoint.split(separator: ":").last.map(String.init) ?? ""
    let other = try HostileServer("forward", in: workspace, arguments: ["127.0.0.2", port])
    let start = ["start", "-q", "--target", "local", "--endpoint-url"]
    let wrongHost = try workspace.run("ssmrec", start + ["https://127.0.0.2:\(other.port)"])
    expectOneLine(wrongHost, mentioning: ["127.0.0.2", "certificate"], "another host's certificate")
    workspace.environment.variables["AWS_CA_BUNDLE"] = nil
    let untrusted = try workspace.run("ssmrec", start + [service.secureEndpoint])
    expectOneLine(untrusted, mentioning: ["AWS_CA_BUNDLE"], "unknown issuer")
    workspace.environment.variables["AWS_CA_BUNDLE"] = workspace.path("missing.pem")
    let missing = try workspace.run("ssmrec", start + [service.secureEndpoint])
    expectOneLine(missing, mentioning: ["missing.pem"], "missing CA file")
  }

  /// A failure after the terminal went raw gives it back too.
  @Test func aServiceThatDiesInMidSessionLeavesTheTerminalAsItWas() throws {
    let service = try Service(in: workspace)
    let script =
      "ssmrec start -q --target local --endpoint-url \(service.endpoint); echo \"ended with $?\"; read -r line"
    let run = try TerminalRun(workspace.invocation("sh", ["-c", script]))
    let before = TerminalRun.newSettings
    try run.enter("echo ready-$((1+1))")
    try run.wait(for: "ready-2")
    #expect(try run.settings() != before)
    _ = service.stop(with: .kill)
    try run.wait(for: "ended with 1")
    #expect(try run.settings() == before)
    let recording = try workspace.onlyRecording()
    #expect(recording.text("o").contains("ready-2") && recording.states.last == "failed")
  }
}
