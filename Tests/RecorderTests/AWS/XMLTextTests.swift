import Testing

@testable import Recorder

@Suite struct XMLTextTests {
  @Test func elementsAreFoundByName() {
    let text = """
      <?xml version="1.0"?><!-- <b>no</b> --><a x="<1>"><b>1 &lt; 2 &amp; &#65;&#x42; &quot;&apos;</b><c/><d>
      x</d></a>
      """.replacing("<1>", with: "1")
    let xml = XMLText(Array(text.utf8))
    #expect(xml.text("b") == "1 < 2 & AB \"'" && xml.text("c") == "" && xml.text("d") == "\nx")
    #expect(xml.text("a") == nil && xml.text("none") == nil)
  }

  @Test func whatIsMalformedIsNothing() {
    let cases = [
      "<a>", "<a", "<a></b>", "</a>", "<a>&none;</a>", "<a>&#xD800;</a>", "<a>&amp</a>", "", "<>x</>",
      "<!-- <a>1</a>", "<a><b></a></b>", String(repeating: "<b>", count: 40) + "<a>1</a>",
    ]
    for text in cases { #expect(XMLText(Array(text.utf8)).text("a") == nil, "\(text)") }
  }

  @Test func anyBytesEnd() {
    var random = SeededRandom(31)
    let sample = Array("<?xml?><a><b>1&lt;</b><AccessKeyId>K</AccessKeyId></a>".utf8)
    for length in 0...sample.count { _ = XMLText(Array(sample[..<length])).text("AccessKeyId") }
    for _ in 0..<2000 {
      var bytes = sample
      bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      _ = XMLText(bytes).text("AccessKeyId")
      _ = XMLText(random.bytes(Int(random.next() % 60))).text("a")
    }
  }
}
