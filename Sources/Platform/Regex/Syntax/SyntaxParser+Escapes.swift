extension SyntaxParser {
  /// An escape outside a class.
  mutating func escape() throws(PatternError) -> Syntax {
    let start = position
    guard let scalar = peek() else { throw error(.danglingBackslash, at: start) }
    if let assertion = Self.assertion(scalar) {
      position += 2
      return .assertion(assertion)
    }
    if let set = Self.shorthand(scalar) {
      position += 2
      return .set(set)
    }
    if scalar == "p" || scalar == "P" { return .set(try property()) }
    let literal = try escapedScalar()
    return self.literal(literal)
  }

  /// `\pL`, `\p{Greek}`, `\P{^Lu}`: the code points of a property (UTS #18, section 1.2).
  mutating func property() throws(PatternError) -> ScalarSet {
    let start = position
    var isNegated = scalars[position + 1] == "P"
    position += 2
    var name = ""
    if skip("{") {
      if skip("^") { isNegated.toggle() }
      while let scalar = current, scalar != "}" {
        name.unicodeScalars.append(scalar)
        position += 1
      }
      guard skip("}") else { throw error(.unclosedProperty, at: start) }
    } else if let scalar = current {
      name.unicodeScalars.append(scalar)
      position += 1
    }
    var text = name
    if let range = text.firstIndex(of: "!"), text[range...].hasPrefix("!=") {
      text.remove(at: range)
      isNegated.toggle()
    } else if let colon = text.firstIndex(of: ":") {
      text.replaceSubrange(colon...colon, with: "=")
    }
    guard let ranges = PropertyName.ranges(text) else { throw error(.unknownProperty(name), at: start) }
    var set = ScalarSet(ranges)
    if flags.ignoresCase { set = set.foldingCase() }
    return isNegated ? set.inverted : set
  }

  private static func assertion(_ scalar: Unicode.Scalar) -> Syntax.Assertion? {
    switch scalar {
    case "A": .textStart
    case "z": .textEnd
    case "b": .wordBoundary
    case "B": .notWordBoundary
    case "<": .wordStart
    case ">": .wordEnd
    default: nil
    }
  }

  /// The class behind `\d`, `\W` and their like.
  static func shorthand(_ scalar: Unicode.Scalar) -> ScalarSet? {
    switch scalar {
    case "d": .digit
    case "D": ScalarSet.digit.inverted
    case "s": .space
    case "S": ScalarSet.space.inverted
    case "w": .word
    case "W": ScalarSet.word.inverted
    default: nil
    }
  }

  /// The character an escape stands for, inside a class or out.
  mutating func escapedScalar() throws(PatternError) -> Unicode.Scalar {
    let start = position
    position += 1
    guard let scalar = current else { throw error(.danglingBackslash, at: start) }
    position += 1
    switch scalar {
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "f": return "\u{0C}"
    case "v": return "\u{0B}"
    case "a": return "\u{07}"
    case "e": return "\u{1B}"
    case "x": return try codePoint(digits: 2, startingAt: start)
    case "u": return try codePoint(digits: 4, startingAt: start)
    case "U": return try codePoint(digits: 8, startingAt: start)
    case "1"..."9", "k", "g": throw error(.unsupported("back-references are"), at: start)
    case "K", "G", "Q", "E", "C", "X", "R", "Z":
      throw error(.unsupported("'\\\(scalar)' is"), at: start)
    case _ where scalar.properties.isAlphabetic || scalar.hexDigit != nil:
      throw error(.unknownEscape("\\\(scalar)"), at: start)
    default: return scalar  // punctuation, blanks: the character itself
    }
  }

  /// `\x41`, `\u00e9` or, with braces, any number of digits: `\x{1F600}`.
  private mutating func codePoint(digits: Int, startingAt start: Int) throws(PatternError) -> Unicode.Scalar {
    let isBraced = skip("{")
    var value: UInt32 = 0
    var count = 0
    while let digit = current?.hexDigit, count < (isBraced ? 8 : digits) {
      value = value << 4 | digit
      count += 1
      position += 1
    }
    let isWhole = isBraced ? count > 0 && skip("}") : count == digits
    guard isWhole, let scalar = Unicode.Scalar(value) else {
      let text = String(String.UnicodeScalarView(scalars[start..<min(position, scalars.count)]))
      throw error(.badCodePoint(text), at: start)
    }
    return scalar
  }
}
