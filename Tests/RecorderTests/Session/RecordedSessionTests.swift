import Format
import Platform
import Testing

@testable import Recorder

/// A recorded session against the embedded service, the whole way: API, TLS, WebSocket, channel, pty, file.
@Suite(.serialized) struct RecordedSessionTests {
  @Test func recordsWhatTheShellShowed() throws {
    let run = try LocalRun(typing: "echo he''llo\nexit\n")
    #expect(run.result == .ended(exitCode: nil))
    let events = try run.events()
    #expect(
      run.shown.contains("hello"), "\(run.complaints), \(events.map { "\($0.microseconds) \($0.text)" })")
    let output = events.filter { $0.code == .output }.flatMap(\.bytes)
    #expect(output == Array(run.shownBytes))
    #expect(events.last?.code == .state && events.last?.text.contains("closed") == true)
    let typed = String(decoding: events.filter { $0.code == .input }.flatMap(\.bytes), as: UTF8.self)
    #expect(typed.hasPrefix("echo he''llo\n"), "what the terminal showed is kept")
  }

  @Test func keepsEveryKeyWhenAskedTo() throws {
    let run = try LocalRun(typing: "true\nexit\n", input: .full)
    let typed = try run.events().filter { $0.code == .input }.flatMap(\.bytes)
    #expect(typed == Array("true\nexit\n".utf8))
  }

  @Test func neitherTokenNorAddressIsInTheRecording() throws {
    let run = try LocalRun(typing: "exit\n", input: .full)
    let text = try run.plainText()
    #expect(!text.contains(run.response.tokenValue) && !text.contains("role=publish"))
    #expect(text.contains(run.response.sessionID))
  }

  @Test func aTakenPathEndsTheSessionUnderStrict() throws {
    let run = try LocalRun(typing: "exit\n", outputPath: "/dev/null/x")
    #expect(run.result == .recordingFailed && run.terminated)
  }

  @Test(arguments: [2_000, 5_000, 12_000, 20_000])
  func aLostConnectionIsResumedWithoutALostByte(afterBytes limit: Int) throws {
    let script =
      "stty -echo; i=0; while [ $i -lt 900 ]; do echo line-$i-abcdefghijkl; i=$((i+1)); done\nexit\n"
    let run = try LocalRun(typing: script, cutAfter: limit)
    #expect(run.result == .ended(exitCode: nil))
    let lines = run.shown.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("line-") }
    #expect(lines == (0..<900).map { "line-\($0)-abcdefghijkl" })
    let events = try run.events()
    #expect(events.filter { $0.code == .output }.flatMap(\.bytes) == run.shownBytes)
    let states = events.filter { $0.code == .state }.map(\.text).joined()
    #expect(states.contains("disconnected") && states.contains("resumed"))
  }

  @Test func bestEffortGoesOnWithoutARecording() throws {
    let run = try LocalRun(typing: "echo he''llo\nexit\n", outputPath: "/dev/null/x", failPolicy: .bestEffort)
    #expect(run.result == .ended(exitCode: nil) && run.shown.contains("hello"))
    #expect(run.complaints.count == 1)
  }
}
