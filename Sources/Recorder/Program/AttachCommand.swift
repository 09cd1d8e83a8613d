import Format
import Platform

/// `ssmrec attach`: connect and record with a StartSession response that another program got.
enum AttachCommand {
  static let command = Command(
    "attach", summary: "record a session that another program started",
    discussion: """
      Takes the answer of StartSession from another program, such as an SDK or curl, as JSON with SessionId, \
      TokenValue and StreamUrl in any letter case, and connects and records the session.

      Where the answer comes from standard input, what follows it there is typed into the session; if nothing \
      follows and there is a terminal, keys are read from the terminal.
      """,
    options: [
      Option(
        "response", .text("SOURCE"),
        help: "Where the response is: - for standard input (default), a file, or ENV:NAME for a variable"),
      Option(
        "target", short: "t", .text("ID"), help: "Target to note in the recording; the response has none"),
    ] + SessionOptions.options,
    examples: [
      Example("ssmrec attach --response answer.json", "Record the session that answer.json belongs to."),
      Example(
        "python3 -c 'import boto3,json; print(json.dumps(boto3.client(\"ssm\").start_session("
          + "Target=\"i-0123456789abcdef0\")))' | ssmrec attach",
        "Record a session that boto3 started."),
    ],
    run: run)

  private static func run(_ arguments: Arguments) -> Int32 {
    let environment = Environment.current
    let settings: RecorderSettings
    do throws(SettingsError) {
      settings = try SessionOptions.settings(arguments, environment: environment)
    } catch {
      return arguments.refuse("\(error)")
    }
    if let problem = SessionOptions.outputProblem(arguments) { return arguments.refuse(problem) }
    let source = ResponseSource(arguments.text("response"))
    let response: StartSessionResponse
    let typedAhead: [UInt8]
    do throws(ResponseSourceError) {
      (response, typedAhead) = try source.read(environment: environment)
    } catch {
      StandardError.say("\(error)")
      return ExitCode.sessionFailed
    }
    let account: AWSAccount
    do throws(AccountError) {
      account = try AWSAccount.ofStartedSession(
        environment: environment, profile: arguments.text("profile"), region: arguments.text("region"))
    } catch {
      StandardError.say("\(error)")
      return ExitCode.sessionFailed
    }
    var facts = SessionFacts(
      sessionID: response.sessionID, target: arguments.text("target") ?? "unknown", program: "ssmrec attach")
    facts.region = account.region
    facts.title = arguments.text("title")
    let session = RecordedSession.forClient(
      response: response, target: arguments.text("target"), facts: facts, account: account,
      settings: settings, arguments: arguments,
      environment: environment)
    let terminal = keyboard(source, typedAhead)
    return SessionOptions.exitCode(session.run(terminal: terminal), arguments)
  }

  /// Keys come from standard input, or from the terminal where standard input held only the response.
  private static func keyboard(_ source: ResponseSource, _ typedAhead: [UInt8]) -> SessionTerminal {
    if source == .standardInput, typedAhead.isEmpty, Terminal.isTerminal(.standardOutput),
      let terminal = try? File.open("/dev/tty", for: .readingAndWriting)  // none: a session without keys
    {
      return SessionTerminal(input: terminal, output: .standardOutput)
    }
    return SessionTerminal(input: .standardInput, output: .standardOutput, typedAhead: typedAhead)
  }
}
