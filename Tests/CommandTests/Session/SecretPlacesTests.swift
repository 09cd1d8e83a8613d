import Format
import Platform
import Testing

/// Where a session's token and an account's key must not be: in the process's own places, messages, recordings.
@Suite struct SecretPlacesTests {
  private let workspace: Workspace
  private let service: Service

  init() throws {
    workspace = try Workspace()
    service = try Service(in: workspace)
  }

  @Test(.enabled(if: Peer.curl.isUsable, Comment(rawValue: Peer.curl.reason)))
  func aTokenInAVariableIsNowhereOnceItIsRead() throws {
    let answer = try workspace.run(
      "curl",
      [
        "-sS", "--aws-sigv4", "aws:amz:eu-central-1:ssm", "--user", "\(Service.accessKey):\(Service.secret)",
        "-H", "Content-Type: application/x-amz-json-1.1", "-H", "X-Amz-Target: AmazonSSM.StartSession",
        "--data", #"{"Target":"local"}"#, service.endpoint,
      ]
    ).text
    let token = try #require(try JSON(parsing: answer)["TokenValue"]?.string)
    workspace.environment.variables["ANSWER"] = answer
    let run = try TerminalRun(workspace.invocation("ssmrec", ["attach", "--response", "ENV:ANSWER"]))
    try run.enter("echo ready-$((1+1))")
    try run.wait(for: "ready-2")
    for place in ["cmdline", "environ"] {
      let path = "/proc/\(run.processID)/\(place)"
      // For root alone, as the process is not dumpable: then nobody else reads it either.
      guard let bytes = try? File.read(path) else {
        #expect(Host.user != "root", "\(path) is not readable for root")
        continue
      }
      #expect(!bytes.contains(token) && !bytes.contains("role=publish"), "\(place)")
    }
    try run.enter("env | grep -c \"^ANSWER=\"; exit")
    try run.waitForEnd()
    #expect(!run.text.contains(token))
    let recording = try workspace.onlyRecording()
    let everything = recording.lines.map(\.text).joined()
    for secret in [token, "role=publish", Service.secret] { #expect(!everything.contains(secret)) }
  }

  @Test func parametersAndReasonsAreMaskedByNameAndByPattern() throws {
    let path = workspace.path("masked.cast.gz")
    let run = try workspace.run(
      "ssmrec",
      [
        "start", "--target", "local", "-q", "-o", path, "--document-name", "AWS-StartInteractiveCommand",
        "--reason", "mysql --password zebra42", "--parameters",
        #"{"command":["true postgres://ann:zebra42@db/x; DB_TOKEN=zebra42 true"]}"#,
      ])
    #expect(run.status == .exited(0), "\(run.allText)")
    let header = try Recording(path, in: workspace).header.text
    #expect(!header.contains("zebra42") && header.contains("postgres://ann:*******@db/x"), "\(header)")
    #expect(header.contains("mysql --password *******"), "\(header)")
  }

  @Test func outputIsMaskedByPatternsOnRequestAndTheTerminalIsNot() throws {
    let path = workspace.path("output.cast.gz")
    workspace.environment.variables["SSMCAST_MASK_PATTERNS"] = "url-passwords"
    let run = try workspace.run(
      "ssmrec", ["start", "--target", "local", "-q", "-o", path],
      input: "printf 'see postgres://ann:%s@db\\n' zebra; exit\n")
    #expect(run.status == .exited(0) && run.text.contains("ann:zebra@db"), "\(run.allText)")
    let recording = try Recording(path, in: workspace)
    #expect(recording.text("o").contains("see postgres://ann:*****@db"))
    #expect(recording.states.contains("masked"))
    workspace.environment.variables["SSMCAST_MASK_PATTERNS"] = "passwords"
    let refused = try workspace.run("ssmrec", ["start", "--target", "local", "-q"], input: "exit\n")
    #expect(refused.status != .exited(0) && refused.errorText.contains("url-passwords"), "\(refused.allText)")
  }
}
