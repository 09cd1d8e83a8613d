import Format
import Platform
import Testing

@testable import Recorder

/// A recorded session against the embedded service, the whole way: API, TLS, WebSocket, channel, pty, file.
@Suite(.serialized) struct RecordedSessionTests {
  @Test func recordsWhatTheShellShowed() throws {
    let run = try LocalRun(typing: "echo he''llo\nexit\n")
    #expect(run.result == .ended(exitCode: nil))
    #expect(run.shown.contains("hello"))
    let events = try run.events()
    let output = events.filter { $0.code == .output }.flatMap(\.bytes)
    #expect(output == Array(run.shownBytes))
    #expect(events.last?.code == .state && events.last?.text.contains("closed") == true)
    #expect(!events.contains { $0.code == .input })
    #expect(events.contains { $0.code == .state && $0.text.contains("withheld") })
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

/// One session with a script at its keyboard.
private struct LocalRun {
  var result: RecordedSession.Result
  var response: StartSessionResponse
  var shownBytes: [UInt8]
  var complaints: [String]
  var terminated: Bool
  private let path: String

  var shown: String { String(decoding: shownBytes, as: UTF8.self) }

  init(
    typing: String, input: InputPolicy = .masked, outputPath: String? = nil, failPolicy: FailPolicy = .strict,
    cutAfter limit: Int? = nil
  ) throws {
    let environment = Environment(["PATH": "/usr/bin:/bin", "HOME": "/tmp", "PS1": "$ "])
    var configuration = AgentConfiguration.local(environment: environment)
    configuration.program = ProgramInvocation("/bin/sh", environment: environment)
    let agent = try LocalAgent.start(configuration)
    defer { agent.stop() }
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-test-")
    let time = SystemTime()
    let response = try Self.startSession(agent, time: time)
    self.response = response
    var settings = try RecorderSettings(
      environment: Environment(["SSMCAST_DIR": folder, "HOME": folder]), flags: [:])
    settings.input = input
    settings.failPolicy = failPolicy
    var streamed = response
    var relay: CuttingRelay?
    if let limit {
      let url = try URLParts(parsing: response.streamURL)
      let between = try CuttingRelay(to: url.port, afterBytes: limit)
      let address = URLParts(
        scheme: url.scheme, host: url.host, port: between.port, path: url.path, query: url.query)
      streamed = StartSessionResponse(
        sessionID: response.sessionID, tokenValue: response.tokenValue, streamURL: address.text)
      relay = between
    }
    defer { relay?.join() }
    let account = try AWSAccount(agent)
    let facts = SessionFacts(sessionID: response.sessionID, target: "local", program: "test")
    let log = Log()
    let keys = try DescriptorPair.pipe()
    let screen = try File.open(folder + "/screen", for: .creating(permissions: 0o600))
    try keys.second.writeAll(Array(typing.utf8))
    let session = RecordedSession(
      response: streamed, facts: facts,
      access: account.access(to: response, timeouts: settings.timeouts),
      settings: settings, outputPath: outputPath, policy: .plugin, environment: environment,
      fallbackSize: WindowSize(columns: 80, rows: 24), announce: { _ in },
      complain: { log.complaints.append($0) }, report: { log.complaints.append("\($0)") },
      saved: { _ in }, terminate: { log.terminated = true })
    let terminal = SessionTerminal(input: try keys.first.duplicate(), output: screen)
    result = session.run(terminal: terminal)
    shownBytes = try File.read(folder + "/screen")
    complaints = log.complaints
    terminated = log.terminated
    path = try RecordingFolder(path: folder).recordings().first ?? ""
  }

  func events() throws -> [Event] {
    let reader = try RecordingReader(path: path)
    var events: [Event] = []
    while let event = try reader.nextEvent() { events.append(event) }
    return events
  }

  /// The recording as `zcat` prints it, as far as its first member goes.
  func plainText() throws -> String {
    let reader = try RecordingReader(path: path)
    var text = reader.header.session?.text ?? ""
    while let event = try reader.nextEvent() { text += event.text }
    return text
  }

  private final class Log {
    var complaints: [String] = []
    var terminated = false
  }

  private static func startSession(_ agent: LocalAgent, time: SystemTime) throws -> StartSessionResponse {
    let url = try URLParts(parsing: agent.endpoint)
    var request = HTTPRequest(
      method: "POST", target: "/",
      fields: [
        "Host": url.hostField, "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonSSM.StartSession",
      ], body: Array(#"{"Target":"local"}"#.utf8))
    SigV4.sign(&request, with: agent.credentials, region: agent.region, service: "ssm", at: time.timestamp)
    let connection = try Connection(
      to: url, trust: try TLSContext.client(trust: .system), proxy: .none, now: time.instant)
    let answer = try connection.exchange(
      request, deadline: time.instant.advanced(byMicroseconds: 5_000_000), time: time)
    return try StartSessionResponse(json: try JSON(parsing: answer.body))
  }
}
