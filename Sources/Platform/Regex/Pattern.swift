/// How letters of a pattern compare.
public enum CaseRule: Equatable, Sendable {
  case exact
  case ignored
  /// Ignored, unless the pattern has an upper-case letter.
  case smart
}

/// What a pattern's text means.
public struct PatternOptions: Equatable, Sendable {
  public var caseRule: CaseRule
  /// The text is searched as it stands, without operators (grep's -F).
  public var isLiteral: Bool
  /// A match has no word character on either side (-w).
  public var matchesWholeWords: Bool
  /// A match is a whole line (-x).
  public var matchesWholeLines: Bool

  public init(
    caseRule: CaseRule = .exact, isLiteral: Bool = false, matchesWholeWords: Bool = false,
    matchesWholeLines: Bool = false
  ) {
    self.caseRule = caseRule
    self.isLiteral = isLiteral
    self.matchesWholeWords = matchesWholeWords
    self.matchesWholeLines = matchesWholeLines
  }
}

/// A search pattern, ready to run over UTF-8 bytes in linear time whatever its text.
///
/// It keeps scratch space between searches, so one thread owns it; parse another for another thread.
public final class Pattern {
  /// Bytes that every match holds, and whether every match begins with them; nil where there are none.
  private let literal: RequiredLiteral?
  private var machine: PikeVM

  /// Reads one or several patterns; a match of any of them is a match, the first in order where several begin alike.
  /// - Throws: the first thing wrong, with its column. No patterns at all match nothing.
  public init(parsing patterns: [String], options: PatternOptions) throws(PatternError) {
    var branches: [Syntax] = []
    for pattern in patterns { branches.append(try Self.syntax(of: pattern, options)) }
    let syntax: Syntax =
      switch branches.count {
      case 0: .set(ScalarSet())
      case 1: branches[0]
      default: Syntax.factored(branches)
      }
    literal = RequiredLiteral(in: syntax)
    machine = PikeVM(
      try Compiler.compile(
        syntax, pattern: patterns.count == 1 ? patterns[0] : patterns.joined(separator: "|"))
    )
  }

  public convenience init(parsing pattern: String, options: PatternOptions) throws(PatternError) {
    try self.init(parsing: [pattern], options: options)
  }

  /// The leftmost match that begins at byte `from` or later, where `text` is UTF-8.
  ///
  /// Of several that begin there, the one that the pattern's operators prefer. It may be empty.
  public func firstMatch(in text: [UInt8], from: Int = 0) -> Range<Int>? {
    guard from <= text.count else { return nil }
    guard let literal else { return machine.firstMatch(in: text.span, from: from) }
    guard let found = ByteSearch.first(literal.bytes, in: text, from: from) else { return nil }
    if literal.isWhole { return found..<found + literal.bytes.count }
    return machine.firstMatch(in: text.span, from: literal.isPrefix ? found : from)
  }

  /// Whether `text` holds a match anywhere.
  public func isMatch(_ text: [UInt8]) -> Bool { firstMatch(in: text) != nil }

  /// All matches from left to right, none inside another.
  public func matches(in text: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var position = 0
    while position <= text.count, let match = firstMatch(in: text, from: position) {
      // Right behind a match, nothing at all is no match of its own.
      if !match.isEmpty || match.lowerBound != ranges.last?.upperBound { ranges.append(match) }
      position = match.isEmpty ? match.upperBound + 1 : match.upperBound
    }
    return ranges
  }

  private static func syntax(of pattern: String, _ options: PatternOptions) throws(PatternError) -> Syntax {
    var syntax = try parsed(pattern, options)
    if options.matchesWholeWords {
      syntax = .joined([.assertion(.noWordBefore), syntax, .assertion(.noWordAfter)])
    }
    if options.matchesWholeLines {
      syntax = .joined([.assertion(.lineStart), syntax, .assertion(.lineEnd)])
    }
    return syntax
  }

  private static func parsed(_ pattern: String, _ options: PatternOptions) throws(PatternError) -> Syntax {
    if options.isLiteral {
      let hasUppercase = pattern.unicodeScalars.contains { $0.properties.isUppercase }
      let ignoresCase = options.caseRule == .ignored || options.caseRule == .smart && !hasUppercase
      return .literal(pattern, ignoringCase: ignoresCase)
    }
    var parser = SyntaxParser(pattern, ignoringCase: options.caseRule != .exact)
    let syntax = try parser.parse()
    guard options.caseRule == .smart, parser.hasUppercase else { return syntax }
    var exact = SyntaxParser(pattern, ignoringCase: false)
    return try exact.parse()
  }
}
