extension ArgumentParser {
  mutating func takePositional(_ word: String) throws(UsageError) {
    if arguments.positionals.isEmpty, !scope.subcommands.isEmpty {
      if !optionsEnded, let subcommand = try findSubcommand(word, in: scope) {
        return enter(scope.entering(subcommand))
      }
      if let next = scope.defaultScope {
        if !optionsEnded { arguments.similarSubcommand = nearestSubcommand(to: word) }
        enter(next)
      } else if scope.command.positionals.isEmpty {
        throw error(.unknownSubcommand(word, nearest: nearestSubcommand(to: word)))
      }
    }
    arguments.positionals.append(word)
  }

  private func nearestSubcommand(to word: String) -> String? {
    EditDistance.nearest(to: word, among: scope.subcommands.filter { !$0.hidden }.map(\.name))
  }

  /// The subcommand that `word` or its unique beginning stands for; nil where there is none.
  private func findSubcommand(_ word: String, in scope: Scope) throws(UsageError) -> Command? {
    if let exact = scope.subcommands.first(where: { $0.name == word }) { return exact }
    guard !word.isEmpty else { return nil }
    let candidates = scope.subcommands.filter { !$0.hidden && $0.name.hasPrefix(word) }
    if candidates.count > 1 { throw error(.ambiguousSubcommand(word, candidates: candidates.map(\.name))) }
    return candidates.first
  }

  func finish() throws(UsageError) -> Invocation {
    let command = scope.command
    if scope.path.count == 2, !scope.program.command.subcommands.contains(where: { $0.name == command.name })
    {
      return try builtIn(command)
    }
    if command.run == nil, !scope.subcommands.isEmpty { throw error(.missingSubcommand) }
    try checkPositionals(command)
    return .run(command, arguments)
  }

  /// Gives each positional its words, from the left, and leaves enough for those after it.
  private func checkPositionals(_ command: Command) throws(UsageError) {
    var rest = arguments.positionals[...]
    for (index, positional) in command.positionals.enumerated() {
      let needed = command.positionals[(index + 1)...].count { $0.arity == .one || $0.arity == .atLeastOne }
      let spare = max(0, rest.count - needed)
      let count =
        switch positional.arity {
        case .one: 1
        case .optional: min(1, spare)
        case .any: spare
        case .atLeastOne: max(1, spare)
        }
      if count > rest.count { throw error(.missingPositional(positional.name)) }
      for word in rest.prefix(count) { try check(word, positional) }
      rest = rest.dropFirst(count)
    }
    if let word = rest.first {
      throw error(.unexpectedPositional(word, similarSubcommand: arguments.similarSubcommand))
    }
  }

  private func check(_ word: String, _ positional: Positional) throws(UsageError) {
    switch positional.value {
    case .text, .file, .folder: return
    case .number: if !Decimal.isNumber(word) { throw error(.badNumber(of: positional.name, value: word)) }
    case .choice(let choices): try check(word, choices, of: positional.name)
    }
  }

  private func builtIn(_ command: Command) throws(UsageError) -> Invocation {
    guard command.name == "help" else {
      try checkPositionals(command)
      // The choice was just checked, so it is one of the kinds.
      return .generate(BuiltIn.Generated(rawValue: arguments.positionals[0]) ?? .bash)
    }
    var target = Scope(scope.program)
    for word in arguments.positionals {
      guard let next = try findSubcommand(word, in: target) else {
        let nearest = EditDistance.nearest(to: word, among: target.subcommands.map(\.name))
        throw error(.unknownSubcommand(word, nearest: nearest))
      }
      target = target.entering(next)
    }
    return .help(target, isLong: true)
  }
}
