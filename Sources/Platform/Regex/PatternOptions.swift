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
