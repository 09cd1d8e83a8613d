/// What the words after a program's name ask for.
enum Invocation: Sendable {
  case run(Command, Arguments)
  case help(Scope, isLong: Bool)
  case version
  case generate(BuiltIn.Generated)
}

/// Reads words as GNU getopt_long(3) does: options and positionals in any order, `--` ends the options,
/// letters may be grouped, and values follow their option or are joined to it.
///
/// A pure function of declaration and words.
struct ArgumentParser {
  let words: [String]
  var position = 0
  var scope: Scope
  var arguments: Arguments
  var optionsEnded = false

  static func parse(_ program: Program, _ words: [String]) throws(UsageError) -> Invocation {
    var parser = ArgumentParser(program, words)
    return try parser.invocation()
  }

  private init(_ program: Program, _ words: [String]) {
    self.words = words
    scope = Scope(program)
    arguments = Arguments(commandPath: scope.names)
  }

  private mutating func invocation() throws(UsageError) -> Invocation {
    while position < words.count {
      let word = words[position]
      if optionsEnded || !looksLikeOption(word) {
        try takePositional(word)
        position += 1
      } else if word == "--" {
        optionsEnded = true
        position += 1
      } else if let answer = word.hasPrefix("--") ? try takeLongOption(word) : try takeLetters(word) {
        return answer
      }
    }
    return try finish()
  }

  func error(_ problem: UsageError.Problem) -> UsageError {
    UsageError(problem: problem, commandPath: arguments.commandPath)
  }

  mutating func enter(_ next: Scope) {
    scope = next
    arguments.commandPath = next.names
  }
}
