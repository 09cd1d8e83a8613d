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
      Option(
        "endpoint-url", .text("URL"), help: "Address of the service; else AWS_ENDPOINT_URL_SSM, or AWS's own"),
      Option(
        "cli-input-json", .text("JSON"),
        help: "The whole request as JSON, or file://PATH; options win over it"),
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
      let skeleton = side == "output" ? SessionRequest.outputSkeleton : SessionRequest.inputSkeleton
      output.writeLine(skeleton.indentedText())
      return output.finish(ExitCode.success)
    }
    let request: SessionRequest
    let settings: RecorderSettings
    do throws(SessionRequestError) {
      request = try SessionRequest(
        target: arguments.text("target"), documentName: arguments.text("document-name"),
        reason: arguments.text("reason"), parameters: arguments.text("parameters"),
        cliInputJSON: arguments.text("cli-input-json"))
    } catch {
      return arguments.refuse("\(error)")
    }
    do throws(SettingsError) {
      settings = try SessionOptions.settings(arguments, environment: environment)
    } catch {
      return arguments.refuse("\(error)")
    }
    if let problem = SessionOptions.outputProblem(arguments) { return arguments.refuse(problem) }
    return request.target == "local" && arguments.text("endpoint-url") == nil
      ? startLocally(request, settings, arguments, environment)
      : startAtService(request, settings, arguments, environment)
  }

  /// A shell on this machine: the service and the agent run on a thread of this process.
  private static func startLocally(
    _ request: SessionRequest, _ settings: RecorderSettings, _ arguments: Arguments,
    _ environment: Environment
  ) -> Int32 {
    let agent: LocalAgent
    do throws(AgentError) {
      agent = try LocalAgent.start(.local(environment: environment))
    } catch {
      StandardError.say("\(error)")
      return ExitCode.sessionFailed
    }
    defer { agent.stop() }
    do throws(AccountError) {
      return start(request, try AWSAccount(agent), settings, arguments, environment)
    } catch {
      StandardError.say("\(error)")
      return ExitCode.sessionFailed
    }
  }

  private static func startAtService(
    _ request: SessionRequest, _ settings: RecorderSettings, _ arguments: Arguments,
    _ environment: Environment
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
    do throws(StartError) {
      response = try startSession(request, account, settings)
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
      response: response, target: request.target, facts: facts, account: account, settings: settings,
      arguments: arguments,
      environment: environment)
    let terminal = SessionTerminal(input: .standardInput, output: .standardOutput)
    return SessionOptions.exitCode(session.run(terminal: terminal), arguments)
  }

  private static func startSession(
    _ request: SessionRequest, _ account: AWSAccount, _ settings: RecorderSettings
  ) throws(StartError) -> StartSessionResponse {
    guard let client = account.client(timeouts: settings.timeouts) else { throw .noEndpoint }
    do throws(APIError) {
      return try client.startSession(request)
    } catch {
      throw .api(error)
    }
  }
}

/// Why no session could be started.
private enum StartError: Error, Equatable, CustomStringConvertible {
  case api(APIError)
  case noEndpoint

  var description: String {
    switch self {
    case .api(let error): "\(error)"
    case .noEndpoint: "no region is set; name one with --region"
    }
  }
}
