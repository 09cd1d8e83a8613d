import Testing

@testable import Platform

@Suite struct SpanFinderTests {
  /// All matches as the exact machine alone finds them.
  static func exactMatches(_ compiled: CompiledPattern, in text: [UInt8]) -> [Range<Int>] {
    var machine = PikeVM(compiled.program)
    var ranges: [Range<Int>] = []
    var position = 0
    while position <= text.count, let match = machine.firstMatch(in: text.span, from: position) {
      if !match.isEmpty || match.lowerBound != ranges.last?.upperBound { ranges.append(match) }
      position = match.isEmpty ? match.upperBound + 1 : match.upperBound
    }
    return ranges
  }

  @Test func spansAreThoseOfTheExactMachine() throws {
    var random = SeededGenerator(seed: 13)
    let parts = [
      "a", "b", "é", "[ab]", "[^a]", ".", "\\b", "\\B", "^", "$", "|", "*", "+", "?", "*?", "+?", "(a|b)",
      "(a|ab)", "(|a)", "\\w", "\\s", "{2}", "{1,2}", "\\<", "\\>", "\\A", "\\z", "(?:ab|b)*", "(?-m)^",
    ]
    let letters = ["a", "b", "ab", "é", " ", "\n", "_"]
    var matched = 0
    for _ in 0..<6000 {
      let pattern = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        parts.randomElement(using: &random) ?? ""
      }.joined()
      guard let compiled = try? CompiledPattern(parsing: [pattern], options: .init()) else { continue }
      var text = Array(
        (0..<Int.random(in: 0...12, using: &random)).map { _ in letters.randomElement(using: &random) ?? "" }
          .joined().utf8)
      // A byte that is no UTF-8 now and then.
      if !text.isEmpty, Int.random(in: 0..<8, using: &random) == 0 {
        text[Int.random(in: 0..<text.count, using: &random)] =
          [0x80, 0xC3, 0xFF].randomElement(using: &random) ?? 0
      }
      let exact = Self.exactMatches(compiled, in: text)
      let found = Pattern(compiled).matches(in: text)
      if !found.isEmpty { matched += 1 }
      if found != exact { Issue.record("\(pattern) in \(text): \(found), exactly \(exact)") }
    }
    #expect(matched > 1500)
  }

  @Test func aPatternThatFillsTheCacheStillHasItsSpans() throws {
    let compiled = try CompiledPattern(parsing: ["[ab]*?a[ab]{14}c"], options: .init())
    var random = SeededGenerator(seed: 3)
    var text = (0..<20_000).map { _ in UInt8.random(in: 0x61...0x62, using: &random) }
    #expect(Pattern(compiled).firstMatch(in: text) == nil)
    text += Array("\na".utf8) + [UInt8](repeating: 0x62, count: 14) + Array("c".utf8)
    #expect(Pattern(compiled).firstMatch(in: text) == 20_001..<20_017)
  }

  @Test func aProgramReadBackwardFindsWhereMatchesBegin() throws {
    // pattern, text, where the search began, an end, the leftmost start
    let table: [(String, String, Int, Int, Int?)] = [
      ("a+", "baaa", 0, 4, 1), ("a+", "baaa", 2, 4, 2), ("a+", "baaa", 0, 1, nil), ("^a+", "a\naaa", 0, 5, 2),
      ("^a+", "a\naaa", 3, 5, nil), ("a*$", "aab", 0, 2, nil), ("a*$", "aa\n", 0, 2, 0),
      ("a*", "baa", 0, 0, 0),
      ("\\ba", "a a", 0, 3, 2), ("\\Bé", "aé", 0, 3, nil), ("é+", "xéé", 0, 5, 1),
      ("[α-ω]b|b", "αb", 0, 3, 0),
      ("\\Ab", "ab", 1, 2, nil), ("(?:ab)*b\\z", "ababb", 0, 5, 0), ("(a|ab)(c|bcd)", "xabcd", 0, 5, 1),
    ]
    for (pattern, text, from, end, expected) in table {
      let program = try CompiledPattern(parsing: [pattern], options: .init()).program
      var automaton = LazyDFA(program.reversed, .furthestStart)
      let bytes = Array(text.utf8)
      switch automaton.furthestStart(in: bytes.span, from: from, endingAt: end) {
      case .match(let start) where start == expected: continue
      case .none where expected == nil: continue
      // Words beyond ASCII are left to the exact machine.
      case .unknown where pattern.contains("\\B"): continue
      case let other: Issue.record("\(pattern) in \(text): \(other)")
      }
    }
  }
}
