import Platform

/// Runs another program for a test and gives what it wrote.
enum ToolRun {
  struct Outcome: Equatable {
    var output: String
    var error: String
    var status: ExitStatus
  }

  /// nil where the program is not on PATH.
  static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws
    -> Outcome?
  {
    let folders = (Environment.current["PATH"] ?? "").split(separator: ":")
    guard folders.contains(where: { File.isExecutable("\($0)/\(program)") }) else { return nil }
    var variables = Environment.current
    variables.variables.merge(environment) { $1 }
    let folder = try File.makeTemporaryDirectory(prefix: "platform-tests-")
    defer { try? File.removeTree(folder) }  // what is left lies in the temporary folder
    let output = try File.open(folder + "/out", for: .creating(permissions: 0o600))
    let error = try File.open(folder + "/err", for: .creating(permissions: 0o600))
    let child = try ChildProcess.spawn(
      ProgramInvocation(program, arguments: arguments, environment: variables),
      streams: ChildProcess.Streams(input: nil, output: output.rawValue, error: error.rawValue))
    let status = try child.waitForExit()
    return Outcome(
      output: String(decoding: try File.read(folder + "/out"), as: UTF8.self),
      error: String(decoding: try File.read(folder + "/err"), as: UTF8.self), status: status)
  }

  /// Writes `text` to a file of its own for the time of `body`.
  static func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let folder = try File.makeTemporaryDirectory(prefix: "platform-tests-")
    defer { try? File.removeTree(folder) }  // what is left lies in the temporary folder
    try File.write(Array(text.utf8), to: folder + "/file", permissions: 0o600)
    return try body(folder + "/file")
  }
}
