import Testing

@testable import Recorder

@Suite struct MessageIDTests {
  @Test func readsAndWritesTheTextForm() {
    let text = "00112233-4455-4677-8899-aabbccddeeff"
    let id = MessageID(high: 0x0011_2233_4455_4677, low: 0x8899_AABB_CCDD_EEFF)
    #expect(id.description == text)
    #expect(MessageID(text: text) == id)
    #expect(MessageID(text: text.uppercased()) == id)
  }

  @Test func everythingElseIsNoID() {
    let text = "00112233-4455-4677-8899-aabbccddeeff"
    for count in 0..<text.count { #expect(MessageID(text: String(text.prefix(count))) == nil) }
    for wrong in [
      text + "0", text + "-", "{\(text)}", "001122334-455-4677-8899-aabbccddeeff",
      "g0112233-4455-4677-8899-aabbccddeeff", "00112233445546778899aabbccddeeff",
    ] {
      #expect(MessageID(text: wrong) == nil, "\(wrong)")
    }
  }

  @Test func newIDsAreVersionFourAndDiffer() {
    var random = WireRandom(seed: 12)
    var source = MessageIDSource(random: &random)
    var seen: Set<MessageID> = []
    var wrong = 0
    for _ in 0..<10_000 {
      let id = source.next()
      let text = Array(id.description.utf8)
      if text[14] != UInt8(ascii: "4") || !"89ab".utf8.contains(text[19]) { wrong += 1 }
      seen.insert(id)
    }
    #expect(wrong == 0 && seen.count == 10_000)
  }
}
