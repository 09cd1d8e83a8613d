import Platform
import Testing

@testable import Replay

@Suite struct SharedDictionaryTests {
  private func texts(_ count: Int, common: String) -> [[UInt8]] {
    var random = SeededRandom(seed: 3)
    return (0..<count).map { number in
      var text: [UInt8] = []
      for _ in 0..<200 {
        text += common.utf8
        text += (0..<20).map { _ in UInt8.random(in: 0x61...0x7A, using: &random) }
        text.append(0x0A)
      }
      return text
    }
  }

  @Test func holdsWhatTheTextsHaveInCommon() {
    let common = "Nov 24 10:00:00 host sshd[]: Accepted publickey for root from port ssh2"
    let texts = texts(40, common: common)
    let dictionary = SharedDictionary(for: texts)
    #expect(ByteSearch.first(Array(common.utf8.dropFirst(8).dropLast(8)), in: dictionary.bytes) != nil)
    #expect(dictionary.bytes.last == 0x0A)
    #expect(dictionary.bytes.count <= texts.reduce(0) { $0 + $1.count } / 32)
    func size(_ dictionary: SharedDictionary) -> Int {
      var encoder = LZ4Encoder(dictionary)
      return texts.reduce(0) { sum, text in
        var packed: [UInt8] = []
        encoder.encode(Array(text.prefix(300)), into: &packed)
        return sum + packed.count
      }
    }
    #expect(size(dictionary) < size(SharedDictionary([])))
  }

  @Test(
    arguments: [
      [], [[]], [Array("one text alone".utf8)], [[0x0A], [0x0A]], [[UInt8](repeating: 0x61, count: 70_000)],
    ] as [[[UInt8]]])
  func isEmptyWhereNothingIsCommon(_ texts: [[UInt8]]) {
    #expect(SharedDictionary(for: texts).bytes.isEmpty)
  }

  @Test func staysWithinItsLimit() {
    let dictionary = SharedDictionary(for: texts(1200, common: "a line that stands in every text of them"))
    #expect(dictionary.bytes.count <= SharedDictionary.byteLimit)
  }
}
