import Platform

@testable import Recorder

/// AWS's own Python code, where it is installed, asked many questions in one run.
enum PythonPeer {
  static let hasShorthand = canImport("awscli.shorthand")
  static let hasBotocore = canImport("botocore.auth, botocore.configloader")

  /// The checkout's own virtual environment, which has the versions that `scripts/peers.txt` names, else the PATH's.
  static let program: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    let own = parts.dropLast(4).joined(separator: "/") + "/.venv/bin/python"
    return File.isExecutable(own) ? own : "python3"
  }()

  private static func canImport(_ modules: String) -> Bool {
    guard program != "python3" || TestProgram.exists("python3"),
      let program = try? TestProgram(program, ["-c", "import \(modules)"])
    else { return false }
    return (try? program.outputAtEnd().status) == .exited(0)  // whatever goes wrong, there is no peer
  }

  struct Failed: Error {
    let output: String
  }

  /// Calls the function `answer(question)` that `script` defines for each question.
  static func ask(_ questions: [JSON], _ script: String) throws -> [JSON] {
    let folder = try File.makeTemporaryDirectory(prefix: "peer-")
    defer { try? File.removeTree(folder) }  // left-overs in /tmp do no harm
    try File.write(JSON.array(questions).encoded(), to: folder + "/in.json", permissions: 0o600)
    let run = """

      import json as _json, sys as _sys
      folder = _sys.argv[1]
      answers = [answer(question) for question in _json.load(open(folder + "/in.json"))]
      _json.dump(answers, open(folder + "/out.json", "w"))
      """
    let (status, output) = try TestProgram(program, ["-c", script + run, folder]).outputAtEnd()
    guard status == .exited(0) else { throw Failed(output: output) }
    return try JSON(parsing: File.read(folder + "/out.json")).array ?? []
  }
}
