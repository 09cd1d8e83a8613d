import Platform

@testable import Recorder

/// A client made of the recorder's own parts: calls the API, opens a data channel, and keeps what comes.
final class AgentTestClient {
  struct Failure: Error, CustomStringConvertible { let description: String }

  let agent: LocalAgent
  let sessionID: String
  /// Where keys of encrypted sessions come from: the agent's own key management, unless a test has other ideas.
  var key: (KeyRequest) throws -> KeyAnswer
  private(set) var messages: [String] = []
  private(set) var failure: ChannelError?
  var isEncrypted: Bool { channel.isEncrypted }
  private let tls: TLSContext
  private var channel: DataChannel
  private var connection: Connection?
  private var answer = HTTPResponseParser(answerTo: "GET")
  private var upgrade = WebSocketUpgrade.Client()
  private var webSocket: WebSocket?
  private(set) var output: [UInt8] = []
  private(set) var standardError: [UInt8] = []
  private(set) var exitCode: Int32?
  /// The session's type, once it has started.
  var sessionType: SessionType? { channel.sessionType }
  /// Why the session is over, from channel_closed.
  private(set) var closed: String?
  private(set) var closeCode: UInt16?
  private(set) var closeReason = ""
  /// The status of an upgrade that was refused.
  private(set) var refusal: Int?

  /// Starts a session and opens its channel.
  convenience init(_ agent: LocalAgent, _ request: JSON = ["Target": "local"]) throws {
    let response = try StartSessionResponse(
      json: try Self.call(agent, "StartSession", request).json(status: 200))
    try self.init(agent, response)
  }

  /// Starts a session of one command.
  convenience init(_ agent: LocalAgent, running command: String) throws {
    try self.init(
      agent,
      [
        "Target": "local", "DocumentName": "AWS-StartInteractiveCommand",
        "Parameters": ["command": [.string(command)]],
      ])
  }

  /// Starts a session of one command without a terminal.
  convenience init(_ agent: LocalAgent, piping command: String, _ parameters: [JSON.Member] = []) throws {
    let command = JSON.Member("command", [.string(command)])
    try self.init(
      agent,
      [
        "Target": "local", "DocumentName": "AWS-StartNonInteractiveCommand",
        "Parameters": .object([command] + parameters),
      ])
  }

  init(_ agent: LocalAgent, _ response: StartSessionResponse) throws {
    self.agent = agent
    sessionID = response.sessionID
    let id = response.sessionID
    key = { try Self.key($0, of: id, at: agent) }
    tls = try TLSContext.client(trust: .certificates(pem: agent.authorityPEM))
    let time = SystemTime()
    channel = DataChannel(clientVersion: "1.2.900.0", now: time.instant, timestamp: time.timestamp)
    try connect(response, opening: channel.open(token: response.tokenValue))
  }

  private var opening: [UInt8] = []

  private func connect(_ response: StartSessionResponse, opening: [UInt8], fields: HTTPFields = [:]) throws {
    let url = try URLParts(parsing: response.streamURL)
    let connection = try Connection(to: url, trust: tls, proxy: .none, now: SystemTime().instant)
    answer = HTTPResponseParser(answerTo: "GET")
    upgrade = WebSocketUpgrade.Client()
    webSocket = nil
    self.opening = opening
    connection.send(upgrade.request(to: url, fields: fields).encoded())
    self.connection = connection
  }

  /// Loses the connection without a word.
  func cut() {
    connection = nil
    webSocket = nil
  }

  /// Asks for a new token and goes on. False where the session is over.
  func resume() throws -> Bool {
    let answer = try Self.call(agent, "ResumeSession", ["SessionId": .string(sessionID)]).json(status: 200)
    guard answer["TokenValue"] != "" else { return false }
    let response = try StartSessionResponse(json: answer)
    try connect(response, opening: channel.reopen(token: response.tokenValue, now: SystemTime().instant))
    return true
  }

  func type(_ text: String) { channel.send(input: Array(text.utf8), now: SystemTime().instant) }

  func resize(_ columns: Int, _ rows: Int) {
    channel.send(size: WindowSize(columns: columns, rows: rows), now: SystemTime().instant)
  }

  var text: String { String(decoding: output, as: UTF8.self) }
  var errorText: String { String(decoding: standardError, as: UTF8.self) }

  /// Serves the connection until `isDone`; fails after half a minute.
  func run(until isDone: () -> Bool) throws {
    let end = SystemTime().instant.advanced(byMicroseconds: 30_000_000)
    while !isDone() {
      guard SystemTime().instant < end else {
        throw Failure(description: "waited in vain; so far: \(text.suffix(2000))")
      }
      try turn(waiting: 100_000)
    }
  }

  /// Serves the connection until `text` has been printed.
  func run(untilPrinted wanted: String) throws { try run { text.contains(wanted) } }

  func run(untilClosed: Void) throws { try run { closeCode != nil || refusal != nil } }

