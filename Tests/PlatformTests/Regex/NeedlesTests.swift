import Testing

@testable import Platform

@Suite struct NeedlesTests {
  /// `error|fail` for choices, `~` before a letter of either case, `?` for a test of several bytes; then P for prefix,
  /// W for whole, O for other characters.
  private func words(_ needles: Needles?) -> String {
    guard let needles else { return "none" }
    let choices = needles.choices.map { needle in
      needle.map { test in
        let text = String(Unicode.Scalar(test.low))
        return test.span > 0 ? "?" : test.mask > 0 ? "~" + text : text
      }.joined()
    }
    let flags = [(needles.isPrefix, "P"), (needles.isWhole, "W"), (needles.missesOther, "O")]
    return choices.joined(separator: "|") + " " + flags.filter(\.0).map(\.1).joined()
  }

  @Test func everyMatchHoldsOneOfTheNeedles() throws {
    let table = [
      ("root", "root PW"), ("root.*", "root P"), (".*root", "root "), ("error|fail", "error|fail PW"),
      ("(?:GET|PUT) /", "GET /|PUT / PW"), ("x(?:[0-9]+|y)zq", "zq "), ("\\broot\\b", "root P"),
      ("\\w+@\\w+", "@ "), ("https?://x", "https://x|http://x PW"), ("[0-9]+%", "?% "),
      ("(?i)ab", "~a~b PW"), ("(?i)ask", "~a~s~k O"), ("(?i)ssm-agent", "~m-~a~g~e~n~t "),
      ("é!", "Ã\u{A9}! PW"),
      ("(?:abc|d.*xyz|q)+;", "; "), (".", "none"), ("[a-z]+", "none"), ("(?:root)?", "none"),
      ("", "none"),
      ("qz??x", "qx|qzx PW"), ("(?:[A-D]Q){2}!", "?Q?Q! PW"), ("a?b?c?d?Q", "dQ|Q "), ("^$", "none"),
      ("(?:aa|bb|cc|dd|ee|ff|gg|hh|ii)Q", "Q "), ("[acQ]Z", "?Z P"), ("(?:|Qx)Z", "Z|QxZ PW"),
    ]
    for (pattern, expected) in table {
      let found = words(try CompiledPattern(parsing: [pattern], options: .init()).scanner?.needles)
      if found != expected { Issue.record("\(pattern): \(found)") }
    }
  }

  @Test func aTestLetsAllItsBytesThrough() {
    let table: [([UInt8], Int)] = [
      (Array("a".utf8), 1), (Array("aA".utf8), 2), (Array("0123456789".utf8), 10), (Array("-_".utf8), 51),
      (Array("abAB".utf8), 4), ([0, 0x7F], 128), (Array(" \t".utf8), 20),
    ]
    for (bytes, count) in table {
      let test = ByteTest(bytes)
      if !bytes.allSatisfy(test.holds) || test.count != count { Issue.record("\(bytes): \(test.count)") }
    }
    #expect(ByteTest(Array("e".utf8)).rate > ByteTest(Array("q".utf8)).rate)
    #expect(ByteTest((0..<128).map { UInt8($0) }).rate > 0.9)
  }

  /// Needles at every place of texts of every length, so that vectors, their ends, and what is left over are all met.
  @Test(arguments: ["(?i)qx", "qx|Z", "q[0-9]x", "(?i)ks", "(?i)sqk|zz", "qqqqqqqqqqqqqqqqqqqx", "[x-z]Q|é!"])
  func needlesAreFoundWhereverTheyStand(_ pattern: String) throws {
    let compiled = try CompiledPattern(parsing: [pattern], options: .init(isByLine: true))
    _ = try #require(compiled.scanner)
    var random = SeededGenerator(seed: 17)
    let letters = ["q", "Q", "x", "X", "Z", "zz", "5", "k", "s", "ſ", "\u{212A}", "é!", "é", "\n"]
    let fast = Pattern(compiled)
    for length in 0..<120 {
      for _ in 0..<8 {
        // Mostly what is in no needle.
        let text = Array(
          (0..<length).map { _ in
            Int.random(in: 0..<9, using: &random) > 0 ? "." : letters.randomElement(using: &random) ?? ""
          }.joined().utf8)
        let exact = SpanFinderTests.exactMatches(compiled, in: text)
        let found = fast.matches(in: text)
        if found != exact { Issue.record("\(pattern) in \(text): \(found), exactly \(exact)") }
        for from in stride(from: 0, to: text.count, by: 7) where text[from] & 0xC0 != 0x80 {
          let end = fast.endOfMatch(in: text, from: from)
          // Any end in the first line with a match, where the rest is looked at by lines.
          let rest = exact.first { $0.lowerBound >= from }
          if rest != nil, end == nil { Issue.record("\(pattern) in \(text) from \(from): nothing") }
          if let end, let rest, text[min(end, rest.upperBound)..<max(end, rest.upperBound)].contains(0x0A) {
            Issue.record("\(pattern) in \(text) from \(from): another line")
          }
        }
      }
    }
  }

  @Test func aHugePatternIsWalkedThroughInPart() throws {
    let words = (0..<4000).map { "word\($0)" }.joined(separator: "|")
    let table = [
      (words, true), ("(?:a?b?c?d?){500}", true), ("(?:(?:(?:ab){10}){10}){10}", false),
      (String(repeating: "ab", count: 20_000), false),
    ]
    for (pattern, matches) in table {
      let compiled = try CompiledPattern(parsing: [pattern], options: .init())
      let needles = compiled.scanner?.needles
      #expect(needles.map { $0.choices.count <= Needles.limit } ?? true)
      #expect(Pattern(compiled).isMatch(Array("word17 abcd".utf8)) == matches)
    }
  }
}
