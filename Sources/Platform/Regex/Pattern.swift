/// A search pattern, ready to run over UTF-8 bytes in linear time whatever its text.
///
/// It keeps scratch space between searches, so one thread owns it; each thread makes its own of a `CompiledPattern`.
public final class Pattern {
  private let compiled: CompiledPattern
  private var automaton: LazyDFA
  /// Made when it is first asked for.
  private var spans: SpanFinder?

  /// One thread's machine for a pattern that threads share.
  public init(_ compiled: CompiledPattern) {
    self.compiled = compiled
    automaton = LazyDFA(compiled.program, .anyEnd)
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
    return withSpans { $0.firstMatch(in: text, from: from) }
  }

  /// All matches from left to right, none inside another.
  public func matches(in text: [UInt8]) -> [Range<Int>] { withSpans { $0.matches(in: text) } }

  private func withSpans<Answer>(_ ask: (inout SpanFinder) -> Answer) -> Answer {
    var finder = spans.take() ?? SpanFinder(compiled)
    defer { spans = finder }
    return ask(&finder)
  }

  /// Whether `text` holds a match anywhere.
  public func isMatch(_ text: [UInt8]) -> Bool { endOfMatch(in: text, from: 0) != nil }

  /// Where some match ends that begins at byte `from` or later: the first such place, except that what every match
  /// holds may lead to a later one in the same line. For patterns `isByLine` the fastest way through many lines.
  public func endOfMatch(in text: [UInt8], from: Int) -> Int? {
    guard from <= text.count else { return nil }
    guard let scanner = compiled.scanner else { return end(in: text, from..<text.count) }
    var position = from
    while let found = scanner.first(in: text, position..<text.count) {
      if scanner.needles.isWhole { return found.range.upperBound }
      guard compiled.isByLine else {
        return end(in: text, (scanner.needles.isPrefix ? found.range.lowerBound : position)..<text.count)
      }
      let place = found.range.lowerBound
      let line = ByteSearch.last(0x0A, in: text, position..<place).map { $0 + 1 } ?? position
      let lineEnd = ByteSearch.first(0x0A, in: text, place..<text.count) ?? text.count
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
      guard compiled.isByLine else {
        return withSpans { $0.exactMatch(in: text, from: start, upTo: text.count) }?.upperBound
      }
      // The slower engine for one line, then on with the faster one.
      let undecided = automaton.undecidedOffset
      if let before = ByteSearch.last(0x0A, in: text, start..<undecided) { start = before + 1 }
      let lineEnd = ByteSearch.first(0x0A, in: text, start..<range.upperBound) ?? range.upperBound
      let match = withSpans { $0.exactMatch(in: text, from: start, upTo: lineEnd) }
      if let match { return match.upperBound }
      if lineEnd >= range.upperBound { return nil }
      start = lineEnd + 1
    }
  }
}
