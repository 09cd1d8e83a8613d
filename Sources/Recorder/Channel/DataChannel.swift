import Format
import Platform

/// The client's end of a data channel as a pure machine: feed it WebSocket messages, it says what happened and
/// what to send (protocol.md §4 to §8).
///
/// Its state outlives connections: after a lost one, `reopen(token:now:)` goes on where it stopped.
struct DataChannel {
  enum Happening: Equatable, Sendable {
    /// Bytes for the terminal.
    case output([UInt8], MessageOrigin)
    case standardError([UInt8], MessageOrigin)
    /// The command has ended; `text` is what the official client prints. No code where the text has none.
    case exitCode(Int32?, text: [UInt8], MessageOrigin)
    /// What the agent asked for; the answer is queued.
    case handshake(HandshakeRequest, MessageOrigin)
    /// The agent wants an encrypted session. Get a data key from KMS and call `provide`: nothing goes on before.
    case keyNeeded(keyID: String, challenge: String?)
    /// An action of the handshake that was answered with a refusal; the agent will end the session.
    case refused(action: String, reason: String)
    /// What kind of session it is: agreed on in the handshake, or a shell, as its first output tells.
    case started(SessionType)
    /// The agent's words to the user, at the end of the handshake.
    case customerMessage(String)
    /// One of `ChannelFlag`, or a newer one.
    case flag(UInt32, MessageOrigin)
    /// The service stops and resumes delivery; only of interest for a log.
    case paused
    case resumed
    /// Messages with these numbers never came, and never will: the session ends, and what came behind follows.
    case gap(ClosedRange<Int64>)
    /// The session is over; `output` is the reason for the user, empty for a shell that exited.
    case closed(output: String)
    case ignored(IgnoredMessage)
    /// The session cannot go on: end it.
    case failed(ChannelError)
  }

  private enum Phase {
    /// Neither a handshake nor output yet.
    case waiting
    /// The handshake is answered as soon as there is a key.
    case needsKey(HandshakeRequest)
    /// The handshake is answered; its end is awaited.
    case agreeing
    /// The handshake is answered with a refusal; the agent's last words are awaited.
    case refused
    case running
    case closed
  }

  /// Kept over all connections of a session.
  let clientID: String
  let clientVersion: String
  private(set) var sessionType: SessionType?
  /// What the agent asked for in the handshake; nil where there was none.
  private(set) var request: HandshakeRequest?
  private var exchange: MessageExchange
  private var phase = Phase.waiting
  /// Input that waits for the handshake's end or for room in the window.
  private var heldInput: [UInt8] = []
  /// A buffer of up to this size is used again.
  private static let keptCapacity = 256 << 10
  private var heldSize: WindowSize?
  private var cipher: ChannelCipher?

  /// - Parameters:
  ///   - clientVersion: what the agent is told; features depend on it (§7.3).
  ///   - random: for ids; nothing secret comes from it.
  init(
    clientVersion: String, limits: SendWindow.Limits = SendWindow.Limits(), now: Instant,
    timestamp: Timestamp, random: any RandomNumberGenerator = SystemRandomNumberGenerator()
  ) {
    self.clientVersion = clientVersion
    exchange = MessageExchange(
      sends: .inputStreamData, receives: .outputStreamData, checksDigests: true, limits: limits, now: now,
      timestamp: timestamp, random: random)
    clientID = exchange.newID().description
  }

  /// The text message that opens the channel, to be sent first.
  mutating func open(token: String) -> [UInt8] {
    OpenDataChannelInput(
      requestID: exchange.newID().description, token: token, clientID: clientID, clientVersion: clientVersion
    ).encoded()
  }

  /// The text message that opens the channel on a new connection; all that was not acknowledged is queued
  /// behind it.
  mutating func reopen(token: String, now: Instant) -> [UInt8] {
    exchange.reconnect(now: now)
    return open(token: token)
  }

  /// The binary WebSocket messages to send since the last call.
  mutating func takeOutgoing() -> [[UInt8]] { exchange.takeOutgoing() }

  var hasOutgoing: Bool { exchange.hasOutgoing }

  /// Whether the session is over.
  var isClosed: Bool { if case .closed = phase { true } else { false } }

  private var isRunning: Bool { if case .running = phase { true } else { false } }

  /// Whether what is typed and shown travels encrypted with a key of KMS.
  var isEncrypted: Bool { cipher != nil }

  /// Whether input is taken without being held back; a loop that reads a file stops reading while it is false.
  var acceptsInput: Bool { isRunning && heldInput.isEmpty && exchange.sent.hasRoom }

  /// Whether the agent has acknowledged enough to be sent more.
  var hasRoom: Bool { exchange.sent.hasRoom }

  /// Whether all input has reached the agent.
  var isInputDelivered: Bool { heldInput.isEmpty && exchange.sent.unacknowledgedCount == 0 }

  /// When to call `tick(now:)`; nil when nothing is waited for.
  var nextDeadline: Instant? { isClosed ? nil : exchange.sent.deadline }

