import Format
import Platform

/// The network's side of a session: a data channel, and the connection it has at the moment.
///
/// Wait for `interest` until `deadline`, call `process`, act on what happened. A connection that is lost once
/// the session runs is made anew with a fresh token (ResumeSession, protocol §3.5); numbers, buffers and what
/// was not acknowledged survive it.
final class SessionLink {
  /// How the service is reached and, where it wants that, told who we are.
  struct Access {
    /// Shared with the API calls, so that trusted roots are loaded once.
    var tls: TLSContext
    var proxy: ProxySettings
    /// For the upgrade's signature (service `ssmmessages`), looked up for each connection; nil: unsigned. The
    /// descriptor ends the wait when it is readable.
    var signing: (_ interruptedBy: Int32) throws(CredentialError) -> Signing?
    /// How long a lost connection is tried to be resumed, in microseconds.
    var resumeLimit: Int64 = 600_000_000
    /// Asks KMS for the key of an encrypted session; the descriptor ends the wait when it is readable. nil: such
    /// sessions are refused.
    var dataKey: ((KeyRequest, _ interruptedBy: Int32) -> KeyAnswer)?
    /// Asks for a new token; the descriptor ends the wait when it is readable. nil: sessions cannot be resumed.
    var resume: ((_ interruptedBy: Int32) -> Resumption)?

    struct Signing {
      var credentials: Credentials
      var region: String
    }

    /// What asking for a new token brought.
    enum Resumption {
      case token(StartSessionResponse)
      /// The session is over.
      case over
      /// No answer, or none that is final: worth another try.
      case failed(cause: String)
      /// The service will not have it.
      case refused(cause: String)
    }
  }

  /// What the far end did.
  enum Happening: Equatable {
    /// Input is taken from now on.
    case started
    case output([UInt8])
    case standardError([UInt8])
    case exitCode(Int32?, text: [UInt8])
    /// Words of the agent to the person.
    case message(String)
    /// Evidence for the recording only.
    case state(String, [JSON.Member])
    case disconnected(cause: String)
    case resumed
    /// One of `ChannelFlag`, or a newer one.
    case flag(UInt32)
    case closed(output: String)
    /// The service says that the session is over, without a word of how it ended.
    case timedOut
  }

  private enum Phase {
    case connected(StreamConnection)
    /// Between connections: when the next one is tried.
    case waiting(until: Instant)
    case closed
  }

  /// Bytes that may wait for the network before input is no longer taken.
  private static let outgoingLimit = 1 << 20
  /// A connection that held this long, in microseconds, ends the trouble before it: the next loss has the whole
  /// time to be resumed again.
  private static let stableAfter: Int64 = 2_000_000
  /// Evidence of unusable messages that is kept; a broken peer must not fill the recording.
  private static let ignoredLimit = 100

  private let access: Access
  private let timeouts: RecorderSettings.Timeouts
  private let time: SystemTime
  private let interruptedBy: Int32
  private var channel: DataChannel
  private var phase: Phase
  private var backoff = Backoff()
  /// When the agent's first answer is overdue; nil once it came.
  private var answerDueAt: Instant?
  /// When the connection was lost; nil while there is one that works.
  private var lostAt: Instant?
  /// When the present connection was proven to work.
  private var provenAt: Instant?
  /// Whether any connection was proven to work.
  private var wasProven = false
  /// When the trouble began that the present attempts try to end.
  private var troubleSince: Instant?
  private var ignoredCount = 0
  /// Why the session cannot go on; thrown once what came before it is told.
  private var failure: SessionError?
  private(set) var isStarted = false
  /// The sender's number and clock of the newest data, as evidence.
  private(set) var lastOrigin: MessageOrigin?

  /// Looks the host up and begins to connect.
  /// - Parameter interruptedBy: a descriptor of signals, which ends waits for the service.
  init(
    response: StartSessionResponse, access: Access, timeouts: RecorderSettings.Timeouts, time: SystemTime,
    interruptedBy: Int32
  ) throws(SessionError) {
    self.access = access
    self.timeouts = timeouts
    self.time = time
    self.interruptedBy = interruptedBy
    channel = DataChannel(
      clientVersion: ProductVersion.plugin, now: time.instant, timestamp: time.timestamp)
    answerDueAt = time.instant.advanced(byMicroseconds: timeouts.step + timeouts.firstAnswer)
    let opening = channel.open(token: response.tokenValue)
    phase = .connected(
      try StreamConnection(
        to: response.streamURL, opening: opening, access: access, timeouts: timeouts, time: time,
        interruptedBy: interruptedBy))
  }

