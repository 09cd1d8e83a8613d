extension Scope {
  /// How the command is called, one line for each way, beginning with the program's name.
  var usage: [String] {
    let name = names.joined(separator: " ")
    let hasOptions = options.contains { !$0.hidden && $0.long != BuiltIn.help.long }
    let prefix = hasOptions ? name + " [OPTION]..." : name
    var lines: [String] = []
    if !visibleSubcommands.isEmpty { lines.append(prefix + " SUBCOMMAND ...") }
    if let next = defaultScope {
      lines.append(([prefix] + next.command.positionals.map(\.synopsis)).joined(separator: " "))
    }
    if command.run != nil || lines.isEmpty {
      lines.append(([prefix] + command.positionals.map(\.synopsis)).joined(separator: " "))
    }
    return lines
  }

  var visibleSubcommands: [Command] { subcommands.filter { !$0.hidden } }

  /// The visible options under their headings, in order of first appearance; inherited and built-in ones
  /// last.
  var optionGroups: [(title: String, options: [Option])] {
    var groups: [(title: String, options: [Option])] = []
    func add(_ option: Option, to title: String) {
      if let index = groups.firstIndex(where: { $0.title == title }) {
        groups[index].options.append(option)
      } else {
        groups.append((title, [option]))
      }
    }
    for option in command.options where !option.hidden { add(option, to: option.group ?? "Options") }
    let common = isRoot || groups.isEmpty ? "Options" : "Common options"
    for option in inheritedOptions where !option.hidden { add(option, to: option.group ?? common) }
    return groups
  }
}

extension Positional {
  /// `FILE`, `[FILE]`, `[FILE]...` or `FILE...`.
  var synopsis: String {
    switch arity {
    case .one: name
    case .optional: "[\(name)]"
    case .any: "[\(name)]..."
    case .atLeastOne: "\(name)..."
    }
  }
}

extension Option {
  /// Choices up to this many columns are shown in the value's place, more in the help text.
  private static let longestChoices = 24

  /// `-i, --ignore-case` or `    --in WHERE`.
  var label: String { (short.map { "-\($0), " } ?? "    ") + "--\(long)" + valueLabel }

  /// A space and what stands for the value; empty for a flag.
  var valueLabel: String {
    switch value {
    case nil: ""
    case .optionalChoice: " [\(shownPlaceholder)]"
    default: " " + shownPlaceholder
    }
  }

  private var shownPlaceholder: String {
    let text = value?.placeholder ?? ""
    return choices != nil && text.count > Self.longestChoices ? "WORD" : text
  }

  /// The words of a choice; nil for all else.
  var choices: [String]? {
    switch value {
    case .choice(let words), .optionalChoice(let words): words
    default: nil
    }
  }

  /// The first line of help, and what short help must say beside it.
  var shortHelp: String { (help.split(separator: "\n").first.map(String.init) ?? "") + notes }

  /// All of help.
  var longHelp: String {
    let (first, rest) = help.splitAtFirstLine
    return first + notes + (rest.isEmpty ? "" : ".\n" + rest)
  }

  private var notes: String {
    var notes: [String] = []
    if let choices, shownPlaceholder == "WORD" {
      notes.append("WORD is one of \(choices.joined(separator: ", "))")
    }
    if repeats { notes.append("may be repeated") }
    return notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
  }
}

extension String {
  /// With a capital letter at the start.
  var capitalized: String { prefix(1).uppercased() + dropFirst() }

  fileprivate var splitAtFirstLine: (first: String, rest: String) {
    guard let end = firstIndex(of: "\n") else { return (self, "") }
    return (String(self[..<end]), String(self[index(after: end)...]))
  }
}
