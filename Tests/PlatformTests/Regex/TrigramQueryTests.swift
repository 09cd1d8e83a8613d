import Testing

@testable import Platform

@Suite struct TrigramQueryTests {
  private func words(_ query: TrigramQuery) -> String {
    switch query {
    case .all: return "all"
    case .none: return "none"
    case .trigram(let value):
      return String(
        decoding: [UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)], as: UTF8.self)
    case .and(let parts): return "(" + parts.map(words).sorted().joined(separator: " ") + ")"
    case .or(let parts): return "(" + parts.map(words).sorted().joined(separator: "|") + ")"
    }
  }

  @Test func aTextMustHoldWhatEveryMatchHolds() throws {
    let table = [
      ("abc", "abc"), ("ABCD", "(abc bcd)"), ("ab", "all"), ("a.c", "all"), ("abc|xyz", "(abc|xyz)"),
      ("abc.*xyz", "(abc xyz)"), ("(?i)abc", "abc"), ("abc?", "all"), ("(abc)+", "abc"),
      ("a[bc]d", "(abd|acd)"),
      ("\\d+abc", "abc"), ("^abc$", "abc"),
      ("abc{2}d", "(abc bcc ccd)"), (".*", "all"), ("(abc)*", "all"),
      ("é1", "é1"), ("x(abc|def)y", "(((abc xab)|(def xde)) (bcy|efy))"),
    ]
    for (pattern, expected) in table {
      let found = words(try CompiledPattern(parsing: [pattern], options: .init()).trigrams)
      if found != expected { Issue.record("\(pattern): \(found)") }
    }
  }

  /// Completeness: where a pattern matches, the trigrams it asks for are there.
  @Test func noMatchIsEverRuledOut() throws {
    func holds(_ query: TrigramQuery, _ text: Set<UInt32>) -> Bool {
      switch query {
      case .all: true
      case .none: false
      case .trigram(let value): text.contains(value)
      case .and(let parts): parts.allSatisfy { holds($0, text) }
      case .or(let parts): parts.contains { holds($0, text) }
      }
    }
    var random = SeededGenerator(seed: 5)
    let parts = [
      "a", "b", "A", "é", "[ab]", "[^a]", ".", "|", "*", "+", "?", "(ab|ba)", "(aba)", "{2}", "{2,3}", "(a|)",
      "b+", "\\b",
    ]
    var matched = 0
    for _ in 0..<6_000 {
      let pattern = (0..<Int.random(in: 2...8, using: &random)).map { _ in
        parts.randomElement(using: &random) ?? ""
      }
      .joined()
      let options = PatternOptions(caseRule: Bool.random(using: &random) ? .ignored : .exact)
      guard let compiled = try? CompiledPattern(parsing: [pattern], options: options) else { continue }
      let text = (0..<Int.random(in: 0...14, using: &random)).map { _ in
        ["a", "b", "A", "é", "É"].randomElement(using: &random) ?? ""
      }.joined()
      let bytes = Array(text.utf8)
      guard Pattern(compiled).isMatch(bytes) else { continue }
      matched += 1
      var trigrams: Set<UInt32> = []
      let folded = bytes.map(TrigramQuery.fold)
      for index in 0..<max(0, folded.count - 2) {
        trigrams.insert(
          UInt32(folded[index]) << 16 | UInt32(folded[index + 1]) << 8 | UInt32(folded[index + 2]))
      }
      if !holds(compiled.trigrams, trigrams) { Issue.record("\(pattern) \(options.caseRule) in \(text)") }
    }
    #expect(matched > 600)
  }
}