  /// Sends again what the agent has not acknowledged.
  /// - Throws: `.unacknowledged` when the agent is silent for good.
  mutating func tick(now: Instant) throws(ChannelError) {
    if !isClosed { try exchange.tick(now: now) }
  }

  /// Sends what the user typed, in messages of at most 1024 bytes.
  ///
  /// Until the handshake is done, or the first output came, input is held back: an agent that is not ready
  /// would acknowledge it and throw it away (§6.2).
  mutating func send(input: [UInt8], now: Instant) {
    // Enter in a terminal that turns CR into LF; programs on the other side wait for CR (§8.1).
    let isEnter = input == [0x0A] && sessionType != .port
    heldInput += isEnter ? [0x0D] : input
    sendHeldInput(now: now)
  }

  /// Tells the size of the user's terminal; before the first output only the last size is kept.
  mutating func send(size: WindowSize, now: Instant) {
    heldSize = size
    sendHeldInput(now: now)
  }

  /// Sends a flag, for port sessions, behind all input before it.
  mutating func send(flag: ChannelFlag, now: Instant) {
    guard !isClosed else { return }
    sendHeldInput(ignoringRoom: true, now: now)
    var payload: [UInt8] = []
    payload.appendBigEndian(flag.rawValue)
    exchange.send(.flag, payload, now: now)
  }

  private mutating func sendHeldInput(ignoringRoom: Bool = false, now: Instant) {
    guard isRunning else { return }
    if let size = heldSize {
      exchange.send(.size, size.payload, now: now)
      heldSize = nil
    }
    var start = 0
    while start < heldInput.count && (ignoringRoom || exchange.sent.hasRoom) {
      let end = min(start + AgentMessage.maximumPayloadByteCount, heldInput.count)
      let piece = Array(heldInput[start..<end])
      exchange.send(.output, cipher?.seal(piece) ?? piece, now: now)
      start = end
    }
    if start == heldInput.count {
      heldInput.removeAll(keepingCapacity: heldInput.count <= Self.keptCapacity)
    } else {
      heldInput.removeFirst(start)
    }
  }
}

extension DataChannel {
  /// Takes the bytes of one WebSocket message, text or binary, and tells what it brought.
  mutating func receive(_ message: [UInt8], now: Instant) -> [Happening] {
    guard !isClosed else { return [.ignored(.afterEnd)] }
    var happenings: [Happening] = []
    switch exchange.receive(message, now: now) {
    case .stream(let first):
      act(on: first, now: now, &happenings)
      while let next = exchange.nextInOrder() { act(on: next, now: now, &happenings) }
    case .control(let message):
      if message.type == .channelClosed { skipGaps(now: now, &happenings) }
      happenings.append(control(message))
    case .filed: sendHeldInput(now: now)
    case .ignored(let why): happenings.append(.ignored(why))
    }
    return happenings
  }

  /// The session is over without the service's last word: tells what came but waited for its turn.
  mutating func end(now: Instant) -> [Happening] {
    var happenings: [Happening] = []
    skipGaps(now: now, &happenings)
    phase = .closed
    return happenings
  }

  /// At the end of a session: what the agent had no time to send again is lost, what came behind it is not.
  /// A port's stream with a hole is of no use to anybody.
  private mutating func skipGaps(now: Instant, _ happenings: inout [Happening]) {
    while let missing = exchange.skipGap() {
      happenings.append(.gap(missing))
      while let next = exchange.nextInOrder() {
        if sessionType != .port { act(on: next, now: now, &happenings) }
      }
    }
  }

  private mutating func control(_ message: AgentMessage) -> Happening {
    switch message.type {
    case .channelClosed:
      phase = .closed
      heldInput = []
      return .closed(output: ChannelClosed(parsing: message.payload).output)
    case .pausePublication: return .paused
    case .startPublication: return .resumed
    default: return .ignored(.unknownType(message.type))
    }
  }

  private mutating func act(on message: AgentMessage, now: Instant, _ happenings: inout [Happening]) {
    guard !isClosed else { return }
    let origin = MessageOrigin(message)
    var payload = message.payload
    if let cipher, message.payloadType.isEncrypted {
      guard let plaintext = cipher.open(payload) else { return fail(message, &happenings) }
      payload = plaintext
    }
    switch message.payloadType {
    case .output:
      // Without a handshake the first output is the sign that the shell runs (§7.1).
      if case .waiting = phase { start(.standardStream, now: now, &happenings) }
      happenings.append(.output(payload, origin))
    case .standardError: happenings.append(.standardError(payload, origin))
    case .exitCode: happenings.append(.exitCode(Self.exitCode(in: payload), text: payload, origin))
    case .flag where payload.count == 4:
      happenings.append(.flag(payload.bigEndian32(at: 0), origin))
    case .handshakeRequest: answerHandshake(message, now: now, &happenings)
    case .encryptionChallengeRequest: answerChallenge(message, now: now, &happenings)
    case .handshakeComplete: finishHandshake(message, now: now, &happenings)
    case .flag: happenings.append(.ignored(.badPayload(.flag, sequenceNumber: origin.sequenceNumber)))
    default:
      happenings.append(
        .ignored(.unknownPayload(message.payloadType, sequenceNumber: origin.sequenceNumber)))
    }
  }

