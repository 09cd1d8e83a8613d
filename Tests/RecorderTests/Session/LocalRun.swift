import Format
import Platform

@testable import Recorder

/// One session with a script at its keyboard.
struct LocalRun {
  var result: RecordedSession.Result
  var response: StartSessionResponse
  var shownBytes: [UInt8]
  var complaints: [String]
  var terminated: Bool
  private let path: String

  var shown: String { String(decoding: shownBytes, as: UTF8.self) }

  init(
    typing: String, request: JSON = ["Target": "local"], input: InputPolicy = .masked,
    outputPath: String? = nil, failPolicy: FailPolicy = .strict, cutAfter limit: Int? = nil,
    target: String? = "local", acknowledgesKeyChallenge: Bool = true,
    configure: (inout AgentConfiguration) -> Void = { _ in }
  ) throws {
    let environment = Environment(["PATH": "/usr/bin:/bin", "HOME": "/tmp", "PS1": "$ "])
    var configuration = AgentConfiguration.local(environment: environment)
    configuration.program = ProgramInvocation("/bin/sh", environment: environment)
    configure(&configuration)
    let agent = try LocalAgent.start(configuration)
    defer { agent.stop() }
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-test-")
    let response = try StartSessionResponse(
      json: try AgentTestClient.call(agent, "StartSession", request).json(status: 200))
    self.response = response
    var settings = try RecorderSettings(
      environment: Environment(["SSMCAST_DIR": folder, "HOME": folder]), flags: [:])
    settings.input = input
    settings.acknowledgesKeyChallenge = acknowledgesKeyChallenge
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
      access: account.access(to: response, target: target, settings: settings),
      settings: settings, outputPath: outputPath, policy: .plugin, environment: environment,
      fallbackSize: WindowSize(columns: 80, rows: 24),
      voice: SessionVoice(output: { _ in }, ports: { _ in }, aside: { _ in }, isStream: nil),
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
}
