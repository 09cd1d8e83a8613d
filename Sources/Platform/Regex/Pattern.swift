/// How letters of a pattern compare.
public enum CaseRule: Equatable, Sendable {
  /// Letters match themselves.
  case exact
  /// Letters match their other case too (Unicode's simple case folding).
  case ignored
  /// Ignored, unless the pattern has an upper-case letter.
  case smart
}

/// What a pattern's text means.
public struct PatternOptions: Equatable, Sendable {
  /// What becomes of upper and lower case.
  public var caseRule: CaseRule
  /// The text is searched as it stands, without operators (grep's -F).
  public var isLiteral: Bool
  /// A match has no word character on either side (-w).
  public var matchesWholeWords: Bool
  /// A match is a whole line (-x).
  public var matchesWholeLines: Bool
  /// Texts are many lines, and every match lies within one: no class holds the line feed.
  public var isByLine: Bool

  /// A pattern in the engine's syntax that matches anywhere and case by case, unless told otherwise.
  public init(
    caseRule: CaseRule = .exact, isLiteral: Bool = false, matchesWholeWords: Bool = false,
    matchesWholeLines: Bool = false, isByLine: Bool = false
  ) {
    self.caseRule = caseRule
    self.isLiteral = isLiteral
    self.matchesWholeWords = matchesWholeWords
    self.matchesWholeLines = matchesWholeLines
    self.isByLine = isByLine
  }
}

/// A search pattern, read and compiled: a value that threads share. `Pattern` runs it.
public struct CompiledPattern: Sendable {
  /// Longest pattern, in bytes; longer ones are refused by size alone.
  public static let byteLimit = 128 << 10

  let program: PatternProgram
  /// Bytes that every match holds; nil where there are none.
  let literal: RequiredLiteral?
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
    literal = RequiredLiteral(in: syntax)
    isByLine = options.isByLine
    trigrams = TrigramQuery(syntax)
    program = try Compiler.compile(
      syntax, pattern: patterns.count == 1 ? patterns[0] : patterns.joined(separator: "|"))
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

/// A search pattern, ready to run over UTF-8 bytes in linear time whatever its text.
///
/// It keeps scratch space between searches, so one thread owns it; each thread makes its own of a `CompiledPattern`.
public final class Pattern {
  private let compiled: CompiledPattern
  private var automaton: LazyDFA
  private var machine: PikeVM

  /// One thread's machine for a pattern that threads share.
  public init(_ compiled: CompiledPattern) {
    self.compiled = compiled
    automaton = LazyDFA(compiled.program)
    machine = PikeVM(compiled.program)
  }

  /// `CompiledPattern(parsing:options:)`, ready to run.
  public convenience init(parsing patterns: [String], options: PatternOptions) throws(PatternError) {
    self.init(try CompiledPattern(parsing: patterns, options: options))
  }

  /// Parses and compiles a pattern. Throws where it is not one, naming the place.
  public convenience init(parsing pattern: String, options: PatternOptions) throws(PatternError) {
    try self.init(parsing: [pattern], options: options)
  }

  /// The leftmost match that begins at byte `from` or later, where `text` is UTF-8.
  ///
  /// Of several that begin there, the one that the pattern's operators prefer. It may be empty.
  public func firstMatch(in text: [UInt8], from: Int = 0) -> Range<Int>? {
    guard from <= text.count else { return nil }
    var start = from
    if let literal = compiled.literal {
      guard let found = ByteSearch.first(literal.bytes, in: text, from: from) else { return nil }
      if literal.isWhole { return found..<found + literal.bytes.count }
      if literal.isPrefix { start = found }
    }
    if automaton.firstEnd(in: text.span, start..<text.count) == .none { return nil }
    return machine.firstMatch(in: text.span, from: start)
  }

  /// Whether `text` holds a match anywhere.
  public func isMatch(_ text: [UInt8]) -> Bool { endOfMatch(in: text, from: 0) != nil }

  /// Where some match ends that begins at byte `from` or later: the first such place, except that a required literal
  /// may lead to a later one in the same line. For patterns `isByLine` the fastest way through many lines.
  public func endOfMatch(in text: [UInt8], from: Int) -> Int? {
    guard from <= text.count else { return nil }
    guard let literal = compiled.literal else { return end(in: text, from..<text.count) }
    var position = from
    while let found = ByteSearch.first(literal.bytes, in: text, from: position) {
      if literal.isWhole { return found + literal.bytes.count }
      guard compiled.isByLine else {
        return end(in: text, (literal.isPrefix ? found : position)..<text.count)
      }
      let line = ByteSearch.last(0x0A, in: text, position..<found).map { $0 + 1 } ?? position
      let lineEnd = ByteSearch.first(0x0A, in: text, found..<text.count) ?? text.count
      if let end = end(in: text, line..<lineEnd) { return end }
      position = lineEnd
    }
    return nil
  }

  private func end(in text: [UInt8], _ range: Range<Int>) -> Int? {
    var start = range.lowerBound
    while true {
      let rest = start..<range.upperBound
      let outcome =
        compiled.isByLine
        ? automaton.firstEndOfLines(in: text.span, rest) : automaton.firstEnd(in: text.span, rest)
      switch outcome {
      case .match(let end): return end
      case .none: return nil
      case .unknown: break
      }
      guard compiled.isByLine else { return machine.firstMatch(in: text.span, from: start)?.upperBound }
      // The slower engine for one line, then on with the faster one.
      let undecided = automaton.undecidedOffset
      if let before = ByteSearch.last(0x0A, in: text, start..<undecided) { start = before + 1 }
      let lineEnd = ByteSearch.first(0x0A, in: text, start..<range.upperBound) ?? range.upperBound
      if let match = machine.firstMatch(in: text.span, from: start, upTo: lineEnd) { return match.upperBound }
      if lineEnd >= range.upperBound { return nil }
      start = lineEnd + 1
    }
  }

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
}
