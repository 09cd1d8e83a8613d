import Testing

@testable import Platform

@Suite struct PatternTests {
  /// pattern, text, all matches. The expected answers are those of Perl-like engines (leftmost, first alternative).
  static let table: [(String, String, [String])] = [
    ("abc", "xxabcxabc", ["abc", "abc"]),
    ("", "ab", ["", "", ""]),
    ("a|ab", "ab", ["a"]),
    ("ab|a", "ab", ["ab"]),
    ("(a|ab)(c|bcd)", "abcd", ["abcd"]),
    ("a*", "baaac", ["", "aaa", ""]),
    ("a+?", "aaa", ["a", "a", "a"]),
    ("a{2,3}", "aaaaa", ["aaa", "aa"]),
    ("a{2,3}?", "aaaa", ["aa", "aa"]),
    ("a{,2}b", "aaab", ["aab"]), ("{2}", "a{2}", ["{2}"]), ("^{1}b|({2})", "b{2}", ["b", "{2}"]),
    ("{\"a\"", "x{\"a\": 1", ["{\"a\""]),
    ("a{2}", "aaaaa", ["aa", "aa"]),
    ("a{2,}", "a aa aaa", ["aa", "aaa"]),
    ("(?:ab){2}c", "ababc", ["ababc"]),
    ("x{0}y", "xy", ["y"]),
    ("a{}b", "a{}b", ["a{}b"]),
    ("{\"k\":1}", "[{\"k\":1}]", ["{\"k\":1}"]),
    ("a{1", "a{1", ["a{1"]),
    (".", "aé\n€", ["a", "é", "€"]),
    ("(?s).", "a\n", ["a", "\n"]),
    ("^b", "a\nb", ["b"]),
    ("(?-m)^b", "a\nb", []),
    ("a$", "a\na", ["a", "a"]),
    ("\\Aa\\z", "a", ["a"]),
    ("\\Aa\\z", "a\n", []),
    ("[^a]", "aé", ["é"]),
    ("[a-c-]", "-b]", ["-", "b"]),
    ("[]x]", "]x", ["]", "x"]),
    ("[^]x]", "]xy", ["y"]),
    ("[\\]\\-a]+", "a-]", ["a-]"]),
    ("[[:digit:][:upper:]]+", "ab12CD", ["12CD"]),
    ("[[:^digit:]]+", "12ab", ["ab"]),
    ("[\\d\\s]+", "1 2x", ["1 2"]),
    ("[à-ü]+", "aéèz", ["éè"]),
    ("\\d+", "a12b3", ["12", "3"]),
    ("\\D", "1x", ["x"]),
    ("\\w+", "héllo wörld", ["héllo", "wörld"]),
    ("\\W", "é!", ["!"]),
    ("\\s", "a\u{A0}b", ["\u{A0}"]),
    ("\\bcat\\b", "cat concat cat's", ["cat", "cat"]),
    ("\\bé", "é aé", ["é"]),
    ("\\Bb", "ab b", ["b"]),
    ("\\<a", "a ba", ["a"]),
    ("a\\>", "ab a", ["a"]),
    ("(?i)straße", "STRAßE", ["STRAßE"]),
    ("(?i)é", "É", ["É"]),
    ("(?i)[a-f]+", "xAbFz", ["AbF"]),
    ("(?i)[^a]", "Ab", ["b"]),
    ("a(?i)b|c", "aB C c", ["aB", "C", "c"]),
    ("a(?i:b)c", "aBc aBC", ["aBc"]),
    ("(?P<n>a)(?<m>b)", "ab", ["ab"]),
    ("\\x41\\x{1F600}\\u00e9", "A😀é", ["A😀é"]),
    ("\\.\\*\\/\\ \\-", ".*/ -", [".*/ -"]),
    ("\\t", "a\tb", ["\t"]),
    ("(a*)*", "aab", ["aa", ""]),
    ("(a*)+b", "aab", ["aab"]),
    ("(|a)+", "aa", ["", "", ""]), ("(|a)*", "aa", ["", "", ""]), ("(?:b*|aba)*", "aba", ["", "b", ""]),
    ("(a|b)*?c", "abac", ["abac"]),
    ("(?:a{0,2}){2}", "aaaaa", ["aaaa", "a"]),
    ("😀+", "x😀😀y", ["😀😀"]),
    ("x*", "é", ["", ""]),
    (
      "[\u{800}-\u{FFFF}]+", "a\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}",
      ["\u{800}\u{D7FF}\u{E000}\u{FFFF}"]
    ),
    ("a**", "aa", ["aa"]),
    ("error.*timeout", "x error: a timeout timeout!", ["error: a timeout timeout"]),
    ("[0-9]{1,3}(\\.[0-9]{1,3}){3}", "at 10.0.0.254:", ["10.0.0.254"]),
    ("^$", "", [""]),
    ("abc|abd|x|ab", "abxabdabc", ["ab", "x", "abd", "abc"]), ("ab|abc", "abc", ["ab"]),
    ("abc|ab|abd", "abd", ["ab"]),
    ("[ab]c|ad", "bcad", ["bc", "ad"]), ("ab|", "abx", ["ab", ""]),
    ("(?:foo|bar|faz)+", "foofazbarx", ["foofazbar"]),
    ("é1|é2|ü", "é2üé1", ["é2", "ü", "é1"]), ("a|a|a", "a", ["a"]), ("(?i)ab|AC", "aCAb", ["aC", "Ab"]),
    ("()", "", [""]),
    // Properties, class operators, and the flags U and x.
    ("\\p{Greek}+", "abc αβγ", ["αβγ"]), ("\\pL+", "a1é2", ["a", "é"]), ("\\P{L}+", "a12b", ["12"]),
    ("\\p{^Lu}", "Aa", ["a"]), ("[\\p{Lu}\\d]+", "aB2c", ["B2"]), ("\\p{sc=Greek}", "aα", ["α"]),
    ("[a-z&&[^aeiou]]+", "hello", ["h", "ll"]), ("[a-z--c-x]+", "abcxyz", ["ab", "yz"]),
    ("[a-c~~b-d]+", "abcd", ["a", "d"]), ("[a[xy]]+", "axyb", ["axy"]), ("[[a-c]&&b-z]", "abc", ["b", "c"]),
    ("(?U)a+", "aaa", ["a", "a", "a"]), ("(?U)a+?", "aaa", ["aaa"]),
    ("(?x) a b # both\n c", "abc", ["abc"]), ("\\d+", "7٣x", ["7٣"]),
    ("(?i)k", "K\u{212A}k", ["K", "\u{212A}", "k"]),
    ("(?i)ſ", "sS", ["s", "S"]),
  ]

