import Testing

@testable import Recorder

@Suite struct OpenDataChannelInputTests {
  @Test func readsAndWritesTheOfficialText() throws {
    let bytes = try ChannelVector.named("open_data_channel_client_text_frame").bytes
    let input = try #require(OpenDataChannelInput(parsing: bytes))
    #expect(input.token == "AAEAAtoken==")
    #expect(input.requestID == "00112233-4455-4677-8899-aabbccddeeff")
    #expect(input.clientID == "dd01e56b-ff48-483e-a508-b5f073f31b16")
    #expect(input.encoded() == bytes)
  }

  @Test func theAgentsVariantHasNoVersion() throws {
    let bytes = try ChannelVector.named("open_data_channel_agent_text_frame").bytes
    #expect(OpenDataChannelInput(parsing: bytes)?.clientVersion == nil)
  }

  @Test func withoutATokenItIsNothing() throws {
    let bytes = try ChannelVector.named("open_data_channel_client_text_frame").bytes
    for count in bytes.indices { #expect(OpenDataChannelInput(parsing: Array(bytes.prefix(count))) == nil) }
    #expect(OpenDataChannelInput(parsing: Array("{\"TokenValue\":1}".utf8)) == nil)
  }

  @Test func neverShowsItsToken() {
    let input = OpenDataChannelInput(requestID: "r", token: "sesame", clientID: "c", clientVersion: nil)
    var dumped = ""
    dump(input, to: &dumped)
    #expect(!"\(input) \(String(reflecting: input)) \(dumped)".contains("sesame"))
  }
}
