import Platform
import Testing

@Suite struct EditDistanceTests {
  @Test func countsInsertionsDeletionsSubstitutionsAndSwaps() {
    let cases: [(String, String, Int)] = [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1),
      ("kitten", "sitting", 3), ("grpe", "grep", 1), ("ab", "ba", 1),
    ]
    for (left, right, distance) in cases {
      #expect(EditDistance.between(left, right) == distance, "\(left) \(right)")
    }
  }

  @Test func namesTheNearestAndOnlyWhatIsNear() {
    let names = ["grep", "commands", "export", "import", "screen", "show", "ls"]
    let cases: [(String, String?)] = [
      ("grpe", "grep"), ("exprot", "export"), ("EXPORT", "export"), ("comand", "commands"), ("scr", "screen"),
      ("zzzz", nil), ("", nil), ("sl", "ls"), (String(repeating: "x", count: 1 << 20), nil),
    ]
    for (word, nearest) in cases {
      #expect(EditDistance.nearest(to: word, among: names) == nearest, "\(word.prefix(20))")
    }
  }
}
