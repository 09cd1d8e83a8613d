/// Finds where matches begin and end: by two automata, and where these cannot tell by the exact machine.
///
/// A search that asks only whether there is a match needs none of it. Owned by one pattern.
struct SpanFinder {
  private let scanner: NeedleScanner?
  private var ends: LazyDFA
  private var starts: LazyDFA
  private var machine: PikeVM

  init(_ compiled: CompiledPattern) {
    scanner = compiled.scanner
    ends = LazyDFA(compiled.program, .preferredEnd)
    starts = LazyDFA(compiled.program.reversed, .furthestStart)
    machine = PikeVM(compiled.program)
  }

  /// The leftmost match that begins at `from` or later, of those at one place the preferred.
  mutating func firstMatch(in text: [UInt8], from: Int) -> Range<Int>? {
    var from = from
    if let scanner {
      guard let found = scanner.first(in: text, from..<text.count) else { return nil }
      if scanner.needles.isWhole { return found.range }
      if scanner.needles.isPrefix { from = found.range.lowerBound }
    }
    let bytes = text.span
    switch ends.preferredEnd(in: bytes, from: from) {
    case .none: return nil
    case .match(let end):
      guard case .match(let start) = starts.furthestStart(in: bytes, from: from, endingAt: end) else { break }
      return start..<end
    case .unknown: break
    }
    return machine.firstMatch(in: bytes, from: from)
  }

  /// All matches from left to right, none inside another.
  mutating func matches(in text: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var position = 0
    while position <= text.count, let match = firstMatch(in: text, from: position) {
      // Right behind a match, nothing at all is no match of its own.
      if !match.isEmpty || match.lowerBound != ranges.last?.upperBound { ranges.append(match) }
      position = match.isEmpty ? match.upperBound + 1 : match.upperBound
    }
    return ranges
  }

  /// The leftmost match by the exact machine alone, of those that end at `end` or before, where the text has a line
  /// feed or its end.
  mutating func exactMatch(in text: [UInt8], from: Int, upTo end: Int) -> Range<Int>? {
    machine.firstMatch(in: text.span, from: from, upTo: end)
  }
}
