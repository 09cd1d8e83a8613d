/// How a code point joins its neighbors to what a reader takes for one character (UAX #29 §3.1, table 2).
public enum GraphemeBreak: UInt8, Sendable {
  /// Values of Grapheme_Cluster_Break (UAX #29, table 2).
  case other, carriageReturn, lineFeed, control, extend, zeroWidthJoiner, regionalIndicator, prepend
  /// Values of Grapheme_Cluster_Break; the letters of Hangul are L, V, T, LV and LVT.
  case spacingMark, leading, vowel, trailing, syllable, closedSyllable

  /// The property of a code point; `.other` where the tables have none.
  public init(of scalar: UInt32) {
    // The table holds these numbers only.
    self = GraphemeBreak(rawValue: CharacterTable.facts(scalar) & 15) ?? .other
  }
}

/// Finds where grapheme clusters end, one code point after the other (UAX #29 §3.1.1, extended clusters).
///
///     var breaker = GraphemeBreaker()
///     breaker.isBoundary(before: 0x1F468)   // true: the first
///     breaker.isBoundary(before: 0x200D)    // false
public struct GraphemeBreaker: Equatable, Sendable {
  private var last: GraphemeBreak?
  /// A pictographic, then any marks (GB11), and then a joiner: 1, and 2.
  private var pictographic: UInt8 = 0
  /// An odd number of regional indicators stands before this place (GB12, GB13).
  private var isFlagOpen = false

  /// At the start of a text.
  public init() {}

  /// Takes the next code point; whether a cluster begins with it.
  public mutating func isBoundary(before scalar: UInt32) -> Bool {
    let facts = CharacterTable.facts(scalar)
    let next = GraphemeBreak(rawValue: facts & 15) ?? .other
    let isPictographic = facts & 16 != 0
    let isBoundary = last.map { breaks($0, next, isPictographic) } ?? true
    if isPictographic {
      pictographic = 1
    } else if pictographic == 1, next == .extend || next == .zeroWidthJoiner {
      pictographic = next == .zeroWidthJoiner ? 2 : 1
    } else if pictographic == 2, next == .extend || next == .zeroWidthJoiner {
      // After a joiner only the joiner just before counts.
      pictographic = next == .zeroWidthJoiner ? 2 : 1
    } else {
      pictographic = 0
    }
    isFlagOpen = next == .regionalIndicator && !(isFlagOpen && !isBoundary)
    last = next
    return isBoundary
  }

  private func breaks(_ last: GraphemeBreak, _ next: GraphemeBreak, _ isPictographic: Bool) -> Bool {
    switch (last, next) {
    case (.carriageReturn, .lineFeed): false  // GB3
    case (.carriageReturn, _), (.lineFeed, _), (.control, _): true  // GB4
    case (_, .carriageReturn), (_, .lineFeed), (_, .control): true  // GB5
    // GB6
    case (.leading, .leading), (.leading, .vowel), (.leading, .syllable), (.leading, .closedSyllable): false
    case (.syllable, .vowel), (.vowel, .vowel), (.syllable, .trailing), (.vowel, .trailing): false  // GB7
    case (.closedSyllable, .trailing), (.trailing, .trailing): false  // GB8
    case (_, .extend), (_, .zeroWidthJoiner), (_, .spacingMark), (.prepend, _): false  // GB9, 9a, 9b
    case (.zeroWidthJoiner, _) where isPictographic: pictographic != 2  // GB11
    case (.regionalIndicator, .regionalIndicator): !isFlagOpen  // GB12, GB13
    default: true
    }
  }
}
