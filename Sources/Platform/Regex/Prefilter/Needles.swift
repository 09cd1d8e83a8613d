/// Short runs of bytes of which every match holds one: a text without them needs no engine.
struct Needles: Equatable, Sendable {
  /// Several or more are looked for side by side, so there are few.
  static let limit = 8

  /// In the order in which a match prefers them. None is empty.
  var choices: [[ByteTest]]
  /// Every match begins with one.
  var isPrefix: Bool
  /// Every match is one of them, and each of them is a match.
  var isWhole: Bool
  /// In their place a match may have characters beyond ASCII, so that any of these may be part of one, too.
  var missesOther: Bool

  /// At which share of the bytes a needle begins, at a guess.
  var rate: Double {
    choices.reduce(0) { $0 + $1.map(\.rate).sorted().prefix(NeedleScanner.probeCount).reduce(1, *) }
      * (missesOther ? 4 : 1)
  }

  /// Where needles are more frequent than this, the automaton alone is faster.
  private static let mostFrequent = 0.003

  /// What a text must have for a match; nil where nothing is rare enough.
  init?(in syntax: Syntax) {
    var finder = NeedleFinder()
    finder.walk(syntax)
    guard let found = finder.finish(), found.isWhole || found.rate <= Self.mostFrequent else { return nil }
    self = found
  }

  /// - Parameters:
  ///   - isFirst: nothing stands before the run.
  ///   - isLast: nothing stands behind it.
  init(_ run: NeedleFinder.Run, isFirst: Bool, isLast: Bool) {
    choices = run.choices
    missesOther = run.missesOther
    isPrefix = isFirst && !missesOther
    isWhole = isPrefix && isLast && run.isExact
  }

  /// Adds those that other matches hold.
  mutating func add(_ other: Needles) {
    choices += other.choices
    missesOther = missesOther || other.missesOther
  }
}
