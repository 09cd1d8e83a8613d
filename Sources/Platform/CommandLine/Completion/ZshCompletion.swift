/// A completion script for zsh: one function a command, each one call of `_arguments` (zshcompsys(1)).
struct ZshCompletion {
  private let root: Scope

  init(_ program: Program) { root = Scope(program) }

  var text: String {
    let name = root.command.name
    return """
      #compdef \(name)

      \(root.visibleScopes.map(function).joined(separator: "\n\n"))

      if [[ $funcstack[1] == \(functionName(root)) ]]; then
        \(functionName(root)) "$@"
      else
        compdef \(functionName(root)) \(name)
      fi

      """
  }

  private func functionName(_ scope: Scope) -> String { "_" + scope.names.joined(separator: "__") }

  private func function(_ scope: Scope) -> String {
    var specifications = scope.options.filter { !$0.hidden }.map(specification)
    let subcommands = scope.visibleSubcommands
    if subcommands.isEmpty {
      specifications += scope.command.positionals.enumerated().map { specification($1, place: $0 + 1) }
    } else {
      specifications += ["'1: :->subcommand'", "'*::: :->rest'"]
    }
    var lines = [
      "\(functionName(scope))() {", "  local curcontext=\"$curcontext\" state line ret=1",
      "  typeset -A opt_args",
      "  _arguments -s -S -C : \\",
    ]
    lines += specifications.map { "    \($0) \\" } + ["    && ret=0"]
    if !subcommands.isEmpty { lines += choice(scope, subcommands) }
    return (lines + ["  return ret", "}"]).joined(separator: "\n")
  }

  /// What follows where the first word chooses among subcommands.
  private func choice(_ scope: Scope, _ subcommands: [Command]) -> [String] {
    let names = subcommands.map { "      \(quoted("\($0.name):\(colonEscaped($0.summary))"))" }
    var lines =
      ["  case $state in", "  subcommand)", "    local -a subcommands=("] + names
      + ["    )", "    _describe -t commands subcommand subcommands && ret=0"]
    let next = scope.defaultScope
    if let action = next?.command.positionals.first.map({ self.action($0.value) }), action.hasPrefix("_") {
      lines.append("    \(action) && ret=0")
    }
    lines += [
      "    ;;", "  rest)", "    words=($line[1] \"${words[@]}\")", "    ((CURRENT += 1))",
      "    case $line[1] in",
    ]
    for subcommand in subcommands {
      lines.append("    \(subcommand.name)) \(functionName(scope.entering(subcommand))) && ret=0 ;;")
    }
    if let next { lines.append("    *) \(functionName(next)) && ret=0 ;;") }
    return lines + ["    esac", "    ;;", "  esac"]
  }

  private func specification(_ option: Option) -> String {
    let help = "[" + option.summaryForShells.escaping("\\[]:") + "]"
    var argument = ""
    switch option.value {
    case nil: break
    case .optionalChoice(let words): argument = "::WORD:(\(words.joined(separator: " ")))"
    case .choice(let words): argument = ":WORD:(\(words.joined(separator: " ")))"
    case .file(let name): argument = ":\(colonEscaped(name)):_files"
    case .folder(let name): argument = ":\(colonEscaped(name)):_files -/"
    case .text(let name), .number(let name), .count(let name): argument = ":\(colonEscaped(name)): "
    }
    let long = "--" + option.long + (option.value == nil ? "" : "=")
    guard let letter = option.short else {
      return (option.repeats ? "'*'" : "") + quoted(long + help + argument)
    }
    let short = "-\(letter)" + (option.value == nil ? "" : "+")
    let exclusion = option.repeats ? "'*'" : quoted("(-\(letter) --\(option.long))")
    return "\(exclusion){\(short),\(long)}\(quoted(help + argument))"
  }

  private func specification(_ positional: Positional, place: Int) -> String {
    let tail = "\(colonEscaped(positional.name)):\(action(positional.value))"
    switch positional.arity {
    case .one: return quoted("\(place):\(tail)")
    case .optional: return quoted("\(place)::\(tail)")
    case .any, .atLeastOne: return quoted("*:\(tail)")
    }
  }

  private func action(_ kind: Positional.Kind) -> String {
    switch kind {
    case .text, .number: " "
    case .file: "_files"
    case .folder: "_files -/"
    case .choice(let words): "(\(words.joined(separator: " ")))"
    }
  }

  private func quoted(_ text: String) -> String { BashCompletion.quoted(text) }

  private func colonEscaped(_ text: String) -> String { text.escaping(":") }
}

extension String {
  /// Puts a backslash before each of `characters`.
  func escaping(_ characters: String) -> String {
    reduce(into: "") { result, character in
      if characters.contains(character) { result.append("\\") }
      result.append(character)
    }
  }
}

extension Option {
  /// The first line of help, for a list of completions.
  var summaryForShells: String { help.split(separator: "\n").first.map(String.init) ?? "" }
}
