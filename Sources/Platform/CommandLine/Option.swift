/// One option of a command: `--long`, and perhaps a letter and a value.
public struct Option: Sendable {
  /// What an option takes. The text of each case is the placeholder that help shows, for example "ID".
  public enum Value: Sendable, Equatable {
    /// Any text; what stands for it in the help.
    case text(String)
    /// A decimal number such as "12", "-1.5" or ".5"; the parser refuses anything else.
    case number(String)
    /// A whole number from 0 that fits in `Int`; the parser refuses anything else.
    case count(String)
    /// A path; completions offer files.
    case file(String)
    /// A path; completions offer folders.
    case folder(String)
    /// One of these words.
    case choice([String])
    /// One of these words, which may be left out: then the option means the first. A word that stands apart
    /// (`--option word`) is taken only where it is one of them.
    case optionalChoice([String])
  }

  /// The name without its dashes.
  public let long: String
  /// Its letter behind one dash.
  public let short: Character?
  /// nil: a flag, which takes nothing.
  public let value: Value?
  /// What it does. The first line serves short help; what follows it is for `--help` and the man page alone.
  public let help: String
  /// Whether all occurrences count; otherwise the last one does.
  public let repeats: Bool
  /// Accepted, but in no help, completion or suggestion.
  public let hidden: Bool
  /// The heading help lists it under; nil: "Options".
  public let group: String?

  /// Declares an option; the parameters are the properties of the same names.
  public init(
    _ long: String, short: Character? = nil, _ value: Value? = nil, help: String, repeats: Bool = false,
    hidden: Bool = false, group: String? = nil
  ) {
    (self.long, self.short, self.value, self.help) = (long, short, value, help)
    (self.repeats, self.hidden, self.group) = (repeats, hidden, group)
  }
}

/// An argument that is known by its place.
public struct Positional: Sendable {
  /// How many words it takes.
  public enum Arity: Sendable, Equatable {
    /// Exactly one; one or none; any number; one or more.
    case one, optional, any, atLeastOne
  }

  /// What its words are: what completions offer and the parser checks.
  public enum Kind: Sendable, Equatable {
    /// Any text.
    case text
    /// A whole number.
    case number
    /// A path; completion offers files.
    case file
    /// A path; completion offers folders.
    case folder
    /// One of these words.
    case choice([String])
  }

  /// As help shows it, for example "FILE".
  public let name: String
  /// A line for the help.
  public let help: String
  /// How many there may be.
  public let arity: Arity
  /// What its values are.
  public let value: Kind

  /// Declares a place; the parameters are the properties of the same names.
  public init(_ name: String, help: String, arity: Arity = .one, value: Kind = .text) {
    (self.name, self.help, self.arity, self.value) = (name, help, arity, value)
  }
}
