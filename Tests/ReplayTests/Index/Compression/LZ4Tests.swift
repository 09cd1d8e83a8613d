import Platform
import Testing

@testable import Replay

@Suite struct LZ4Tests {
  private static let dictionaries = [
    SharedDictionary([]), SharedDictionary(Array("the quick brown fox jumps over the lazy dog\n".utf8)),
  ]

  private func unpack(
    _ packed: [UInt8], _ count: Int, behind dictionary: SharedDictionary = SharedDictionary([])
  ) -> [UInt8]? {
    var decoder = LZ4Decoder()
    decoder.use(dictionary)
    guard decoder.decode(packed, 0..<packed.count, count: count) else { return nil }
    return Array(decoder.bytes[decoder.start...])
  }

  /// Blocks put together by hand after lz4_Block_format.md: token, lengths, literals, offset.
  @Test(arguments: [
    ([0x00], ""), ([0x30, 0x61, 0x62, 0x63], "abc"),
    // A match that overlaps what it makes.
    ([0x14, 0x61, 0x01, 0x00, 0x10, 0x62], "aaaaaaaaab"),
    ([0x24, 0x61, 0x62, 0x02, 0x00, 0x10, 0x63], "ababababab" + "c"),
    // Lengths of fifteen and more go on in bytes of 255.
    ([0xF0, 0x01] + [UInt8](repeating: 0x78, count: 16), String(repeating: "x", count: 16)),
    (
      [0x1F, 0x79, 0x01, 0x00, 0xFF, 0x03, 0x10, 0x7A],
      String(repeating: "y", count: 1 + 4 + 15 + 255 + 3) + "z"
    ),
  ])
  func readsBlocksOfTheSpecification(_ block: [UInt8], _ text: String) {
    #expect(unpack(block, text.utf8.count).map { String(decoding: $0, as: UTF8.self) } == text)
    #expect(unpack(block, text.utf8.count + 1) == nil)
    if !text.isEmpty { #expect(unpack(block, text.utf8.count - 1) == nil) }
  }

  @Test func aMatchMayLieInTheDictionaryAndNotBeforeIt() {
    let dictionary = SharedDictionary(Array("hello\n".utf8))
    let block: [UInt8] = [0x00, 0x06, 0x00, 0x10, 0x21]
    #expect(unpack(block, 5, behind: dictionary).map { String(decoding: $0, as: UTF8.self) } == "hell!")
    #expect(unpack([0x00, 0x07, 0x00, 0x10, 0x21], 5, behind: dictionary) == nil)
    #expect(unpack([0x00, 0x00, 0x00, 0x10, 0x21], 5, behind: dictionary) == nil)
  }

  private func texts() -> [[UInt8]] {
    var random = SeededRandom(seed: 9)
    var texts: [[UInt8]] = [[], [0x0A], Array("fox".utf8), Array("the lazy dog jumps over the quick\n".utf8)]
    for length in [5, 12, 13, 17, 100, 5000, 70_000, 140_000] {
      texts.append([UInt8](repeating: 0x20, count: length))
      texts.append((0..<length).map { _ in UInt8.random(in: 0...255, using: &random) })
      var words: [UInt8] = []
      while words.count < length {
        words +=
          ["the quick ", "brown fox ", "error: ", "12", "\n", "session "][
            Int.random(in: 0..<6, using: &random)
          ].utf8
      }
      texts.append(Array(words.prefix(length)))
    }
    return texts
  }

  @Test func everyTextComesBack() {
    for dictionary in Self.dictionaries {
      var encoder = LZ4Encoder(dictionary)
      for text in texts() {
        var packed: [UInt8] = []
        encoder.encode(text, into: &packed)
        #expect(unpack(packed, text.count, behind: dictionary) == text)
        #expect(packed.count <= text.count + text.count / 255 + 16)
      }
    }
  }

  @Test func whatIsDamagedIsRefusedOrReadAndNeverReadsBeyond() {
    var random = SeededRandom(seed: 5)
    let dictionary = Self.dictionaries[1]
    var encoder = LZ4Encoder(dictionary)
    for text in texts() where text.count < 200 {
      var packed: [UInt8] = []
      encoder.encode(text, into: &packed)
      for count in packed.indices {
        #expect(unpack(Array(packed[..<count]), text.count, behind: dictionary) == nil || text.isEmpty)
      }
      for index in packed.indices {
        for bit in 0..<8 {
          var damaged = packed
          damaged[index] ^= 1 << UInt8(bit)
          if let read = unpack(damaged, text.count, behind: dictionary) { #expect(read.count == text.count) }
        }
      }
    }
    for _ in 0..<3000 {
      let noise = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      let count = Int.random(in: 0...400, using: &random)
      if let read = unpack(noise, count, behind: dictionary) { #expect(read.count == count) }
    }
  }

  @Test func aDecoderServesOneDictionaryAfterTheOther() {
    var decoder = LZ4Decoder()
    for dictionary in Self.dictionaries + Self.dictionaries {
      decoder.use(dictionary)
      var encoder = LZ4Encoder(dictionary)
      for text in texts() where text.count < 6000 {
        var packed: [UInt8] = []
        encoder.encode(text, into: &packed)
        let isRead = decoder.decode(packed, 0..<packed.count, count: text.count)
        #expect(
          isRead && decoder.start == dictionary.bytes.count && Array(decoder.bytes[decoder.start...]) == text)
      }
    }
  }
}