  /// What was agreed on; nil before the session has started.
  var sessionType: SessionType? { channel.sessionType }

  /// What the agent asked for; nil where there was no handshake.
  var request: HandshakeRequest? { channel.request }

  /// Whether the agent has acknowledged everything.
  var isDelivered: Bool { channel.isInputDelivered }

  /// What to wait for; nothing between connections.
  var interest: Poll.Interest {
    if case .connected(let stream) = phase { stream.interest } else { Poll.Interest(-1, []) }
  }

  /// Whether keys can be sent, not only held back.
  var wantsInput: Bool {
    guard isStarted, channel.acceptsInput else { return false }
    if case .connected(let stream) = phase { return stream.queuedByteCount < Self.outgoingLimit }
    return true
  }

  /// Whether the agent has acknowledged enough to be sent more.
  var hasRoom: Bool { channel.hasRoom }

  /// Whether there is no connection that works.
  var isDisconnected: Bool { lostAt != nil }

  /// When `process` must be called even if nothing is ready.
  var deadline: Instant? {
    if failure != nil { return time.instant }
    return switch phase {
    case .connected(let stream): [stream.deadline, channel.nextDeadline, answerDueAt].compactMap { $0 }.min()
    case .waiting(let until): until
    case .closed: nil
    }
  }

  /// Sends keys.
  func send(input: [UInt8], now: Instant) {
    channel.send(input: input, now: now)
    passOn(now)
  }

  /// Sends a flag of a port session, behind all input before it.
  func send(flag: ChannelFlag, now: Instant) {
    channel.send(flag: flag, now: now)
    passOn(now)
  }

  /// Tells the window's size.
  func send(size: WindowSize, now: Instant) {
    channel.send(size: size, now: now)
    passOn(now)
  }

  /// Ends the connection without asking anybody.
  func close() {
    if case .connected(let stream) = phase { stream.close() }
    phase = .closed
  }

  /// Does what can be done now and tells what happened, in order.
  func process(_ readiness: Poll.Readiness, now: Instant) throws(SessionError) -> [Happening] {
    if let failure { throw failure }
    var happenings: [Happening] = []
    switch phase {
    case .closed: break
    case .waiting(let until):
      if until <= now {
        try watchStart(now)
        try reconnect(now, &happenings)
      }
    case .connected(let stream):
      do throws(SessionError) {
        let messages = try stream.process(readiness, now: now)
        if stream.isProven { wasProven = true }
        if lostAt != nil, stream.isProven {
          (lostAt, provenAt) = (nil, now)
          happenings.append(.resumed)
        }
        for message in messages {
          for happening in channel.receive(message, now: now) { take(happening, &happenings) }
        }
      } catch {
        try lose(error, now, &happenings)
      }
      try watch(now)
      passOn(now)
    }
    return happenings
  }

  // MARK: - What the channel tells

  private func take(_ happening: DataChannel.Happening, _ happenings: inout [Happening]) {
    switch happening {
    case .output(let bytes, let origin):
      lastOrigin = origin
      happenings.append(.output(bytes))
    case .standardError(let bytes, let origin):
      lastOrigin = origin
      happenings.append(.standardError(bytes))
    case .exitCode(let code, let text, _): happenings.append(.exitCode(code, text: text))
    case .customerMessage(let text): happenings.append(.message(text))
    case .handshake(let request, let origin):
      var facts = [JSON.Member("agent_version", .string(request.agentVersion))]
      if let key = request.keyRequest { facts.append(JSON.Member("kms_key_id", .string(key.keyID))) }
      happenings.append(.state("handshake", facts + origin.members))
    case .keyNeeded(let keyID, let challenge):
      // Nothing can go on before, so nothing is kept waiting by the call.
      let answer =
        access.dataKey?(KeyRequest(keyID: keyID, challenge: challenge), interruptedBy)
        ?? .failed(reason: "encrypted sessions are not supported here")
      for happening in channel.provide(answer, now: time.instant) { take(happening, &happenings) }
    case .refused(let action, let reason):
      happenings.append(
        .state("refused", [JSON.Member("action", .string(action)), JSON.Member("reason", .string(reason))]))
    case .started(let type):
      isStarted = true
      answerDueAt = nil
      var facts = [JSON.Member("session_type", .string(type.name))]
      if channel.isEncrypted { facts.append(JSON.Member("encrypted", true)) }
      happenings.append(.state("started", facts))
      happenings.append(.started)
    case .gap(let missing):
      happenings.append(
        .state(
          "gap",
          [
            JSON.Member("cause", "frames of the agent never came"),
            JSON.Member("first_sequence", JSON(missing.lowerBound)),
            JSON.Member("last_sequence", JSON(missing.upperBound)),
          ])
      )
    case .closed(let output):
      close()
      happenings.append(.closed(output: output))
    case .ignored(let message):
      if case .duplicate = message { return }
      ignoredCount += 1
      if ignoredCount <= Self.ignoredLimit {
        happenings.append(.state("ignored", [JSON.Member("cause", .string("\(message)"))]))
      }
    case .failed(let error):
      close()
      failure = .channel(error)
    case .flag(let number, _): happenings.append(.flag(number))
    case .paused, .resumed: break
    }
  }

