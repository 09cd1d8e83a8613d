/// A command made into a program: it answers `-h`, `--help` and `--version` itself, and usage errors with exit 2.
public struct Program: Sendable {
  let command: Command
  let version: String
  let defaultSubcommand: String?

  /// - Parameter defaultSubcommand: takes the words where the first is no subcommand (`ssmplay FILE`).
  public init(_ command: Command, version: String, defaultSubcommand: String? = nil) {
    (self.command, self.version, self.defaultSubcommand) = (command, version, defaultSubcommand)
  }

  /// Parses the words after the program's name, runs the command they choose, and returns the exit code.
  public func run(_ arguments: [String]) -> Int32 { 2 }

  /// What `run` would hand to the command: for tests of a declaration.
  public func arguments(parsing words: [String]) throws(UsageError) -> Arguments {
    Arguments(commandPath: [command.name])
  }
}

extension Arguments {
  /// Says on standard error what is wrong with the arguments (one line, no full stop) and where help is.
  /// - Returns: 2, the exit code for it.
  public func refuse(_ reason: String) -> Int32 { 2 }
}
