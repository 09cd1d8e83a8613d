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

  @Test func anEncryptedSessionIsRecordedInClearWithItsKeysName() throws {
    for document in ["SSM-SessionManagerRunShell", "AWS-StartNonInteractiveCommand"] {
      let isShell = document.hasPrefix("SSM")
      let run = try LocalRun(
        typing: isShell ? "echo he''llo\nexit\n" : "",
        request: isShell ? ["Target": "local"] : request(document, "sh -c 'echo hello; echo no >&2; exit 7'"),
        configure: { $0.kms = true })
      #expect(run.result == .ended(exitCode: isShell ? nil : 7), "\(run.complaints)")
      #expect(
        run.shown.hasPrefix("This session is encrypted using AWS KMS.\n") && run.shown.contains("hello"))
      let events = try run.events()
      let output = String(decoding: events.filter { $0.code == .output }.flatMap(\.bytes), as: UTF8.self)
      #expect(output.contains("hello"))
      #expect(events.filter { $0.code == .exit }.map(\.text) == (isShell ? [] : ["7"]))
      let states = try events.filter { $0.code == .state }.map { try JSON(parsing: $0.bytes) }
      let handshake = states.first { $0["state"] == "handshake" }
      #expect(handshake?["kms_key_id"]?.string?.hasPrefix("arn:aws:kms:us-east-1:000000000000:key/") == true)
      #expect(states.first { $0["state"] == "started" }?["encrypted"] == true)
    }
  }

  @Test func theChallengeIsLeftOutOnRequest() throws {
    let hello = request("AWS-StartInteractiveCommand", "echo hello")
    let lenient = try LocalRun(
      typing: "", request: hello, acknowledgesKeyChallenge: false, configure: { $0.kms = true })
    #expect(lenient.result == .ended(exitCode: nil) && lenient.shown.contains("hello"))
    let strict = try LocalRun(
      typing: "", request: hello, acknowledgesKeyChallenge: false,
      configure: { ($0.kms, $0.requiresKeyChallenge) = (true, true) })
    #expect(strict.result == .failed && strict.shown == "")
  }

  @Test func aSessionWhoseKeyIsBoundToAnotherTargetFailsWithTheAgentsWords() throws {
    let run = try LocalRun(typing: "", target: "i-0123", configure: { $0.kms = true })
    #expect(run.result == .failed && run.shown == "")
    let closed = try run.events().last.map { try JSON(parsing: $0.bytes) }
    #expect(closed?["state"] == "closed")
    #expect(closed?["output"]?.string?.contains("Fetching data key failed") == true)
    let unknown = try LocalRun(typing: "", target: nil, configure: { $0.kms = true })
    #expect(unknown.result == .failed)
    let states = try unknown.events().map(\.text).joined()
    #expect(states.contains("refused") && states.contains("KMSEncryption failed on client with status 2"))
  }

  @Test func anInteractiveCommandHasNoStatusOfItsOwn() throws {
    let run = try LocalRun(typing: "", request: request("AWS-StartInteractiveCommand", "echo hi; exit 7"))
    #expect(run.result == .ended(exitCode: nil))
    #expect(run.shown == "hi\r\n")
    #expect(try run.events().filter { $0.code == .output }.flatMap(\.bytes) == run.shownBytes)
  }
}