  private func watchStart(_ now: Instant) throws(SessionError) {
    if let answerDueAt, answerDueAt <= now {
      throw .agentSilent(seconds: timeouts.seconds(timeouts.firstAnswer))
    }
  }

  private func watch(_ now: Instant) throws(SessionError) {
    try watchStart(now)
    guard lostAt == nil else { return }  // nobody can acknowledge
    do throws(ChannelError) {
      try channel.tick(now: now)
    } catch {
      throw .channel(error)
    }
  }

  /// Hands the channel's messages to the connection. What it cannot take stays unacknowledged and is sent
  /// again on the next one.
  private func passOn(_ now: Instant) {
    guard case .connected(let stream) = phase, stream.isOpen else { return }
    // A failure shows again in the next `process`, which knows what to do about it.
    try? stream.send(channel.takeOutgoing(), now: now)
  }

  // MARK: - Losing and resuming

  private func lose(_ error: SessionError, _ now: Instant, _ happenings: inout [Happening])
    throws(SessionError)
  {
    if case .closed = phase { return }
    guard isWorthResuming(error), access.resume != nil else { throw error }
    if case .connected(let stream) = phase { stream.close() }
    if lostAt == nil {
      lostAt = now
      happenings.append(.disconnected(cause: "\(error)"))
    }
    let isNewTrouble = provenAt.map { now.microseconds(since: $0) >= Self.stableAfter } ?? false
    if troubleSince == nil || isNewTrouble { (troubleSince, backoff) = (now, Backoff()) }
    provenAt = nil
    try waitForNext(error, now)
  }

  /// A session that has not started yet is resumed too, once its first connection was seen to work, unless the
  /// service itself said no.
  private func isWorthResuming(_ error: SessionError) -> Bool {
    if isStarted { return true }
    if case .closedByService(let code, _) = error,
      code == CloseCode.unsupportedData || code == CloseCode.policyViolation
    {
      return false
    }
    return wasProven
  }

  private func waitForNext(_ error: SessionError, _ now: Instant) throws(SessionError) {
    if let troubleSince, now.microseconds(since: troubleSince) >= access.resumeLimit { throw error }
    phase = .waiting(until: now.advanced(byMicroseconds: backoff.next()))
  }

  private func reconnect(_ now: Instant, _ happenings: inout [Happening]) throws(SessionError) {
    guard let resume = access.resume else { return }
    switch resume(interruptedBy) {
    case .over:
      for happening in channel.end(now: now) { take(happening, &happenings) }
      close()
      happenings.append(.timedOut)
    case .refused(let cause): throw .notResumed(cause: cause)
    case .failed(let cause): try waitForNext(.notResumed(cause: cause), time.instant)
    case .token(let response):
      let opening = channel.reopen(token: response.tokenValue, now: time.instant)
      do throws(SessionError) {
        phase = .connected(
          try StreamConnection(
            to: response.streamURL, opening: opening, access: access, timeouts: timeouts, time: time,
            interruptedBy: interruptedBy))
      } catch {
        try waitForNext(error, time.instant)
      }
    }
  }
}

/// Delays between attempts: 100 to 200 ms at first, doubled each time up to about 5 s, so that many clients of
/// one broken service do not come back at once.
struct Backoff: Equatable {
  private var microseconds: Int64 = 0

  /// The delay before the next attempt, in microseconds.
  mutating func next() -> Int64 {
    microseconds = microseconds == 0 ? Int64.random(in: 100_000..<200_000) : min(2 * microseconds, 5_000_000)
    return microseconds + Int64.random(in: 0...microseconds / 4)
  }
}

extension MessageOrigin {
  /// The sender's number and clock, as evidence in a recording.
  var members: [JSON.Member] {
    [JSON.Member("sequence", JSON(sequenceNumber)), JSON.Member("agent_ms", JSON(createdMilliseconds))]
  }
}