  /// Ends the session on our side: what does not fit the key is neither shown nor answered.
  private mutating func fail(_ message: AgentMessage, _ happenings: inout [Happening]) {
    phase = .closed
    heldInput = []
    happenings.append(.failed(.undecipherable(sequenceNumber: message.sequenceNumber)))
  }

  private mutating func start(_ type: SessionType, now: Instant, _ happenings: inout [Happening]) {
    sessionType = type
    phase = .running
    happenings.append(.started(type))
    sendHeldInput(now: now)
  }

  /// The number behind "EXIT_CODE:".
  private static func exitCode(in payload: [UInt8]) -> Int32? {
    let label = Array("EXIT_CODE:".utf8)
    guard payload.starts(with: label) else { return nil }
    return Int32(String(decoding: payload.dropFirst(label.count).drop { $0 == 0x20 }, as: UTF8.self))
  }
}

// MARK: - The handshake (§7.2)

extension DataChannel {
  private mutating func answerHandshake(
    _ message: AgentMessage, now: Instant, _ happenings: inout [Happening]
  ) {
    guard let request = try? HandshakeRequest(parsing: message.payload) else {
      // What exactly is wrong with the JSON helps nobody; that it is, does.
      happenings.append(.ignored(.badPayload(.handshakeRequest, sequenceNumber: message.sequenceNumber)))
      return
    }
    // Only at the beginning, and once: an agent that could ask again could change or end the encryption.
    guard case .waiting = phase else {
      happenings.append(
        .ignored(.unknownPayload(.handshakeRequest, sequenceNumber: message.sequenceNumber)))
      return
    }
    self.request = request
    happenings.append(.handshake(request, MessageOrigin(message)))
    if let wanted = request.keyRequest {
      phase = .needsKey(request)
      happenings.append(.keyNeeded(keyID: wanted.keyID, challenge: wanted.challenge))
    } else {
      respond(to: request, key: nil, now: now, &happenings)
    }
  }

  /// Answers the handshake that needs a key; without effect where none does.
  /// - Parameters:
  ///   - nonce: where the count of this end's nonces starts: 12 bytes nobody can guess.
  /// - Returns: what was refused, if anything was.
  mutating func provide(
    _ answer: KeyAnswer, nonce: [UInt8] = RandomBytes.make(AESGCM.nonceByteCount), now: Instant
  ) -> [Happening] {
    guard case .needsKey(let request) = phase else { return [] }
    var happenings: [Happening] = []
    respond(to: request, key: answer, now: now, &happenings)
    if case .key(let key, _, _) = answer, case .agreeing = phase { cipher = .client(key, nonce: nonce) }
    return happenings
  }

  private mutating func respond(
    to request: HandshakeRequest, key: KeyAnswer?, now: Instant, _ happenings: inout [Happening]
  ) {
    let response = HandshakeResponse(answering: request, key: key, clientVersion: clientVersion)
    for action in response.actions where action.status != .success {
      happenings.append(.refused(action: action.type, reason: action.error))
    }
    exchange.send(.handshakeResponse, response.encoded(), now: now)
    phase = response.isAgreed ? .agreeing : .refused
    if response.isAgreed { sessionType = request.sessionType }
  }

  /// Sends the agent's challenge back, encrypted with our half of the key.
  private mutating func answerChallenge(
    _ message: AgentMessage, now: Instant, _ happenings: inout [Happening]
  ) {
    guard let challenge = EncryptionChallenge(parsing: message.payload) else {
      happenings.append(
        .ignored(.badPayload(.encryptionChallengeRequest, sequenceNumber: message.sequenceNumber)))
      return
    }
    guard case .agreeing = phase, let cipher else {
      happenings.append(
        .ignored(.unknownPayload(.encryptionChallengeRequest, sequenceNumber: message.sequenceNumber)))
      return
    }
    guard let text = cipher.open(challenge.bytes) else { return fail(message, &happenings) }
    exchange.send(
      .encryptionChallengeResponse, EncryptionChallenge(cipher.seal(text)).encoded(), now: now)
  }

  private mutating func finishHandshake(
    _ message: AgentMessage, now: Instant, _ happenings: inout [Happening]
  ) {
    guard let complete = try? HandshakeComplete(parsing: message.payload) else {
      happenings.append(.ignored(.badPayload(.handshakeComplete, sequenceNumber: message.sequenceNumber)))
      return
    }
    if !complete.customerMessage.isEmpty { happenings.append(.customerMessage(complete.customerMessage)) }
    switch phase {
    case .agreeing, .waiting: start(sessionType ?? .standardStream, now: now, &happenings)
    // An agent that goes on after a refusal, or before there is a key, gets no input.
    case .refused, .needsKey, .running, .closed: break
    }
  }
}
