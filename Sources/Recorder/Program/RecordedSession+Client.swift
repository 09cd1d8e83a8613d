import Platform

extension RecordedSession {
  /// A session of `ssmrec` itself: words for the person go to standard error, the session alone to standard
  /// output.
  static func forClient(
    response: StartSessionResponse, target: String?, facts: SessionFacts, account: AWSAccount,
    settings: RecorderSettings, arguments: Arguments, environment: Environment
  ) -> RecordedSession {
    let isQuiet = arguments.has("quiet")
    return RecordedSession(
      response: response, facts: facts,
      access: account.access(to: response, target: target, settings: settings),
      settings: settings,
      outputPath: arguments.text("output"), overwrites: arguments.has("overwrite"), policy: .client,
      environment: environment, fallbackSize: SessionOptions.sizeWithoutTerminal,
      voice: SessionVoice(
        output: { if !isQuiet { StandardError.write($0) } },
        // A script reads the port's number from where the official client prints it.
        ports: { if !isQuiet { _ = PluginProgram.say($0) } },
        aside: { if !isQuiet { StandardError.write($0) } }, isStream: nil),
      complain: { StandardError.say($0) }, report: { StandardError.say("\($0)") },
      saved: { if !isQuiet { StandardError.say("recorded in \($0.printable)") } },
      terminate: account.terminate(response.sessionID, timeouts: settings.timeouts))
  }
}
