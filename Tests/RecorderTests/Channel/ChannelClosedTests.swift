import Testing

@testable import Recorder

@Suite struct ChannelClosedTests {
  @Test func readsAndWritesTheServicesText() throws {
    let payload = try ChannelVector.named("channel_closed_empty_output").payload
    let closed = ChannelClosed(parsing: payload)
    #expect(closed.createdMilliseconds == 1_700_000_000_123)
    #expect(closed.destinationID == "i-0123456789abcdef0")
    #expect(closed.output == "")
    #expect(closed.encoded() == payload)
  }

  @Test func aGarbledOneStillClosesWithoutAReason() throws {
    let payload = try ChannelVector.named("channel_closed_empty_output").payload
    for count in payload.indices {
      #expect(ChannelClosed(parsing: Array(payload.prefix(count))).output == "")
    }
    #expect(ChannelClosed(parsing: Array("{\"Output\":\"gone\"}".utf8)).output == "gone")
  }
}
