import Format
import Platform

/// `ssmrec start`: StartSession, connect, record.
enum StartCommand {
  static let command = Command(
    "start", summary: "start a session and record it",
    discussion: """
      Calls StartSession, opens the data channel and records the session. The target "local" needs no AWS: an \
      embedded service and agent give a shell on this machine over the same calls and the same channel.

      Standard input may be a pipe: it is typed into the session, and after its end the output is read until \
      the session closes, so end what you type with "exit".
      """,
    options: [
      Option("target", short: "t", .text("ID"), help: "Instance, managed node or ECS target; or local"),
      Option("document-name", .text("NAME"), help: "Session document; else the account's default shell"),
      Option(
        "parameters", .text("PARAMETERS"),
        help: "Parameters of the document: name=value,value, JSON, or file://PATH"),
      Option("reason", .text("TEXT"), help: "Why you connect; AWS keeps it too"),
      Option("endpoint-url", .text("URL"), help: "Address of the service; else AWS_ENDPOINT_URL_SSM, or AWS's own"),
      Option("cli-input-json", .text("JSON"), help: "The whole request as JSON, or file://PATH; options win over it"),
      Option(
        "generate-cli-skeleton", .optionalChoice(["input", "output"]),
        help: "Print the JSON that --cli-input-json takes, or that the service answers; start nothing"),
    ] + SessionOptions.options,
    examples: [
      Example("ssmrec start --target local", "Record a shell on this machine, without AWS."),
      Example(
        "ssmrec start --target i-0123456789abcdef0 --reason 'ticket 4711'",
        "Record a shell on an instance and say why."),
      Example(
        "ssmrec start -t i-0123456789abcdef0 --document-name AWS-StartInteractiveCommand "
          + "--parameters command='sudo tail -f /var/log/syslog'",
        "Record one command."),
      Example("printf 'uptime\\nexit\\n' | ssmrec start -t local -o up.cast.gz", "Type from a pipe."),
    ],
    run: run)

  private static func run(_ arguments: Arguments) -> Int32 {
    let environment = Environment.current
    if let side = arguments.text("generate-cli-skeleton") {
      let output = StandardOutput()
      output.writeLine(side == "output" ? SessionRequest.outputSkeleton : SessionRequest.inputSkeleton)
      return output.finish(ExitCode.success)
    }
    let request: SessionRequest
    let settings: RecorderSettings
    do {
      request = try makeRequest(arguments)
      settings = try SessionOptions.settings(arguments, environment: environment)
    } catch {
      return arguments.refuse("\(error)")
    }
    if let problem = SessionOptions.outputProblem(arguments) { return arguments.refuse(problem) }
    return request.target == "local" && arguments.text("endpoint-url") == nil
      ? startLocally(request, settings, arguments, environment)
      : startAtService(request, settings, arguments, environment)
  }

  /// The request from `--cli-input-json` with the options on top.
  private static func makeRequest(_ arguments: Arguments) throws(SessionRequestError) -> SessionRequest {
    let base = try arguments.text("cli-input-json").map { text throws(SessionRequestError) in
      try SessionRequest.Draft(cliInputJSON: text)
    }
    var draft = base ?? SessionRequest.Draft()
    if let target = arguments.text("target") { draft.target = target }
    if let name = arguments.text("document-name") { draft.documentName = name }
    if let reason = arguments.text("reason") { draft.reason = reason }
    if let text = arguments.text("parameters") { draft.parameters = try SessionRequest.parameters(parsing: text) }
    return try draft.request()
  }

  /// A shell on this machine: the service and the agent run on a thread of this process.
  private static func startLocally(
    _ request: SessionRequest, _ settings: RecorderSettings, _ arguments: Arguments, _ environment: Environment
  ) -> Int32 {
    let agent: LocalAgent
    do throws(AgentError) {
      agent = try LocalAgent.start(.local(environment: environment))
    } catch {
      StandardError.say("\(error)")
      return ExitCode.sessionFailed
    }
    defer { agent.stop() }
    let account = AWSAccount(
      endpoint: agent.endpoint, region: agent.region, credentials: .fixed(agent.credentials),
      trust: .certificates(pem: agent.certificatePEM), proxy: .none)
    return start(request, account, settings, arguments, environment)
  }

  private static func startAtService(
    _ request: SessionRequest, _ settings: RecorderSettings, _ arguments: Arguments, _ environment: Environment
  ) -> Int32 {
    let account: AWSAccount
    do throws(AccountError) {
      account = try AWSAccount(
        environment: environment, profile: arguments.text("profile"), region: arguments.text("region"),
        endpointURL: arguments.text("endpoint-url"))
    } catch {
      StandardError.say("\(error)")
      return ExitCode.sessionFailed
    }
    return start(request, account, settings, arguments, environment)
  }

  private static func start(
    _ request: SessionRequest, _ account: AWSAccount, _ settings: RecorderSettings, _ arguments: Arguments,
    _ environment: Environment
  ) -> Int32 {
    let response: StartSessionResponse
    do throws(APIError) {
      response = try account.client(timeouts: settings.timeouts).startSession(request)
    } catch {
      StandardError.say("\(error)")
      return ExitCode.sessionFailed
    }
    var facts = SessionFacts(
      sessionID: response.sessionID, target: request.target, program: "ssmrec start")
    facts.region = account.region
    facts.documentName = request.documentName
    facts.reason = request.reason
    facts.parameters = request.parameters
    facts.title = arguments.text("title")
    let session = RecordedSession.forClient(
      response: response, facts: facts, account: account, settings: settings, arguments: arguments,
      environment: environment)
    let terminal = SessionTerminal(input: .standardInput, output: .standardOutput)
    return SessionOptions.exitCode(session.run(terminal: terminal), arguments)
  }
}
