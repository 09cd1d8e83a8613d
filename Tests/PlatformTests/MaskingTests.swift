import Platform
import Testing

@Suite struct MaskingTests {
  @Test func masksAsTheDefinitionSaysFromAnyStartInAnyPieces() {
    let key: UInt32 = 0x0102_04F8
    let keyBytes: [UInt8] = [0x01, 0x02, 0x04, 0xF8]
    for count in 0...40 {
      for start in 0...min(count, 5) {
        let original = (0..<count).map { UInt8($0 &* 3) }
        var expected = original
        for index in start..<count { expected[index] ^= keyBytes[(index - start) & 3] }

        var whole = original
        whole.mask(with: key, from: start)
        #expect(whole == expected)

        let cut = (count - start) / 3
        var tail = Array(original.suffix(count - start - cut))
        tail.mask(with: key, from: 0, phase: cut)
        #expect(tail == Array(expected.suffix(count - start - cut)))
      }
    }
  }
}
