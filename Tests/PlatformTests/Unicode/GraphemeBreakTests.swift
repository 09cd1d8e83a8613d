import Platform
import Testing

@Suite("Grapheme clusters")
struct GraphemeBreakTests {
  static func clusters(_ scalars: [UInt32]) -> [Int] {
    var breaker = GraphemeBreaker()
    var counts: [Int] = []
    for scalar in scalars {
      if breaker.isBoundary(before: scalar) { counts.append(1) } else { counts[counts.count - 1] += 1 }
    }
    return counts
  }

  @Test(
    "what a reader takes for one character",
    arguments: [
      ([0x41, 0x42], [1, 1]),
      ([0x65, 0x301, 0x302, 0x41], [3, 1]),
      ([0x0D, 0x0A, 0x0A], [2, 1]),
      ([0x1F468, 0x200D, 0x1F469, 0x200D, 0x1F467, 0x1F468], [5, 1]),
      ([0x1F44D, 0x1F3FD, 0x1F44D], [2, 1]),
      ([0x2764, 0xFE0F, 0x200D, 0x1F525], [4]),
      ([0x1F1E9, 0x1F1EA, 0x1F1EB, 0x1F1F7, 0x1F1E9], [2, 2, 1]),
      ([0x41, 0x200D, 0x1F525], [2, 1]),
      ([0x1F469, 0x200D, 0x200D, 0x1F469], [4]),
      ([0x1100, 0x1161, 0x11A8, 0x1100], [3, 1]),
      ([0x0915, 0x093F], [2]),
    ] as [([UInt32], [Int])])
  func clusters(scalars: [UInt32], counts: [Int]) {
    #expect(Self.clusters(scalars) == counts)
  }

  @Test("the conformance test of UAX #29", .enabled(if: UnicodeDatabase.isInstalled))
  func conformance() throws {
    var count = 0
    for line in try UnicodeDatabase.lines("auxiliary/GraphemeBreakTest.txt") where line.hasPrefix("÷") {
      let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
      var expected: [Int] = []
      var scalars: [UInt32] = []
      for (index, word) in words.enumerated() {
        guard let scalar = UInt32(word, radix: 16) else { continue }
        scalars.append(scalar)
        if words[index - 1] == "÷" { expected.append(1) } else { expected[expected.count - 1] += 1 }
      }
      #expect(Self.clusters(scalars) == expected, "\(line)")
      count += 1
    }
    #expect(count > 600)
  }
}
