import Format
import Platform
import Testing

@testable import Recorder

/// The command documents through the whole recorder.
@Suite(.serialized) struct RecordedCommandTests {
  private func request(_ document: String, _ command: String) -> JSON {
    [
      "Target": "local", "DocumentName": .string(document), "Parameters": ["command": [.string(command)]],
    ]
  }

  @Test func aCommandsStreamsAndStatusAreRecordedApart() throws {
    let run = try LocalRun(
      typing: "",
      request: request("AWS-StartNonInteractiveCommand", "sh -c 'echo out; sleep 0.2; echo err >&2; exit 7'"))
    #expect(run.result == .ended(exitCode: 7))
    #expect(run.shown == "out\nerr\nEXIT_CODE: 7")
    let events = try run.events()
    func bytes(_ code: Event.Code) -> String {
      String(decoding: events.filter { $0.code == code }.flatMap(\.bytes), as: UTF8.self)
    }
    #expect(bytes(.output) == "out\n" && bytes(.standardError) == "err\n" && bytes(.exit) == "7")
    let states = events.filter { $0.code == .state }.map(\.text).joined()
    #expect(states.contains("handshake") && states.contains("NonInteractiveCommands"))
  }

  @Test func anInteractiveCommandHasNoStatusOfItsOwn() throws {
    let run = try LocalRun(typing: "", request: request("AWS-StartInteractiveCommand", "echo hi; exit 7"))
    #expect(run.result == .ended(exitCode: nil))
    #expect(run.shown == "hi\r\n")
    #expect(try run.events().filter { $0.code == .output }.flatMap(\.bytes) == run.shownBytes)
  }
}
