/// A search pattern, read and compiled: a value that threads share. `Pattern` runs it.
public struct CompiledPattern: Sendable {
  /// Longest pattern, in bytes; longer ones are refused by size alone.
  public static let byteLimit = 128 << 10

  let program: PatternProgram
  /// What every match holds; nil where that is nothing, or nothing rare.
  let scanner: NeedleScanner?
  let isByLine: Bool
  /// Which trigrams a text must have to hold a match, ASCII letters in lower case.
  public let trigrams: TrigramQuery

  /// Reads one or several patterns; a match of any of them is a match, the first in order where several begin alike.
  /// - Throws: the first thing wrong, with its column. No patterns at all match nothing.
  public init(parsing patterns: [String], options: PatternOptions) throws(PatternError) {
    var branches: [Syntax] = []
    for pattern in patterns {
      if pattern.utf8.count > Self.byteLimit {
        throw PatternError(.tooLong(pattern.utf8.count), pattern: pattern, column: 1)
      }
      branches.append(try Self.syntax(of: pattern, options))
    }
    let syntax: Syntax =
      switch branches.count {
      case 0: .set(ScalarSet())
      case 1: branches[0]
      default: Syntax.factored(branches)
      }
    isByLine = options.isByLine
    trigrams = TrigramQuery(syntax)
    program = try Compiler.compile(
      syntax, pattern: patterns.count == 1 ? patterns[0] : patterns.joined(separator: "|"))
    scanner = Needles(in: syntax).map(NeedleScanner.init)
  }

  private static func syntax(of pattern: String, _ options: PatternOptions) throws(PatternError) -> Syntax {
    var syntax = try parsed(pattern, options)
    if options.isByLine {
      guard let line = syntax.byLine else { throw PatternError(.lineFeed, pattern: pattern, column: 1) }
      syntax = line
    }
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
