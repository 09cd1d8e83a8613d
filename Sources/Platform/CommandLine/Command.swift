/// A worked example for long help and the man page.
public struct Example: Sendable, Equatable {
  /// The whole command line, as it is typed.
  public let command: String
  /// What it does, one sentence.
  public let explanation: String

  /// A command line and what it does.
  public init(_ command: String, _ explanation: String) {
    (self.command, self.explanation) = (command, explanation)
  }
}

/// A program or a subcommand: the one declaration from which parsing, help, man page and completions are
/// made.
///
/// Options of a command are accepted by its subcommands too, before and after their name.
public struct Command: Sendable {
  /// A further part of long help and the man page, for example "Exit status" or "Keys".
  public struct Section: Sendable, Equatable {
    /// The heading.
    public let title: String
    /// Written as `discussion` is.
    public let text: String

    /// A part of help with its heading, which has no colon.
    public init(_ title: String, _ text: String) { (self.title, self.text) = (title, text) }
  }

  /// As it is typed.
  public let name: String
  /// One line, without a full stop; help begins it with a capital letter.
  public let summary: String
  /// Paragraphs, with empty lines between them. Lines run together unless they begin with a space: those are
  /// kept as they are (tables, lists).
  public let discussion: String
  /// Its options, in the order of the help.
  public let options: [Option]
  /// Its arguments without a dash, in order.
  public let positionals: [Positional]
  /// Command lines for the end of the help.
  public let examples: [Example]
  /// Its subcommands, in the order of the help; empty where it does something itself.
  public let subcommands: [Command]
  /// Further parts of the manual page.
  public let sections: [Section]
  /// Accepted, but in no help, completion or suggestion.
  public let hidden: Bool
  /// Does the work and returns the exit code; nil where only the subcommands do something.
  public let run: (@Sendable (Arguments) -> Int32)?

  /// Declares a command; the parameters are the properties of the same names.
  public init(
    _ name: String, summary: String, discussion: String = "", options: [Option] = [],
    positionals: [Positional] = [], examples: [Example] = [], subcommands: [Command] = [],
    sections: [Section] = [], hidden: Bool = false, run: (@Sendable (Arguments) -> Int32)? = nil
  ) {
    (self.name, self.summary, self.discussion) = (name, summary, discussion)
    (self.options, self.positionals, self.examples) = (options, positionals, examples)
    (self.subcommands, self.sections, self.hidden, self.run) = (subcommands, sections, hidden, run)
  }
}
