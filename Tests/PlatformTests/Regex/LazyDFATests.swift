import Testing

@testable import Platform

@Suite struct LazyDFATests {
  /// Whatever the pattern, the fast engine and the exact one agree on whether there is a match.
  @Test func agreesWithTheExactEngineOnEveryTableRow() throws {
    for (pattern, text, expected) in PatternTests.table {
      let bytes = Array(text.utf8)
      let found = try Pattern(parsing: pattern, options: .init()).isMatch(bytes)
      if found != !expected.isEmpty { Issue.record("\(pattern) in \(text.debugDescription): \(found)") }
    }
  }

  @Test func agreesWithTheExactEngineOnRandomPatternsAndTexts() throws {
    var random = SeededGenerator(seed: 11)
    let parts = [
      "a", "b", "é", "[ab]", "[^a]", ".", "\\b", "\\B", "^", "$", "|", "*", "+", "?", "(a|b)", "\\w", "\\s",
      "x{2}", "\\<",
    ]
    for _ in 0..<4000 {
      let pattern = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        parts.randomElement(using: &random) ?? ""
      }
      .joined()
      guard let compiled = try? CompiledPattern(parsing: [pattern], options: .init()) else { continue }
      let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        ["a", "b", "x", "é", " ", "\n", "_"].randomElement(using: &random) ?? ""
      }.joined()
      let bytes = Array(text.utf8)
      var machine = PikeVM(compiled.program)
      let exact = machine.firstMatch(in: bytes.span, from: 0) != nil
      let fast = Pattern(compiled).isMatch(bytes)
      if fast != exact { Issue.record("\(pattern) in \(text.debugDescription): \(fast), exactly \(exact)") }
    }
  }

  @Test func aMatchInManyLinesLiesInOne() throws {
    let options = PatternOptions(isByLine: true)
    let text = Array("alpha one\nbeta two\n\ngamma\n".utf8)
    let table: [(String, Int?)] = [
      ("one\\s*beta", nil), ("[^x]two", 18), ("^beta", 14), ("\\Agamma\\z", 25), ("^$", 19), ("two$", 18),
      ("a.*o", 7),
    ]
    for (pattern, end) in table {
      let found = try Pattern(parsing: pattern, options: options).endOfMatch(in: text, from: 0)
      if found != end { Issue.record("\(pattern): \(String(describing: found))") }
    }
    #expect(throws: PatternError(.lineFeed, pattern: "a\\nb", column: 1)) {
      try Pattern(parsing: "a\\nb", options: options)
    }
  }

  @Test func aPatternThatFillsTheCacheStillTellsTheTruth() throws {
    // 2^n states for n: each byte of the last n matters.
    let pattern = try Pattern(parsing: "[ab]*a[ab]{18}c", options: .init(isByLine: true))
    var random = SeededGenerator(seed: 3)
    var text = (0..<60_000).map { _ in UInt8.random(in: 0x61...0x62, using: &random) }
    #expect(!pattern.isMatch(text))
    text += Array("a".utf8) + [UInt8](repeating: 0x62, count: 18) + Array("c".utf8)
    #expect(pattern.isMatch(text))
  }

  @Test func aHugePatternIsRefusedByItsSize() {
    let huge = String(repeating: "ab|", count: 400_000)
    #expect(throws: PatternError(.tooLong(1_200_000), pattern: huge, column: 1)) {
      try Pattern(parsing: huge, options: .init())
    }
  }
}
