/// Where a shell with integration marks stands (OSC 133, 633).
struct ShellState: Equatable, Sendable {
  enum Phase: UInt8, Equatable, Sendable { case unknown, prompt, command, output }
  var phase = Phase.unknown
  /// Of the last command that ended.
  var exitCode: Int32?
  /// The command line, where the shell tells it (OSC 633 E).
  var commandLine: [UInt8] = []
}
