import Platform
import Testing

/// Sessions that another program started, at `ssmrec agent`: curl and boto3 for `ssmrec attach`, and the answer
/// in the words and variables of session-manager-plugin.
@Suite struct AttachTests {
  private let workspace: Workspace
  private let service: Service
  init() throws {
    workspace = try Workspace()
    service = try Service(in: workspace)
  }

  /// StartSession made by curl, with curl's own SigV4.
  private func answerFromCurl(_ body: String = #"{"Target":"local"}"#) throws -> String {
    let run = try workspace.run(
      Peer.curl.path,
      [
        "-sS", "--aws-sigv4", "aws:amz:eu-central-1:ssm", "--user", "\(Service.accessKey):\(Service.secret)",
        "-H", "Content-Type: application/x-amz-json-1.1", "-H", "X-Amz-Target: AmazonSSM.StartSession",
        "--data", body, service.endpoint,
      ])
    #expect(run.status == .exited(0), "\(run.allText)")
    return run.text
  }

  @Test(.enabled(if: Peer.curl.isUsable, Comment(rawValue: Peer.curl.reason)))
  func anAnswerFromCurlIsAttachedTo() throws {
    let answer = try answerFromCurl()
    #expect(try JSON(parsing: answer)["SessionId"]?.string != nil, "\(answer)")
    let run = try workspace.run(
      "ssmrec", ["attach", "--quiet", "--target", "local"], input: answer + "\necho mark-$((40+2))\nexit\n")
    #expect(run.status == .exited(0), "\(run.allText)")
    #expect(run.text.contains("mark-42"))
    let recording = try workspace.onlyRecording()
    #expect(recording.text("o").contains("mark-42"))
    let token = try JSON(parsing: answer)["TokenValue"]?.string ?? "?"
    let everything = recording.lines.map(\.text).joined()
    #expect(!everything.contains(token) && !everything.contains("role=publish"), "a token stays a secret")
  }

  @Test(.enabled(if: Peer.boto3.isUsable, Comment(rawValue: Peer.boto3.reason)))
  func anAnswerFromBoto3IsAttachedTo() throws {
    let script = """
      import boto3, json, sys
      client = boto3.client("ssm", endpoint_url=sys.argv[1], verify=sys.argv[2])
      print(json.dumps(client.start_session(Target="local", Reason="a test"), default=str), flush=True)
      print("echo mark-$((40+2))", "exit", sep="\\n", flush=True)
      """
    let file = try workspace.write(script, to: "start.py")
    for endpoint in [service.endpoint, service.secureEndpoint] {
      let run = try workspace.run(
        "sh",
        [
          "-c", #""$0" "$1" "$2" "$3" | ssmrec attach --quiet"#, Peer.boto3.path, file, endpoint,
          service.authority,
        ])
      #expect(run.status == .exited(0) && run.text.contains("mark-42"), "\(run.allText)")
    }
    #expect(try workspace.recordings().count == 2)
  }

  @Test(.enabled(if: Peer.curl.isUsable, Comment(rawValue: Peer.curl.reason)))
  func thePluginTakesTheAnswerAsAnArgumentOrAVariable() throws {
    let request = #"{"Target":"local"}"#
    for name in [nil, "AWS_SSM_START_SESSION_RESPONSE", "AWS_SSM_START_SESSION_RESPONSE_7"] {
      var answer = try answerFromCurl()
      workspace.environment.variables = workspace.environment.variables.filter {
        !$0.key.hasPrefix("AWS_SSM_START_SESSION_RESPONSE")
      }
      if let name {
        workspace.environment.variables[name] = answer
        answer = name
      }
      let run = try workspace.run(
        "session-manager-plugin", [answer, "eu-central-1", "StartSession", "", request, service.endpoint],
        input: "echo mark-$((40+2))\nenv | grep -c RESPONSE\nexit\n")
      #expect(run.status == .exited(0), "\(run.allText)")
      #expect(run.text.hasPrefix("\nStarting session with SessionId: "), "\(run.text)")
      #expect(run.text.contains("mark-42"))
      #expect(run.text.contains("\n\nExiting session with sessionId: "))
      #expect(run.text.hasSuffix(".\n\n"))
    }
    #expect(try workspace.recordings().count == 3)
  }

  @Test(.enabled(if: Peer.curl.isUsable, Comment(rawValue: Peer.curl.reason)))
  func aTokenOpensOneChannel() throws {
    let answer = try workspace.write(try answerFromCurl(), to: "answer.json")
    let first = try workspace.run("ssmrec", ["attach", "-q", "--response", answer], input: "exit\n")
    #expect(first.status == .exited(0), "\(first.allText)")
    let second = try workspace.run("ssmrec", ["attach", "-q", "--response", answer], input: "exit\n")
    #expect(second.status == .exited(1), "\(second.allText)")
  }

  /// The plugin types interrupts into the session; what ends it gives the terminal back, as the official one does not.
  @Test(.enabled(if: Peer.curl.isUsable, Comment(rawValue: Peer.curl.reason)))
  func signalsEndThePluginAndRestoreTheTerminal() throws {
    for signal in [Signal.terminate, .hangup] {
      let variable = "AWS_SSM_START_SESSION_RESPONSE"
      workspace.environment.variables[variable] = try answerFromCurl()
      let script = """
        session-manager-plugin \(variable) eu-central-1 StartSession '' '{"Target":"local"}' \(service.endpoint) &
        echo "process $!-"; wait $!; echo "ended with $?"; read -r line
        """
      // A program in the background of a shell without job control reads /dev/null: it gets the terminal by name.
      let run = try TerminalRun(
        workspace.invocation("sh", ["-c", script.replacing(" &\n", with: " < /dev/tty &\n")]))
      let before = TerminalRun.newSettings
      try run.wait(for: "process ")
      try run.wait(for: "-")
      let number = run.text.split(separator: "process ").last?.prefix { $0 != "-" } ?? ""
      let id = try #require(Int32(number))
      try run.interruptAProgram()
      #expect(try run.settings() != before)
      try signal.send(to: id)
      try run.wait(for: "ended with \(128 + signal.rawValue)")
      #expect(try run.settings() == before, "after \(signal)")
    }
    let states = try workspace.recordings().map { try Recording($0, in: workspace).states.last }
    #expect(states == ["interrupted", "interrupted"])
  }
}