  private func texts(_ pattern: Pattern, _ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return pattern.matches(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  @Test func findsWhatItsOperatorsPrefer() throws {
    for (pattern, text, expected) in Self.table {
      let found = texts(try Pattern(parsing: pattern, options: .init()), text)
      if found != expected { Issue.record("\(pattern) in \(text.debugDescription): \(found)") }
    }
  }

  @Test func optionsChangeWhatItsTextMeans() throws {
    let table: [(String, PatternOptions, String, [String])] = [
      ("a.b*", .init(isLiteral: true), "axb a.b*", ["a.b*"]),
      ("abc", .init(caseRule: .ignored), "ABC aBc", ["ABC", "aBc"]),
      ("abc", .init(caseRule: .smart), "ABC", ["ABC"]),
      ("Abc", .init(caseRule: .smart), "ABC Abc", ["Abc"]),
      ("\\Sb", .init(caseRule: .smart), "aB", ["aB"]),
      ("[A-C]b", .init(caseRule: .smart), "ab Ab", ["Ab"]),
      ("É", .init(caseRule: .smart, isLiteral: true), "é É", ["É"]),
      ("foo", .init(matchesWholeWords: true), "foobar foo_ foo-", ["foo"]),
      ("-foo", .init(matchesWholeWords: true), "x -foo", ["-foo"]),
      ("a|ab", .init(matchesWholeWords: true), "ab", ["ab"]),
      ("a|ab", .init(matchesWholeLines: true), "ab", ["ab"]),
      ("b", .init(matchesWholeLines: true), "ab", []),
      ("a", .init(isLiteral: true, matchesWholeLines: true), "a", ["a"]),
    ]
    for (pattern, options, text, expected) in table {
      let found = texts(try Pattern(parsing: pattern, options: options), text)
      if found != expected { Issue.record("\(pattern) \(options) in \(text): \(found)") }
    }
    let several = try Pattern(parsing: ["b+", "ab"], options: .init())
    #expect(texts(several, "abb") == ["ab", "b"])
    #expect(texts(try Pattern(parsing: [], options: .init()), "abc") == [])
  }

  @Test func saysWhatIsWrongAndWhere() {
    let table: [(String, PatternError.Cause, Int)] = [
      ("ab(c", .unclosedGroup, 3), ("a)", .unopenedGroup, 2), ("a[bc", .unclosedClass, 2),
      ("[]", .unclosedClass, 1), ("[^\\s\\S]", .emptyClass, 1), ("[z-a]", .reversedRange("z", "a"), 2),
      ("[[:foo:]]", .unknownClassName("foo"), 2), ("*a", .nothingToRepeat("*"), 1),
      ("a|+", .nothingToRepeat("+"), 3), ("(?i)*", .nothingToRepeat("*"), 5),
      ("a{5,2}", .reversedRepeat(5, 2), 2),
      ("a{1001}", .repeatTooLarge(1001), 2), ("\\y", .unknownEscape("\\y"), 1),
      ("\\x{110000}", .badCodePoint("\\x{110000}"), 1), ("\\xZ", .badCodePoint("\\x"), 1),
      ("a\\", .danglingBackslash, 2), ("(?y)", .unknownFlag("y"), 3), ("(?", .unclosedGroup, 1),
      ("(?=a)", .unsupported("look-ahead is"), 1), ("x(?<!a)", .unsupported("look-behind is"), 2),
      ("(a)\\1", .unsupported("back-references are"), 4), ("(?>a)", .unsupported("atomic groups are"), 1),
      ("a*+", .unsupported("possessive repeats (such as *+) are"), 3),
      ("a\\p{Nonsense}", .unknownProperty("Nonsense"), 2), ("\\p{L", .unclosedProperty, 1),
      ("[a&&b]", .emptyClass, 1), (String(repeating: "[", count: 60), .tooDeep, 52),
      ("((a{1,100}){1,100}){1,100}b", .tooLarge, 1),
      (String(repeating: "(", count: 300), .tooDeep, 201),
      ("a" + String(repeating: "*", count: 300), .tooDeep, 1),
    ]
    for (pattern, cause, column) in table {
      do throws(PatternError) {
        _ = try Pattern(parsing: pattern, options: .init())
        Issue.record("\(pattern) was taken")
      } catch {
        if error.cause != cause || error.column != column {
          Issue.record("\(pattern): \(error.cause) at \(error.column)")
        }
        if error.description.isEmpty { Issue.record("no words for \(pattern)") }
      }
    }
  }

  /// Each of these takes a backtracking engine longer than a person waits.
  @Test func noPatternTakesMoreThanLinearTime() throws {
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 10_000) + Array("!".utf8)
    for pattern in ["(a+)+$", "(a*)*b", "(a|a)*b", "(a|aa)+$", "(x+x+)+y|(a*)*b", "(.*)*=", "([a-z]+)*!!"] {
      #expect(try Pattern(parsing: pattern, options: .init()).firstMatch(in: text) == nil)
    }
    // Repeats of nothing must not be unrolled.
    #expect(try Pattern(parsing: "((){1000}){1000}{1000}", options: .init()).firstMatch(in: text) == 0..<0)
  }

  @Test func randomPatternsAndTextsNeverCrash() {
    var random = SeededGenerator(seed: 7)
    let alphabet = Array("aabé€😀[]()|*+?{}0129,^$.\\dwbs-:iA<>=!&\n ".unicodeScalars)
    for _ in 0..<3000 {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        scalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
      }
      guard let pattern = try? Pattern(parsing: String(scalars), options: .init()) else { continue }
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      for match in pattern.matches(in: bytes) where match.upperBound > bytes.count { Issue.record("outside") }
    }
  }
}