  /// One turn of the client's loop.
  func turn(waiting microseconds: Int64) throws {
    send()
    guard let connection else { throw Failure(description: "not connected; so far: \(text.suffix(2000))") }
    let ready = try Poll.wait([connection.interest], microseconds: microseconds)
    let now = SystemTime().instant
    try take(try connection.process(ready[0], now: now))
    if let due = channel.nextDeadline, due <= now { try channel.tick(now: now) }
    if connection.state == .closed, closeCode == nil, refusal == nil { closeCode = 1006 }
    send()
    if closeCode != nil { connection.close() }
  }

  private func send() {
    guard webSocket != nil else { return }
    for message in channel.takeOutgoing() { webSocket?.send(binary: tamper(message)) }
    if let bytes = webSocket?.takeOutgoing(), !bytes.isEmpty { connection?.send(bytes) }
  }

  private func take(_ bytes: [UInt8]) throws {
    var bytes = bytes
    if webSocket == nil {
      answer.append(bytes)
      guard let response = try answer.next() else { return }
      guard response.status == 101 else {
        refusal = response.status
        return
      }
      try upgrade.check(response)
      webSocket = WebSocket(role: .client)
      webSocket?.send(text: opening)
      bytes = answer.takeLeftover()
    }
    for happening in webSocket?.receive(bytes) ?? [] {
      switch happening {
      case .text(let message), .binary(let message): try take(message: message)
      case .closed(let code, let reason): (closeCode, closeReason) = (code ?? 1005, reason)
      case .failed(let error): throw error
      case .ping, .pong: break
      }
    }
  }

  /// What becomes of messages on their way to the agent.
  var tamper: ([UInt8]) -> [UInt8] = { $0 }

  private func take(message: [UInt8]) throws {
    for happening in channel.receive(message, now: SystemTime().instant) {
      switch happening {
      case .output(let bytes, _): output += bytes
      case .standardError(let bytes, _): standardError += bytes
      case .exitCode(let code, _, _): exitCode = code
      case .closed(let reason): closed = reason
      case .customerMessage(let text): messages.append(text)
      case .keyNeeded(let keyID, let challenge):
        let answer = try key(KeyRequest(keyID: keyID, challenge: challenge))
        _ = channel.provide(answer, now: SystemTime().instant)
      case .failed(let error): (failure, closeCode) = (error, 1006)
      default: break
      }
    }
  }

  /// A data key from the agent's key management.
  static func key(
    _ request: KeyRequest, of sessionID: String, target: String = "local", at agent: LocalAgent
  ) throws -> KeyAnswer {
    let response = StartSessionResponse(sessionID: sessionID, tokenValue: "t", streamURL: "wss://h/")
    let settings = try RecorderSettings(environment: Environment(["HOME": "/nonexistent"]), flags: [:])
    let access = try AWSAccount(agent).access(to: response, target: target, settings: settings)
    return access.dataKey?(request, -1) ?? .failed(reason: "no key management")
  }

  /// One call of the API, signed with the agent's key or another.
  static func call(
    _ agent: LocalAgent, _ operation: String, _ body: JSON, credentials: Credentials? = nil,
    secure: Bool = false
  ) throws -> HTTPResponse {
    let url = try URLParts(parsing: secure ? agent.secureEndpoint : agent.endpoint)
    var request = HTTPRequest(
      method: "POST", target: "/",
      fields: [
        "Host": url.hostField, "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonSSM.\(operation)",
      ], body: body.encoded())
    SigV4.sign(
      &request, with: credentials ?? agent.credentials, region: agent.region, service: "ssm",
      at: SystemTime().timestamp)
    return try exchange(agent, url, request)
  }

  static func exchange(_ agent: LocalAgent, _ url: URLParts, _ request: HTTPRequest) throws -> HTTPResponse {
    let time = SystemTime()
    let tls = try TLSContext.client(trust: .certificates(pem: agent.authorityPEM))
    let connection = try Connection(to: url, trust: tls, proxy: .none, now: time.instant)
    return try connection.exchange(
      request, deadline: time.instant.advanced(byMicroseconds: 10_000_000), time: time)
  }
}

extension HTTPResponse {
  /// The body as JSON; another status than the expected one fails.
  func json(status expected: Int) throws -> JSON {
    guard status == expected else {
      throw AgentTestClient.Failure(description: "\(status): \(String(decoding: body, as: UTF8.self))")
    }
    return try JSON(parsing: body)
  }
}

extension LocalAgent {
  /// An agent whose shell is `/bin/sh` with a plain prompt.
  static func forTests(_ change: (inout AgentConfiguration) -> Void = { _ in }) throws -> LocalAgent {
    var random = SystemRandomNumberGenerator()
    var configuration = AgentConfiguration(
      accessKey: AgentConfiguration.newAccessKey(using: &random), user: "tester",
      environment: Environment(["PATH": "/usr/local/bin:/usr/bin:/bin", "AWS_SECRET_ACCESS_KEY": "hush"]))
    var environment = Shell.environment(from: configuration.environment, shell: "/bin/sh")
    environment.variables["PS1"] = "$ "
    configuration.program = ProgramInvocation("/bin/sh", environment: environment)
    change(&configuration)
    return try LocalAgent.start(configuration)
  }
}
