import Platform

/// The other end of a data channel, agent and service in one: numbers output, acknowledges input, and tells
/// the client when the session is over (protocol.md §9.1).
///
/// The opening text message is read before, as `OpenDataChannelInput`; its token is the service's business.
struct AgentChannel {
  enum Happening: Equatable, Sendable {
    /// What the user typed.
    case input([UInt8], MessageOrigin)
    case size(WindowSize, MessageOrigin)
    case flag(UInt32, MessageOrigin)
    /// The client's answer to `send(handshake:)`; the agent decides whether it will do.
    case handshakeResponse(HandshakeResponse, MessageOrigin)
    /// The client's answer to `send(challenge:)`.
    case challengeResponse(EncryptionChallenge, MessageOrigin)
    /// Input that is not encrypted with the session's key: nothing of it may be used.
    case undecipherable(sequenceNumber: Int64)
    case ignored(IgnoredMessage)
  }

  let sessionID: String
  let target: String
  private var exchange: MessageExchange
  private(set) var isClosed = false
  private var cipher: ChannelCipher?

  init(
    sessionID: String, target: String, limits: SendWindow.Limits = SendWindow.Limits(), now: Instant,
    timestamp: Timestamp, random: any RandomNumberGenerator = SystemRandomNumberGenerator()
  ) {
    self.sessionID = sessionID
    self.target = target
    exchange = MessageExchange(
      sends: .outputStreamData, receives: .inputStreamData, checksDigests: false, limits: limits, now: now,
      timestamp: timestamp, random: random)
  }

  /// The binary WebSocket messages to send since the last call.
  mutating func takeOutgoing() -> [[UInt8]] { exchange.takeOutgoing() }

  var hasOutgoing: Bool { exchange.hasOutgoing }

  /// Messages the client has not acknowledged.
  var unacknowledgedCount: Int { exchange.sent.unacknowledgedCount }

  /// Their bytes, headers included.
  var unacknowledgedByteCount: Int { exchange.sent.unacknowledgedByteCount }

  /// Whether more output should be sent: the loop reads no more from the program while it is false.
  var hasRoom: Bool { !isClosed && exchange.sent.hasRoom }

  /// When to call `tick(now:)`; nil when nothing is waited for.
  var nextDeadline: Instant? { isClosed ? nil : exchange.sent.deadline }

  /// Sends again what the client has not acknowledged.
  /// - Throws: `.unacknowledged` when the client is silent for good.
  mutating func tick(now: Instant) throws(ChannelError) {
    if !isClosed { try exchange.tick(now: now) }
  }

  /// Goes on over a new connection: all that was not acknowledged is queued again.
  mutating func reconnect(now: Instant) { exchange.reconnect(now: now) }

  /// Sends what the program printed, in messages of at most 1024 bytes.
  mutating func send(output: [UInt8], now: Instant) { send(.output, output, now: now) }

  mutating func send(standardError bytes: [UInt8], now: Instant) { send(.standardError, bytes, now: now) }

  mutating func send(exitCode: Int32, now: Instant) {
    send(.exitCode, Array("EXIT_CODE: \(exitCode)".utf8), now: now)
  }

  mutating func send(flag: ChannelFlag, now: Instant) {
    var payload: [UInt8] = []
    payload.appendBigEndian(flag.rawValue)
    send(.flag, payload, now: now)
  }

  /// Asks the client to agree on the session; must come before any output.
  mutating func send(handshake request: HandshakeRequest, now: Instant) {
    if !isClosed { exchange.send(.handshakeRequest, request.encoded(), now: now) }
  }

  /// From here on output, standard error and exit codes are encrypted, and so must be what the client types.
  mutating func encrypt(with cipher: ChannelCipher) { self.cipher = cipher }

  /// Asks the client to prove that it has the key.
  mutating func send(challenge: EncryptionChallenge, now: Instant) {
    if !isClosed { exchange.send(.encryptionChallengeRequest, challenge.encoded(), now: now) }
  }

  /// Ends the handshake; output may follow.
  mutating func send(handshakeComplete complete: HandshakeComplete, now: Instant) {
    if !isClosed { exchange.send(.handshakeComplete, complete.encoded(), now: now) }
  }

  /// Tells the client that the session is over, as the service does; nothing is sent after it.
  ///
  /// It is not part of the stream: to be sent once `unacknowledgedCount` is zero, or the client may miss the
  /// last output.
  /// - Parameter output: the reason for the user; empty for a shell that exited.
  mutating func close(output: String, now: Instant) {
    guard !isClosed else { return }
    let closed = ChannelClosed(
      messageID: exchange.newID().description, createdMilliseconds: exchange.milliseconds(at: now),
      destinationID: target, sessionID: sessionID, output: output)
    exchange.send(control: .channelClosed, closed.encoded(), now: now)
    isClosed = true
  }

  /// What the service says when it stops and goes on delivering; no part of the stream.
  mutating func publication(isPaused: Bool) -> [UInt8] {
    exchange.publication(isPaused ? .pausePublication : .startPublication)
  }

  private mutating func send(_ type: PayloadType, _ bytes: [UInt8], now: Instant) {
    guard !isClosed else { return }
    var start = 0
    while start < bytes.count {
      let end = min(start + AgentMessage.maximumPayloadByteCount, bytes.count)
      let piece = Array(bytes[start..<end])
      exchange.send(type, type.isEncrypted ? cipher?.seal(piece) ?? piece : piece, now: now)
      start = end
    }
  }

  /// Takes the bytes of one WebSocket message and tells what it brought.
  mutating func receive(_ message: [UInt8], now: Instant) -> [Happening] {
    guard !isClosed else { return [.ignored(.afterEnd)] }
    var happenings: [Happening] = []
    switch exchange.receive(message, now: now) {
    case .stream(let first):
      happenings.append(happening(first))
      while let next = exchange.nextInOrder() { happenings.append(happening(next)) }
    case .control(let message): happenings.append(.ignored(.unknownType(message.type)))
    case .filed: break
    case .ignored(let why): happenings.append(.ignored(why))
    }
    return happenings
  }

  private func happening(_ message: AgentMessage) -> Happening {
    let origin = MessageOrigin(message)
    switch message.payloadType {
    case .output:
      guard let cipher else { return .input(message.payload, origin) }
      guard let input = cipher.open(message.payload) else {
        return .undecipherable(sequenceNumber: origin.sequenceNumber)
      }
      return .input(input, origin)
    case .size:
      if let size = WindowSize(parsing: message.payload) { return .size(size, origin) }
    case .flag:
      if message.payload.count == 4 { return .flag(message.payload.bigEndian32(at: 0), origin) }
    case .handshakeResponse:
      // A response that is no JSON is no agreement: the agent's wait for one will end.
      if let response = try? HandshakeResponse(parsing: message.payload) {
        return .handshakeResponse(response, origin)
      }
    case .encryptionChallengeResponse:
      if let challenge = EncryptionChallenge(parsing: message.payload) {
        return .challengeResponse(challenge, origin)
      }
    default: return .ignored(.unknownPayload(message.payloadType, sequenceNumber: origin.sequenceNumber))
    }
    return .ignored(.badPayload(message.payloadType, sequenceNumber: origin.sequenceNumber))
  }
}
