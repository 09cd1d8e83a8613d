import Platform

/// A home of its own for one test: an empty folder with the programs on PATH and no AWS account in reach.
/// It is removed with the value.
final class Workspace {
  let folder: String
  /// What every program of the test starts with.
  var environment: Environment

  init() throws {
    folder = try File.makeTemporaryDirectory(prefix: "ssmcast-test-")
    environment = Environment([
      "PATH": "\(Products.folder):/usr/local/bin:/usr/bin:/bin",
      "HOME": folder, "SSMCAST_DIR": folder + "/recordings", "TMPDIR": folder,
      "XDG_CONFIG_HOME": folder + "/config", "XDG_DATA_HOME": folder + "/data",
      "XDG_CACHE_HOME": folder + "/cache",
      "TERM": "xterm-256color", "LANG": "C.UTF-8", "SHELL": "/bin/bash", "TZ": "UTC",
      // No test may find the credentials of whoever runs it, nor ask the machine's metadata service.
      "AWS_CONFIG_FILE": folder + "/no-config", "AWS_SHARED_CREDENTIALS_FILE": folder + "/no-credentials",
      "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "", "AWS_MAX_ATTEMPTS": "1",
    ])
  }

  deinit {
    try? File.removeTree(folder)  // what stays behind is in the system's folder for temporary files
  }

  func path(_ name: String) -> String { folder + "/" + name }

  /// Writes a small file into the folder.
  func write(_ text: String, to name: String, permissions: UInt32 = 0o600) throws -> String {
    try File.write(Array(text.utf8), to: path(name), permissions: permissions)
    return path(name)
  }

  /// The recordings made so far, oldest first: `YYYY/MM/DD/HHMMSS-….cast.gz` sorts by time.
  func recordings() throws -> [String] {
    try files(in: path("recordings")).filter { $0.hasSuffix(".cast.gz") }
  }

  private func files(in folder: String) throws -> [String] {
    guard File.exists(folder) else { return [] }
    return try File.names(in: folder).flatMap { name in
      let path = folder + "/" + name
      return try File.status(path).kind == .directory ? files(in: path) : [path]
    }
  }

  func invocation(_ program: String, _ arguments: [String]) -> ProgramInvocation {
    let path =
      ["ssmrec", "ssmplay", "session-manager-plugin"].contains(program) ? Products.path(program) : program
    return ProgramInvocation(path, arguments: arguments, environment: environment, workingDirectory: folder)
  }

  /// Runs a program to its end with pipes for its three streams.
  /// - Throws: `RunFailure.tookTooLong` after `seconds`, with what it had printed; the program is killed.
  func run(
    _ program: String, _ arguments: [String] = [], input: String = "", within seconds: Int = 60
  ) throws -> ProgramRun {
    let run = try ProgramRun.start(invocation(program, arguments))
    try run.type(input)
    run.endInput()
    try run.waitForEnd(within: seconds)
    return run
  }
}
