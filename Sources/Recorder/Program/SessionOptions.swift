import Format
import Platform

/// Options that `ssmrec start` and `ssmrec attach` share.
enum SessionOptions {
  static let options: [Option] = [
    Option("region", .text("REGION"), help: "AWS region; else AWS_REGION, AWS_DEFAULT_REGION, the profile's"),
    Option(
      "profile", .text("NAME"), help: "Profile of the AWS configuration; else AWS_PROFILE, then default"),
    Option(
      "output", short: "o", .file("FILE"), help: "Write the recording here, not to the recordings folder"),
    Option("overwrite", help: "Let --output replace a file"),
    Option("title", .text("TEXT"), help: "Title to keep in the recording"),
    Option(
      "input", .choice(InputPolicy.allCases.map(\.rawValue)),
      help: """
        What to keep of typed keys (default: masked)
        masked keeps what the session showed as it was typed, and withholds the rest, such as passwords, with a \
        note. full keeps every key, passwords included. none keeps none. \
        What the session showed is always kept.
        """),
    Option("return", help: "Exit with the session's own exit status, where its type reports one"),
    Option("quiet", short: "q", help: "Say nothing but errors"),
  ]

  /// The settings, with those given as options on top.
  static func settings(
    _ arguments: Arguments, environment: Environment
  ) throws(SettingsError) -> RecorderSettings {
    var flags: [String: String] = [:]
    if let input = arguments.text("input") { flags["input"] = input }
    return try RecorderSettings(environment: environment, flags: flags)
  }

  /// What is wrong with the place the recording shall go to; nil where it can be written.
  ///
  /// Looked at before the session is started: a session that cannot be recorded should not even begin.
  static func outputProblem(_ arguments: Arguments) -> String? {
    guard let path = arguments.text("output") else { return nil }
    if File.exists(path) {
      return arguments.has("overwrite") ? nil : "\(path.printable) exists; add --overwrite to replace it"
    }
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let status = try? File.status(folder.isEmpty ? "/" : folder)  // no answer: the folder is missing
    return status?.kind == .directory ? nil : "the folder of \(path.printable) does not exist"
  }

  /// Turns a session's result into the program's exit code.
  static func exitCode(_ result: RecordedSession.Result, _ arguments: Arguments) -> Int32 {
    switch result {
    case .ended(let code): arguments.has("return") ? code ?? ExitCode.success : ExitCode.success
    case .signaled(let signal): 128 + signal.rawValue
    case .failed: ExitCode.sessionFailed
    case .recordingFailed: ExitCode.recordingFailed
    }
  }

  /// What the far end is told where there is no terminal: the size every program expects.
  static let sizeWithoutTerminal = WindowSize(columns: 80, rows: 24)
}
