/// Why the words after a program's name cannot be used.
public struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, with the words it is wrong in.
  public enum Problem: Equatable, Sendable {
    /// No option has this name; `nearest` is the most like it.
    case unknownOption(String, nearest: String?)
    /// Several options begin like this.
    case ambiguousOption(String, candidates: [String])
    /// No subcommand has this name; `nearest` is the most like it.
    case unknownSubcommand(String, nearest: String?)
    /// Several subcommands begin like this.
    case ambiguousSubcommand(String, candidates: [String])
    /// The command does nothing by itself.
    case missingSubcommand
    /// The option needs a value and is the last argument.
    case missingValue(option: String, placeholder: String)
    /// A flag was given a value by `=`.
    case unexpectedValue(option: String, value: String)
    /// `of` is an option with its dashes, or a positional's name.
    case badChoice(of: String, value: String, choices: [String], nearest: String?)
    /// The value is no number.
    case badNumber(of: String, value: String)
    /// The value is no whole number, or out of range.
    case badCount(of: String, value: String)
    /// An argument is missing.
    case missingPositional(String)
    /// There is one argument too many.
    case unexpectedPositional(String, similarSubcommand: String?)
  }

  /// What is wrong with the command line.
  public let problem: Problem
  /// The program's name and the subcommands' as far as they were understood.
  public let commandPath: [String]

  /// One line without a full stop; what was typed has its control characters written out.
  public var description: String {
    switch problem {
    case .unknownOption(let option, let nearest): "unknown option \(shown(option))" + suggestion(nearest)
    case .ambiguousOption(let option, let candidates):
      "option \(shown(option)) is ambiguous: \(list(candidates))"
    case .unknownSubcommand(let word, let nearest): "unknown subcommand \(quoted(word))" + suggestion(nearest)
    case .ambiguousSubcommand(let word, let candidates):
      "subcommand \(quoted(word)) is ambiguous: \(list(candidates))"
    case .missingSubcommand: "a subcommand is missing"
    case .missingValue(let option, let placeholder):
      "option \(option) needs a value: \(option) \(placeholder)"
    case .unexpectedValue(let option, let value):
      "option \(option) takes no value, but was given \(quoted(value))"
    case .badChoice(let name, let value, let choices, let nearest):
      "\(name): \(quoted(value)) is none of \(choices.joined(separator: ", "))" + suggestion(nearest)
    case .badNumber(let name, let value): "\(name): \(quoted(value)) is no decimal number"
    case .badCount(let name, let value): "\(name): \(quoted(value)) is no whole number from 0"
    case .missingPositional(let name): "\(name) is missing"
    case .unexpectedPositional(let word, let subcommand):
      "unexpected argument \(quoted(word))"
        + (subcommand.map { "; did you mean the subcommand \($0)?" } ?? "")
    }
  }
}

private func shown(_ word: String) -> String { word.shortened }

private func quoted(_ word: String) -> String { "\"\(word.shortened)\"" }

private func suggestion(_ nearest: String?) -> String { nearest.map { "; did you mean \($0)?" } ?? "" }

private func list(_ words: [String]) -> String {
  guard words.count > 1, let last = words.last else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " or " + last
}

extension String {
  /// Printable, and cut where it is too long for a line of an error message.
  fileprivate var shortened: String {
    let text = prefix(81)
    return text.count > 80 ? String(text.dropLast()).printable + "..." : String(text).printable
  }
}
