import Testing

@testable import Recorder

@Suite struct UTF8CheckerTests {
  /// Kuhn's stress test in short, and Autobahn's cases 6.
  @Test func saysWhichByteIsWrong() {
    let cases: [(bytes: [UInt8], wrongAt: Int?)] = [
      ([], nil), ([0x00, 0x7F], nil), ([0xC2, 0x80], nil), ([0xDF, 0xBF], nil), ([0xE0, 0xA0, 0x80], nil),
      ([0xED, 0x9F, 0xBF], nil), ([0xEE, 0x80, 0x80], nil), ([0xEF, 0xBF, 0xBF], nil),
      ([0xF0, 0x90, 0x80, 0x80], nil), ([0xF4, 0x8F, 0xBF, 0xBF], nil),
      ([0x80], 0), ([0xBF], 0), ([0x61, 0x80], 1), ([0xC0, 0xAF], 0), ([0xC1, 0xBF], 0),
      ([0xC2, 0x41], 1), ([0xC2, 0xC2], 1), ([0xE0, 0x9F, 0xBF], 1), ([0xE0, 0x80, 0x80], 1),
      ([0xED, 0xA0, 0x80], 1), ([0xED, 0xBF, 0xBF], 1), ([0xE1, 0x80, 0x7F], 2),
      ([0xF0, 0x8F, 0xBF, 0xBF], 1),
      ([0xF4, 0x90, 0x80, 0x80], 1), ([0xF5, 0x80, 0x80, 0x80], 0), ([0xF8, 0x88, 0x80, 0x80, 0x80], 0),
      ([0xFE], 0), ([0xFF], 0), ([0xCE, 0xBA, 0xE1, 0xBD, 0xB9, 0xF4, 0x90, 0x80], 6),
    ]
    for (bytes, wrongAt) in cases {
      var checker = UTF8Checker()
      #expect(checker.check(bytes) == wrongAt, "\(bytes)")
      if wrongAt == nil { #expect(checker.isComplete, "\(bytes)") }
    }
  }

  @Test func everyCharacterIsFineAndItsPrefixesAreIncomplete() {
    var mistakes: [UInt32] = []
    for value in stride(from: UInt32(0), through: 0x10FFFF, by: 61) {
      guard let scalar = UnicodeScalar(value) else { continue }
      let bytes = Array(String(Character(scalar)).utf8)
      for count in 1...bytes.count {
        var checker = UTF8Checker()
        let isFine = checker.check(Array(bytes.prefix(count))) == nil
        if !isFine || checker.isComplete != (count == bytes.count) { mistakes.append(value) }
      }
    }
    #expect(mistakes.isEmpty)
  }

  @Test func agreesWithTheStandardLibraryOnRandomBytesInPieces() {
    var random = WireRandom(seed: 1)
    let alphabet: [UInt8] = [
      0x41, 0x80, 0xBF, 0xC2, 0xE0, 0xA0, 0xED, 0x9F, 0xF0, 0x90, 0xF4, 0x8F, 0xC0, 0xF5,
    ]
    var mistakes = 0
    for _ in 0..<5000 {
      let bytes = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      var checker = UTF8Checker()
      let isFine = random.pieces(of: bytes, longest: 3).allSatisfy { checker.check($0) == nil }
      if (isFine && checker.isComplete) != (String(validating: bytes, as: UTF8.self) != nil) { mistakes += 1 }
    }
    #expect(mistakes == 0)
  }
}
