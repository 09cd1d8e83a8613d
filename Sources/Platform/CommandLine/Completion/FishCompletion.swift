/// A completion script for fish 3 or later: one `complete` line an option or subcommand.
struct FishCompletion {
  private let root: Scope

  init(_ program: Program) { root = Scope(program) }

  private var name: String { root.command.name }
  private var function: String { "__" + String(name.map { $0 == "-" ? "_" : $0 }) + "_at" }

  var text: String {
    var lines = ["# fish completion for \(name)", ""]
    lines += walker + ["", "complete -c \(name) -f"]
    for scope in root.visibleScopes {
      lines.append("")
      lines += scope.visibleSubcommands.map { line(scope, "-a \(quoted($0.name)) -d \(quoted($0.summary))") }
      lines += scope.options.filter { !$0.hidden }.map { line(scope, arguments($0)) }
      lines += scope.command.positionals.compactMap { action($0.value) }.map { line(scope, $0) }
      if let next = scope.defaultScope {
        lines += next.command.positionals.compactMap { action($0.value) }.map { line(scope, $0) }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Succeeds where the words before the cursor lead to the subcommand it is asked for.
  private var walker: [String] {
    let paths = root.visibleScopes.dropFirst().map { scope in
      let names = scope.names.dropFirst()
      return quoted(names.dropLast().joined(separator: " ") + " " + scope.command.name)
    }
    var lines = [
      "function \(function)", "  set -l words (commandline -opc)", "  set -e words[1]", "  set -l path",
      "  for word in $words", "    switch \"$path $word\"",
    ]
    if !paths.isEmpty {
      lines += ["      case \(paths.joined(separator: " "))", "        set -a path $word"]
    }
    lines += ["      case '* -*'", "        continue", "      case '*'"]
    if let name = root.program.defaultSubcommand {
      lines.append("        set -q path[1]; or set path \(quoted(name))")
    }
    return lines + ["        break", "    end", "  end", "  test \"$path\" = \"$argv\"", "end"]
  }

  private func line(_ scope: Scope, _ arguments: String) -> String {
    let path = scope.names.dropFirst().joined(separator: " ")
    return "complete -c \(name) -n \(quoted("\(function) \(path)")) \(arguments)"
  }

  private func arguments(_ option: Option) -> String {
    let letter = option.short.map { "-s \(quoted(String($0))) " } ?? ""
    let value =
      switch option.value {
      case nil, .optionalChoice: ""
      case .text, .number, .count: " -x"
      case .file: " -r -F"
      case .folder: " -x -a '(__fish_complete_directories)'"
      case .choice(let words): " -x -a \(quoted(words.joined(separator: " ")))"
      }
    return "\(letter)-l \(quoted(option.long))\(value) -d \(quoted(option.summaryForShells))"
  }

  private func action(_ kind: Positional.Kind) -> String? {
    switch kind {
    case .text, .number: nil
    case .file: "-F"
    case .folder: "-a '(__fish_complete_directories)'"
    case .choice(let words): "-a \(quoted(words.joined(separator: " ")))"
    }
  }

  private func quoted(_ text: String) -> String {
    "'" + text.escaping("\\'") + "'"
  }
}
