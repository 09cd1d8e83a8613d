/// Why the words after a program's name cannot be used.
public struct UsageError: Error, Equatable, Sendable {
  public enum Problem: Equatable, Sendable {
    case unknownOption(String, nearest: String?)
    case ambiguousOption(String, candidates: [String])
    case unknownSubcommand(String, nearest: String?)
    case ambiguousSubcommand(String, candidates: [String])
    case missingSubcommand
    case missingValue(option: String, placeholder: String)
    case unexpectedValue(option: String, value: String)
    /// `of` is an option with its dashes, or a positional's name.
    case badChoice(of: String, value: String, choices: [String], nearest: String?)
    case badNumber(of: String, value: String)
    case badCount(of: String, value: String)
    case missingPositional(String)
    case unexpectedPositional(String, similarSubcommand: String?)
  }

  public let problem: Problem
  /// The program's name and the subcommands' as far as they were understood.
  public let commandPath: [String]
}
