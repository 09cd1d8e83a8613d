/// A command where it stands in its program: what is accepted there, with what it inherits.
struct Scope: Sendable {
  /// From the program's own command down to this one; never empty.
  private(set) var path: [Command]
  let program: Program

  init(_ program: Program) {
    self.program = program
    path = [program.command]
  }

  var command: Command { path[path.count - 1] }
  var names: [String] { path.map(\.name) }
  var isRoot: Bool { path.count == 1 }

  /// This command's options, then those of the commands above it, then the built-in ones. The first of a name
  /// counts.
  var options: [Option] {
    var seen: Set<String> = []
    let declared = path.reversed().flatMap(\.options) + BuiltIn.options(isRoot: isRoot)
    return declared.filter { seen.insert($0.long).inserted }
  }

  /// The options inherited from above and built in.
  var inheritedOptions: [Option] { Array(options.dropFirst(command.options.count)) }

  /// The subcommands, at the top with the built-in ones.
  var subcommands: [Command] {
    guard isRoot, !command.subcommands.isEmpty else { return command.subcommands }
    let names = command.subcommands.map(\.name)
    let visible = command.subcommands.filter { !$0.hidden }.map(\.name)
    return command.subcommands + BuiltIn.subcommands(beside: visible).filter { !names.contains($0.name) }
  }

  /// This scope one step further down.
  func entering(_ subcommand: Command) -> Scope {
    var scope = self
    scope.path.append(subcommand)
    return scope
  }

  /// The scope of the subcommand that takes words which begin with no subcommand; only at the top.
  var defaultScope: Scope? {
    guard isRoot, let name = program.defaultSubcommand else { return nil }
    return subcommands.first { $0.name == name }.map(entering)
  }

  /// This scope and all below it that are not hidden, in order of declaration.
  var visibleScopes: [Scope] {
    [self] + subcommands.filter { !$0.hidden }.flatMap { entering($0).visibleScopes }
  }
}

/// What every program answers without declaring it.
enum BuiltIn {
  static let help = Option("help", short: "h", help: "Show help: -h in short, --help in full, with examples")
  static let version = Option("version", help: "Show the version")
  static let generate = Option(
    "generate", .choice(Generated.allCases.map(\.rawValue)), help: "Write a man page or a completion script",
    hidden: true)

  /// Texts made from the declaration.
  enum Generated: String, CaseIterable, Sendable { case man, bash, zsh, fish }

  static func options(isRoot: Bool) -> [Option] { isRoot ? [help, version, generate] : [help] }

  static let shells: [Generated] = [.bash, .zsh, .fish]

  /// The subcommands of a program whose own ones have `names`.
  static func subcommands(beside names: [String]) -> [Command] {
    let help = "The subcommand; none: the program"
    return [
      Command(
        "completions", summary: "Print a completion script for a shell",
        discussion: "The script goes to standard output; put it where your shell looks for completions.",
        positionals: [Positional("SHELL", help: "The shell", value: .choice(shells.map(\.rawValue)))]),
      Command(
        "help", summary: "Show the help of a subcommand",
        positionals: [Positional("SUBCOMMAND", help: help, arity: .any, value: .choice(names))]),
    ]
  }
}
