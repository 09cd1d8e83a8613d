import Format
import Platform
import Testing

@testable import Replay

/// The connections of a port session, as `show` lists them.
@Suite struct PortStreamTests {
  private func streams(_ texts: [String]) -> [PortStream] {
    var streams = PortStreams()
    for (index, text) in texts.enumerated() {
      streams.add(Event(microseconds: Int64(index) * 1_000_000, code: .port, bytes: Array(text.utf8)))
    }
    return streams.streams
  }

  @Test func eventsOfAStreamBecomeOneLine() {
    let found = streams([
      #"{"stream":3,"event":"open","from":"127.0.0.1:5"}"#,
      #"{"stream":5,"event":"open","from":"127.0.0.1:6"}"#, #"{"stream":5,"event":"refused"}"#,
      #"{"stream":3,"event":"data","direction":"sent","bytes":1,"base64":"eA=="}"#,
      #"{"stream":3,"event":"close","sent":{"bytes":78,"sha256":"ab"},"received":{"bytes":5120,"sha256":"cd"}}"#,
    ])
    #expect(found.count == 2 && found[1].isRefused && found[1].closed == nil)
    #expect(found[0].text.contains("stream 3") && found[0].text.contains("from 127.0.0.1:5"))
    #expect(found[0].text.contains("sent 78 B") && found[0].closed == 4_000_000)
    #expect(found[0].json["received"]?["sha256"]?.string == "cd" && found[0].json["closed"]?.text == "4")
    #expect(found[1].text.contains("refused") && found[1].text.contains("not closed"))
  }

  @Test(arguments: [
    "", "{", "[]", "{}", #"{"stream":"3","event":"open"}"#, #"{"stream":9,"event":"close"}"#,
    #"{"stream":9,"event":"refused"}"#, #"{"stream":99999999999999999999,"event":"open"}"#,
  ])
  func whatIsNoneOfOursChangesNothing(_ text: String) { #expect(streams([text]).isEmpty) }

  @Test func theListIsBounded() {
    let many = (0..<PortStream.limit + 5).map { #"{"stream":\#($0),"event":"open"}"# }
    #expect(streams(many).count == PortStream.limit)
  }
}
