import Testing

@testable import Recorder

@Suite struct AcknowledgementTests {
  @Test func writesWhatTheOfficialEndsWrite() throws {
    let client = try ChannelVector.named("acknowledge_of_output_seq7").payload
    let idB = try #require(MessageID(text: "dd01e56b-ff48-483e-a508-b5f073f31b16"))
    #expect(Acknowledgement(type: .outputStreamData, messageID: idB, sequenceNumber: 7).encoded() == client)
    let agent = try ChannelVector.named("acknowledge_agent_of_input_seq0").payload
    let idA = try #require(MessageID(text: "00112233-4455-4677-8899-aabbccddeeff"))
    #expect(Acknowledgement(type: .inputStreamData, messageID: idA, sequenceNumber: 0).encoded() == agent)
  }

  @Test func readsTheNumberInAnyForm() {
    let official =
      #"{"AcknowledgedMessageType":"input_stream_data","AcknowledgedMessageId":"00112233-4455-4677-8899-aabbccddeeff","AcknowledgedMessageSequenceNumber":"#
    let cases: [(text: String, number: Int64?)] = [
      (official + #"0,"IsSequentialMessage":true}"#, 0),
      (official + #"1234567,"IsSequentialMessage":false}"#, 1_234_567),
      (official + #"9223372036854775807,"IsSequentialMessage":true}"#, Int64.max),
      (official + #"9223372036854775808,"IsSequentialMessage":true}"#, nil),
      (official + #"-1,"IsSequentialMessage":true}"#, -1),
      (official + #"12}"#, 12), (official + #"1.5}"#, nil), (official + #""12"}"#, nil),
      (#"{ "AcknowledgedMessageSequenceNumber" : 41 }"#, 41),
      (#"{"IsSequentialMessage":true,"AcknowledgedMessageSequenceNumber":5,"AcknowledgedMessageId":""}"#, 5),
      (#"{"AcknowledgedMessageType":"a\"b","AcknowledgedMessageSequenceNumber":3}"#, 3),
      ("{}", nil), ("", nil), ("[]", nil), ("null", nil),
    ]
    for (text, number) in cases {
      #expect(Acknowledgement.sequenceNumber(in: Array(text.utf8)) == number, "\(text)")
    }
  }

  @Test func noPrefixAndNoFlippedByteCrashes() {
    let id = MessageID(high: 1, low: 2)
    let payload = Acknowledgement(type: .outputStreamData, messageID: id, sequenceNumber: 31).encoded()
    #expect(Acknowledgement.sequenceNumber(in: payload) == 31)
    for count in payload.indices {
      #expect(Acknowledgement.sequenceNumber(in: Array(payload.prefix(count))) == nil)
      var flipped = payload
      flipped[count] ^= 0xFF
      _ = Acknowledgement.sequenceNumber(in: flipped)
    }
  }
}
