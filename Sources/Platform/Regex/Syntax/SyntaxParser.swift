/// Reads a pattern in the syntax that ripgrep and RE2 share, without what cannot run in linear time.
///
/// Literals, `.`, classes, `\d \w \s \b` and the like, anchors, groups, `|`, `* + ? {m,n}` greedy and lazy,
/// flags `(?i)`, `(?s)`, `(?m)`, `(?U)`, `(?x)`, properties `\p{…}`. A brace that starts no repeat stands for itself, as in grep.
struct SyntaxParser {
  static let depthLimit = 200
  static let repeatLimit = 1000

  /// What letters, dots and anchors mean at a place of the pattern.
  struct Flags: Equatable {
    var ignoresCase: Bool
    var dotMatchesLineFeed = false
    var anchorsMatchAtLines = true
    /// Repeats are lazy, and greedy with a `?`.
    var isLazy = false
    /// White space and comments from `#` on are no part of the pattern.
    var ignoresSpace = false
  }

  let pattern: String
  let scalars: [Unicode.Scalar]
  var position = 0
  var flags: Flags
  /// Whether a literal upper-case letter was read: what smart case asks.
  private(set) var hasUppercase = false
  private var depth = 0

  init(_ pattern: String, ignoringCase: Bool) {
    self.pattern = pattern
    scalars = Array(pattern.unicodeScalars)
    flags = Flags(ignoresCase: ignoringCase)
  }

  mutating func parse() throws(PatternError) -> Syntax {
    let syntax = try alternatives()
    if position < scalars.count { throw error(.unopenedGroup, at: position) }
    return syntax
  }

  func error(_ cause: PatternError.Cause, at index: Int) -> PatternError {
    PatternError(cause, pattern: pattern, column: index + 1)
  }

  var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  func peek(_ distance: Int = 1) -> Unicode.Scalar? {
    position + distance < scalars.count ? scalars[position + distance] : nil
  }

  mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard current == scalar else { return false }
    position += 1
    return true
  }

  /// Branches up to the end or to a `)`, which stays unread.
  private mutating func alternatives() throws(PatternError) -> Syntax {
    let outer = flags
    var branches = [try sequence()]
    while skip("|") { branches.append(try sequence()) }
    flags = outer
    return branches.count == 1 ? branches[0] : Syntax.factored(branches)
  }

  private mutating func sequence() throws(PatternError) -> Syntax {
    var parts: [Syntax] = []
    while true {
      skipSpace()
      guard let scalar = current, scalar != "|", scalar != ")" else { break }
      let start = position
      guard let atom = try atom() else { continue }  // a flag group such as (?i)
      parts.append(try repeats(of: atom, startingAt: start))
    }
    return .joined(parts)
  }

  private mutating func repeats(of atom: Syntax, startingAt start: Int) throws(PatternError) -> Syntax {
    var result = atom
    var nesting = 0
    while let count = try quantifier() {
      nesting += 1
      if nesting > Self.depthLimit { throw error(.tooDeep, at: start) }
      if current == "+" {
        throw error(.unsupported("possessive repeats (such as *+) are"), at: position)
      }
      let isGreedy = skip("?") == flags.isLazy
      // Repeating nothing is nothing; so every repeat left has a step to compile, and the size limit holds.
      if result != .empty {
        result = .repeated(
          result, .init(minimum: count.minimum, maximum: count.maximum, isGreedy: isGreedy))
      }
    }
    return result
  }

  private mutating func skipSpace() {
    guard flags.ignoresSpace else { return }
    while let scalar = current {
      if scalar == "#" {
        while let scalar = current, scalar != "\n" { position += 1 }
      } else if scalar.properties.isWhitespace {
        position += 1
      } else {
        return
      }
    }
  }

  private mutating func quantifier() throws(PatternError) -> (minimum: Int, maximum: Int?)? {
    skipSpace()
    switch current {
    case "*":
      position += 1
      return (0, nil)
    case "+":
      position += 1
      return (1, nil)
    case "?":
      position += 1
      return (0, 1)
    case "{": return try countedRepeat()
    default: return nil
    }
  }

  /// `{m}`, `{m,}`, `{,n}` or `{m,n}`; nil, and nothing read, where the brace starts none of them.
  private mutating func countedRepeat() throws(PatternError) -> (minimum: Int, maximum: Int?)? {
    let start = position
    position += 1
    let low = number()
    let hasComma = skip(",")
    let high = hasComma ? number() : low
    guard low != nil || high != nil, skip("}") else {
      position = start
      return nil
    }
    for count in [low, high] {
      if let count, count > Self.repeatLimit { throw error(.repeatTooLarge(count), at: start) }
    }
    if let low, let high, low > high { throw error(.reversedRepeat(low, high), at: start) }
    return (low ?? 0, high)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let scalar = current, let digit = scalar.hexDigit, digit < 10 {
      value = min((value ?? 0) * 10 + Int(digit), 1_000_000_000)
      position += 1
    }
    return value
  }

  /// One character, class, group or assertion; nil for a group that only sets flags.
  private mutating func atom() throws(PatternError) -> Syntax? {
    guard let scalar = current else { return nil }
    switch scalar {
    case "(": return try group()
    case "[": return .set(try characterClass())
    case "\\": return try escape()
    case ".":
      position += 1
      return .set(flags.dotMatchesLineFeed ? .any : .notLineFeed)
    case "^":
      position += 1
      return .assertion(flags.anchorsMatchAtLines ? .lineStart : .textStart)
    case "$":
      position += 1
      return .assertion(flags.anchorsMatchAtLines ? .lineEnd : .textEnd)
    case "*", "+", "?": throw error(.nothingToRepeat(String(scalar)), at: position)
    default:
      position += 1
      return literal(scalar)
    }
  }

  mutating func literal(_ scalar: Unicode.Scalar) -> Syntax {
    note(scalar)
    let set = ScalarSet(scalar.value...scalar.value)
    return .set(flags.ignoresCase ? set.foldingCase() : set)
  }

  mutating func note(_ scalar: Unicode.Scalar) {
    if scalar.properties.isUppercase { hasUppercase = true }
  }

  private mutating func group() throws(PatternError) -> Syntax? {
    let start = position
    position += 1
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit { throw error(.tooDeep, at: start) }
    let outer = flags
    if skip("?"), try !groupHead(openedAt: start) {
      return nil
    }
    let inner = try alternatives()
    guard skip(")") else { throw error(.unclosedGroup, at: start) }
    flags = outer
    return inner
  }

  /// What follows `(?`. False: it was a flag group, closed already, whose flags hold to the group's end.
  private mutating func groupHead(openedAt start: Int) throws(PatternError) -> Bool {
    switch current {
    case ":":
      position += 1
      return true
    case "=", "!": throw error(.unsupported("look-ahead is"), at: start)
    case ">": throw error(.unsupported("atomic groups are"), at: start)
    case "(": throw error(.unsupported("conditionals are"), at: start)
    case "R", "&": throw error(.unsupported("recursion is"), at: start)
    case "#": throw error(.unsupported("comments are"), at: start)
    case "<" where peek() == "=" || peek() == "!": throw error(.unsupported("look-behind is"), at: start)
    case "P", "<", "'":
      if skip("P") {
        if current == "=" { throw error(.unsupported("back-references are"), at: start) }
        if current == ">" { throw error(.unsupported("recursion is"), at: start) }
      }
      position += 1
      while let scalar = current, scalar != ">", scalar != "'", scalar != ")" { position += 1 }
      guard skip(">") || skip("'") else { throw error(.unclosedGroup, at: start) }
      return true
    default: return try flagGroup(openedAt: start)
    }
  }

  private mutating func flagGroup(openedAt start: Int) throws(PatternError) -> Bool {
    var isOn = true
    while let scalar = current {
      position += 1
      switch scalar {
      case "-": isOn = false
      case "i": flags.ignoresCase = isOn
      case "s": flags.dotMatchesLineFeed = isOn
      case "m": flags.anchorsMatchAtLines = isOn
      case "U": flags.isLazy = isOn
      case "x": flags.ignoresSpace = isOn
      case "u": continue  // Unicode classes: always on
      case ":": return true
      case ")": return false
      default: throw error(.unknownFlag(String(scalar)), at: position - 1)
      }
    }
    throw error(.unclosedGroup, at: start)
  }
}

extension Unicode.Scalar {
  /// The value of an ASCII hexadecimal digit.
  var hexDigit: UInt32? {
    switch value {
    case 0x30...0x39: value - 0x30
    case 0x41...0x46: value - 0x37
    case 0x61...0x66: value - 0x57
    default: nil
    }
  }
}
