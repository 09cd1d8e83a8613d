import Platform

/// `ssmrec agent`: the embedded service and agent alone, for the AWS CLI, SDKs, curl and tests.
enum AgentCommand {
  static let command = Command(
    "agent", summary: "serve shells on this machine as Session Manager would",
    discussion: """
      A service and an agent on loopback: StartSession and its relatives over HTTP and HTTPS, the data channel \
      over a TLS WebSocket, and a shell of yours on a pty, without AWS. It checks SigV4 signatures with one \
      access key: --access-key, else AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of its environment, else a new \
      one that it prints. Whoever has that key gets a shell as you.

      It prints what another terminal needs, and serves until SIGTERM, SIGINT or SIGHUP.
      """,
    options: [
      Option("listen", .text("HOST:PORT"), help: "Where to listen (default: 127.0.0.1:0, any free port)"),
      Option(
        "ready-file", .file("FILE"),
        help: """
          Write the addresses here as JSON once calls are answered
          The members are endpoint, endpoint_tls, ca (the certificate to trust), target, region and pid; a new \
          access key is there too (access_key_id, secret_access_key). The file is for this user only and is \
          removed at the end.
          """),
      Option("access-key", .text("ID:SECRET"), help: "The one access key that is accepted"),
      Option(
        "target", short: "t", .text("NAME"),
        help: "A target that this machine answers as; may be given again (default: local)", repeats: true),
      Option(
        "kms",
        help: """
          Encrypt sessions with a key of its own key management service
          The service answers GenerateDataKey and Decrypt on the same port, and clients find it by \
          AWS_ENDPOINT_URL_KMS, which is printed and stands in the ready file (env). The key is made for this run.
          """),
      Option(
        "fault", .text("RULE"),
        help: """
          Let something go wrong on purpose, for tests of clients; may be given several times
          RULE is DIRECTION:KIND:NAME=VALUE,… with the directions a2c (agent to client) and c2a, and the kinds drop, \
          dup (times), reorder (by messages), delay (ms), digest, corrupt, cut, pause, start and token (one that has \
          expired). p is the chance of each message, n takes each so many, max limits how often, every-ms keeps an \
          interval, and seed makes the choices repeatable.
          """, repeats: true),
      Option("force", help: "Listen at an address that other machines can reach"),
    ],
    examples: [
      Example("ssmrec agent", "Serve; then follow what it prints, in another terminal."),
      Example(
        "ssmrec agent --fault a2c:drop:p=0.3 --fault c2a:cut:every-ms=5000",
        "Lose three of ten messages to clients, and cut the line every 5 s."),
      Example(
        "ssmrec agent --listen 127.0.0.1:8022 --ready-file /tmp/agent.json", "A fixed port, for scripts."),
    ],
    run: run)

  private static func run(_ arguments: Arguments) -> Int32 {
    let environment = Environment.current
    do throws(AgentError) {
      var random = SystemRandomNumberGenerator()
      let given = try accessKey(arguments, environment)
      let key = given ?? AgentConfiguration.newAccessKey(using: &random)
      var configuration = AgentConfiguration(accessKey: key, user: Host.user, environment: environment)
      if let listen = arguments.text("listen") { try configuration.listen(at: listen) }
      configuration.allowsOtherAddresses = arguments.has("force")
      configuration.publishesAccessKey = given == nil
      configuration.kms = arguments.has("kms")
      do throws(FaultRuleError) {
        for rule in arguments.texts("fault") { configuration.faults.append(try ChannelFault(parsing: rule)) }
      } catch {
        throw AgentError.badFault(error)
      }
      let targets = arguments.texts("target").filter { !$0.isEmpty }
      if !targets.isEmpty { configuration.targets = targets }
      try AgentRun.run(configuration, readyFile: arguments.text("ready-file")) { text in
        let output = StandardOutput()
        output.write(text)
        _ = output.finish(ExitCode.success)  // nobody reads: the ready file serves as well
      }
      return ExitCode.success
    } catch {
      StandardError.say("\(error)")
      return ExitCode.sessionFailed
    }
  }

  private static func accessKey(
    _ arguments: Arguments, _ environment: Environment
  ) throws(AgentError) -> Credentials? {
    if let text = arguments.text("access-key") { return try AgentConfiguration.accessKey(parsing: text) }
    guard let id = environment.nonEmpty("AWS_ACCESS_KEY_ID"),
      let secret = environment.nonEmpty("AWS_SECRET_ACCESS_KEY")
    else { return nil }
    return Credentials(accessKeyID: id, secretAccessKey: secret)
  }
}

extension AgentConfiguration {
  /// The service behind `ssmrec start --target local`: a key that never leaves the process.
  static func local(environment: Environment) -> AgentConfiguration {
    var random = SystemRandomNumberGenerator()
    return AgentConfiguration(
      accessKey: newAccessKey(using: &random), user: Host.user, environment: environment)
  }
}
