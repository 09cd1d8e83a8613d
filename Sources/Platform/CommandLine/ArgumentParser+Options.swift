extension ArgumentParser {
  /// A lone dash is standard input, and "-5" is a number where no option is a digit.
  func looksLikeOption(_ word: String) -> Bool {
    guard word.utf8.count > 1, word.utf8.first == UInt8(ascii: "-") else { return false }
    guard Decimal.isNumber(word), let letter = word.dropFirst().first else { return true }
    return scope.options.contains { $0.short == letter }
  }

  /// Takes `--name`, `--name=value` or `--name value`.
  /// - Returns: an answer that needs no further words (help).
  mutating func takeLongOption(_ word: String) throws(UsageError) -> Invocation? {
    let body = word.dropFirst(2)
    let equals = body.firstIndex(of: "=")
    let name = String(equals.map { body[..<$0] } ?? body)
    let joined = equals.map { String(body[body.index(after: $0)...]) }
    guard let option = try findLongOption(name) else { return nil }
    position += 1
    return try record(option, joined: joined, isLong: true)
  }

  /// The option `name` or its unique beginning stands for; nil after the scope changed to the default
  /// subcommand's.
  private mutating func findLongOption(_ name: String) throws(UsageError) -> Option? {
    let options = scope.options
    if let exact = options.first(where: { $0.long == name }) { return exact }
    let visible = options.filter { !$0.hidden }.map(\.long)
    let candidates = name.isEmpty ? [] : visible.filter { $0.hasPrefix(name) }
    if candidates.count > 1 {
      throw error(.ambiguousOption("--" + name, candidates: candidates.map { "--" + $0 }))
    }
    if let only = candidates.first { return options.first { $0.long == only } }
    if !name.isEmpty, let next = scope.defaultScope,
      next.options.contains(where: { !$0.hidden && $0.long.hasPrefix(name) })
    {
      enter(next)
      return nil
    }
    let nearest = EditDistance.nearest(to: name, among: visible).map { "--" + $0 }
    throw error(.unknownOption("--" + name, nearest: nearest))
  }

  /// Takes `-n`, `-n5`, `-n 5` or grouped flags such as `-il`.
  mutating func takeLetters(_ word: String) throws(UsageError) -> Invocation? {
    var rest = word.dropFirst()
    if let letter = rest.first, !hasLetter(letter, scope), let next = scope.defaultScope,
      hasLetter(letter, next)
    {
      enter(next)
    }
    position += 1
    while let letter = rest.popFirst() {
      guard let option = scope.options.first(where: { $0.short == letter }) else {
        // "-target" by somebody used to other programs.
        let meant = scope.options.first { !$0.hidden && $0.long == word.dropFirst() }
        throw error(.unknownOption("-\(letter)", nearest: meant.map { "--" + $0.long }))
      }
      var joined: String?
      if option.value != nil, !rest.isEmpty {
        joined = String(rest)
        rest = ""
      }
      if let answer = try record(option, joined: joined, isLong: false) { return answer }
    }
    return nil
  }

  private func hasLetter(_ letter: Character, _ scope: Scope) -> Bool {
    scope.options.contains { $0.short == letter }
  }

  private mutating func record(_ option: Option, joined: String?, isLong: Bool) throws(UsageError)
    -> Invocation?
  {
    let name = isLong ? "--" + option.long : option.short.map { "-\($0)" } ?? ""
    guard let value = option.value else {
      if let joined { throw error(.unexpectedValue(option: name, value: joined)) }
      if option.long == BuiltIn.help.long { return .help(scope, isLong: isLong) }
      if option.long == BuiltIn.version.long, scope.isRoot { return .version }
      arguments.occurrences.append(Arguments.Occurrence(option.long))
      return nil
    }
    let text = try valueText(value, of: name, joined: joined)
    try check(text, value, of: name)
    if option.long == BuiltIn.generate.long, scope.isRoot, let kind = BuiltIn.Generated(rawValue: text) {
      return .generate(kind)
    }
    arguments.occurrences.append(Arguments.Occurrence(option.long, text))
    return nil
  }

  private mutating func valueText(
    _ value: Option.Value, of name: String, joined: String?
  ) throws(UsageError) -> String {
    if let joined { return joined }
    let next = position < words.count ? words[position] : nil
    if case .optionalChoice(let choices) = value {
      guard let next, choices.contains(next) else { return choices.first ?? "" }
      position += 1
      return next
    }
    guard let next else { throw error(.missingValue(option: name, placeholder: value.placeholder)) }
    position += 1
    return next
  }

  private func check(_ text: String, _ value: Option.Value, of name: String) throws(UsageError) {
    switch value {
    case .text, .file, .folder: return
    case .number: if !Decimal.isNumber(text) { throw error(.badNumber(of: name, value: text)) }
    case .count: if !Decimal.isCount(text) { throw error(.badCount(of: name, value: text)) }
    case .choice(let choices), .optionalChoice(let choices): try check(text, choices, of: name)
    }
  }

  func check(_ text: String, _ choices: [String], of name: String) throws(UsageError) {
    if choices.contains(text) { return }
    let nearest = EditDistance.nearest(to: text, among: choices)
    throw error(.badChoice(of: name, value: text, choices: choices, nearest: nearest))
  }
}

extension Option.Value {
  /// What help shows in the value's place.
  var placeholder: String {
    switch self {
    case .text(let name), .number(let name), .count(let name), .file(let name), .folder(let name): name
    case .choice(let choices), .optionalChoice(let choices): choices.joined(separator: "|")
    }
  }
}
