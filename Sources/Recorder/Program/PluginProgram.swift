import Format
import Platform

/// The program `session-manager-plugin`: what AWS's own tools spawn, recorded (protocol §2).
public enum PluginProgram {
  /// The environment variable, and the beginning of the names, that may hold the response.
  static let responseVariable = "AWS_SSM_START_SESSION_RESPONSE"

  /// What the words on the command line ask for (protocol §2.1).
  enum Invocation: Equatable {
    case greeting
    case version
    case unknownOperation(String)
    case invalidOperation
    case session(SessionWords)
  }

  /// The words of a session, as the AWS CLI passes them.
  struct SessionWords: Equatable {
    /// JSON, or the name of a variable that holds it.
    var response: String
    var region: String
    /// Empty: the default chain.
    var profile: String = ""
    /// JSON of the StartSession request; only `Target` is used.
    var request: String?
    /// Address of the service; for ECS its own, which knows no sessions.
    var endpoint: String?

    /// `aws ecs execute-command` passes ECS's answer as it is, with names in lower camel case (protocol §2.3).
    var isFromECS: Bool { response.contains("\"sessionId\"") }
  }

  /// Sorts the words after the program's name. Words after the sixth are ignored.
  static func invocation(_ words: [String]) -> Invocation {
    switch words.count {
    case 0: return .greeting
    case 1 where words[0] == "--version": return .version
    case 1, 2: return .unknownOperation(words[0])
    default:
      guard words[2] == "StartSession" else { return .invalidOperation }
      var session = SessionWords(response: words[0], region: words[1])
      if words.count > 3 { session.profile = words[3] }
      if words.count > 4 { session.request = words[4] }
      if words.count > 5, !words[5].isEmpty { session.endpoint = words[5] }
      return .session(session)
    }
  }

  /// Runs the program.
  /// - Parameter words: the words after the program's name.
  /// - Returns: the exit code: 0 for every ending the official client has, 70 where the recording failed.
  public static func run(_ words: [String]) -> Int32 {
    Memory.keepPrivate()
    switch invocation(words) {
    case .greeting:
      return say(
        "\nThe Session Manager plugin was installed successfully. Use the AWS CLI to start a session.\n\n")
    case .version: return say("\(ProductVersion.plugin)\n")
    case .unknownOperation(let word):
      return say(
        "\nUnknown operation \(word.printable). \n"
          + "Use session-manager-plugin --version to check the version.\n\n")
    case .invalidOperation: return say("Invalid Operation")
    case .session(let session): return run(session, environment: .current)
    }
  }

  private static func run(_ words: SessionWords, environment: Environment) -> Int32 {
    let response: StartSessionResponse
    do throws(ResponseSourceError) {
      if words.response.hasPrefix(responseVariable) {
        response = try ResponseSource.environment(words.response).read(environment: environment).0
      } else {
        response = try ResponseSource.parse(Array(words.response.utf8), name: "the first argument")
      }
    } catch {
      return say(SessionTexts.cannotStart("\(error)"))
    }
    let settings: RecorderSettings
    do throws(SettingsError) {
      settings = try RecorderSettings(environment: environment, flags: [:])
    } catch {
      StandardError.say("\(error)")
      return ExitCode.recordingFailed
    }
    let account: AWSAccount
    do throws(AccountError) {
      account = try AWSAccount.ofStartedSession(
        environment: environment, profile: words.profile.isEmpty ? nil : words.profile, region: words.region,
        endpointURL: words.isFromECS ? nil : words.endpoint)
    } catch {
      return say(SessionTexts.cannotStart("\(error)"))
    }
    // A request that is no JSON or names no target costs the note in the recording, not the session.
    let request = words.request.flatMap { try? JSON(parsing: $0) }
    var facts = SessionFacts(
      sessionID: response.sessionID, target: request?["Target"]?.string ?? "unknown",
      program: "session-manager-plugin")
    facts.region = words.region.isEmpty ? nil : words.region
    facts.documentName = request?["DocumentName"]?.string
    facts.reason = request?["Reason"]?.string
    facts.parameters = SessionFacts.parameters(request?["Parameters"])
    let voice = SessionVoice(
      output: { _ = say($0) }, ports: { _ = say($0) }, aside: { StandardError.write($0) },
      isStream: isStream(facts.documentName))
    let session = RecordedSession(
      response: response, facts: facts,
      access: account.access(
        to: response, target: request?["Target"]?.string, settings: settings),
      settings: settings, policy: .plugin,
      environment: environment, fallbackSize: WindowSize(columns: 300, rows: 100),
      voice: voice, complain: { StandardError.say($0) },
      report: { voice.say(SessionTexts.cannotStart("\($0)")) },
      saved: { _ in },
      terminate: account.terminate(response.sessionID, timeouts: settings.timeouts))
    switch session.run(terminal: SessionTerminal(input: .standardInput, output: .standardOutput)) {
    case .ended: return ExitCode.success
    case .failed: return ExitCode.success
    case .signaled(let signal): return 128 + signal.rawValue
    case .recordingFailed: return ExitCode.recordingFailed
    }
  }

  /// Whether a session of this document has standard output for ssh; nil where only its handshake can tell.
  static func isStream(_ documentName: String?) -> Bool? {
    guard let documentName else { return false }  // the default document is a shell
    if documentName == "AWS-StartSSHSession" { return true }
    return documentName.hasPrefix("AWS-Start") || documentName.hasPrefix("SSM-") ? false : nil
  }

  /// Prints to standard output, where callers of the official client look.
  static func say(_ text: String) -> Int32 {
    let output = StandardOutput()
    output.write(text)
    _ = output.finish(ExitCode.success)  // a reader that is gone changes nothing about the session
    return ExitCode.success
  }
}
