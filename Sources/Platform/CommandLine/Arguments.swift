/// What a command was called with, checked against its declaration. Options are asked for by their long name.
public struct Arguments: Sendable, Equatable {
  /// One option as it was given.
  public struct Occurrence: Sendable, Equatable {
    /// The long name, written out.
    public let option: String
    /// nil for a flag.
    public let value: String?

    /// An option with its value.
    public init(_ option: String, _ value: String? = nil) { (self.option, self.value) = (option, value) }
  }

  /// Every option in the order in which it was given, so that `-e A -f B` and `-f B -e A` can differ.
  public internal(set) var occurrences: [Occurrence] = []
  /// The words that are no options, in order.
  public internal(set) var positionals: [String] = []
  /// The program's name and the subcommands', written out: `["ssmplay", "grep"]`.
  public internal(set) var commandPath: [String]
  /// Where the first word led to the default subcommand: the subcommand it resembles, for a message such as
  /// "no such file; did you mean the subcommand export?".
  public internal(set) var similarSubcommand: String?

  init(commandPath: [String]) { self.commandPath = commandPath }

  /// Whether an option was given.
  public func has(_ option: String) -> Bool { occurrences.contains { $0.option == option } }

  /// The value of an option, the last where it was given more than once; nil where it was not given.
  public func text(_ option: String) -> String? { occurrences.last { $0.option == option }?.value }

  /// All values of an option in order.
  public func texts(_ option: String) -> [String] {
    occurrences.compactMap { $0.option == option ? $0.value : nil }
  }

  /// The value of a `.number` or `.count` option.
  public func number(_ option: String) -> Double? { text(option).flatMap { Double($0) } }

  /// The value of a `.count` option, or of a `.number` option without fraction.
  public func integer(_ option: String) -> Int? { text(option).flatMap { Int($0) } }
}
