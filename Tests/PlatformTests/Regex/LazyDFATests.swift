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

  /// Many lines are gone through in several places at once: what is found must be what each line alone has.
  @Test(arguments: [
    "[a-c]{9}[0-9]", "[0-9]{6}$", "^$", "^[^ ]*$", "\\b[a-z]{12}\\b", "[αβ]{4}", "\\w{40}", "(?i)[B-D]{8}_",
    "[ab]+[bc]+[cd]+[de]+[^a-z]", "\\bé", "[ab].{18}[cd]$",
  ])
  func manyLinesAreFoundAsEachAlone(_ pattern: String) throws {
    var random = SeededGenerator(seed: 5)
    let letters = ["a", "b", "c", "d", "e", "0", "7", " ", "_", "é", "α", "β", "B"]
    let compiled = try CompiledPattern(parsing: [pattern], options: .init(isByLine: true))
    // A window of letters that moves makes matches rare in some stretches and frequent in others.
    let lines = (0..<1500).map { number -> String in
      let few = letters.dropFirst(number / 200).prefix(5)
      let length = Int.random(in: number % 7 == 0 ? 0...1 : 4...40, using: &random)
      return (0..<length).map { _ in few.randomElement(using: &random) ?? "" }.joined()
    }
    var expected: [Int] = []
    var machine = PikeVM(compiled.program)
    for (number, line) in lines.enumerated()
    where machine.firstMatch(in: Array(line.utf8).span, from: 0) != nil {
      expected.append(number)
    }
    let text = Array((lines.joined(separator: "\n") + "\n").utf8)
    let fast = Pattern(compiled)
    var found: [Int] = []
    var position = 0
    while position < text.count, let end = fast.endOfMatch(in: text, from: position), end < text.count {
      found.append(text[..<end].count { $0 == 0x0A })
      position = (ByteSearch.first(0x0A, in: text, end..<text.count) ?? text.count) + 1
    }
    #expect(found == expected)
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
