import Testing

@testable import Recorder

@Suite struct MessageTypeTests {
  @Test func knownTypesHaveTheirNames() {
    let names = [
      "input_stream_data", "output_stream_data", "acknowledge", "channel_closed", "start_publication",
      "pause_publication", "agent_session_state",
    ]
    #expect(MessageType.known.map(\.description) == names)
  }

  @Test func anyPaddingIsTakenAway() {
    for type in MessageType.known + [.other(Array("interactive_shell".utf8)), .other(Array("x".utf8))] {
      let name = type.name
      let room = 32 - name.count
      let forms: [[UInt8]] = [
        name + [UInt8](repeating: 0x20, count: room), name + [UInt8](repeating: 0, count: room),
        [0x20] + name + [0x0A] + [UInt8](repeating: 0, count: room - 2),
        [UInt8](repeating: 0, count: room) + name,
      ]
      for form in forms {
        #expect(form.count == 32)
        #expect(MessageType(reading: [9, 9] + form, at: 2) == type, "\(type)")
      }
      #expect(type.padded == forms[0])
    }
  }

  @Test func namesOfTheSameLengthAreToldApart() {
    for name in [
      "input_stream_datb", "start_publicatiox", "ouput_stream_data_", "acknowledgf", "channel_closee",
    ] {
      let type = MessageType.other(Array(name.utf8))
      #expect(MessageType(reading: type.padded, at: 0) == type)
    }
  }

  @Test func aStrangeNameIsHarmlessToPrint() {
    #expect(MessageType.other([0x1B, 0x5B, 0x32, 0x4A, 0xFF]).description == "?[2J?")
  }

  @Test func aNameWithoutAnyPaddingFillsTheField() {
    let type = MessageType.other([UInt8](repeating: 0x61, count: 32))
    #expect(MessageType(reading: type.padded, at: 0) == type)
    #expect(MessageType.other([UInt8](repeating: 0x61, count: 40)).padded == type.padded)
  }
}
