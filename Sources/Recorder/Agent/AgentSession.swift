import Platform

/// One session on the agent's side: the program, the channel to its client, and the way from start to end.
///
/// ```
/// waiting ─ client opens ─▶ agreeing ─ handshake done, or none needed ─▶ running ─ program exits ─▶ draining
///    │                                                                                                 │
///    │                            closed ◀─ all acknowledged ─ settling ◀─ its streams have ended ─────┘
///    └─ TerminateSession, no client for too long, no program, stop of the agent ─▶ closed
/// ```
final class AgentSession {
  enum Phase {
    case waiting
    /// The client's answers of the handshake are awaited.
    case agreeing
    case running
    /// The program has exited. What it and its children left in its streams is still sent.
    case draining
    /// Everything is sent; the client's acknowledgements are awaited.
    case settling
    case closed
  }

  /// Something of the session that the loop waits for.
  enum Source {
    case program(SessionProgram.Stream)
    case port(UInt32)
  }

  /// Microseconds.
  private enum Limit {
    /// For a client to come after StartSession; a person may copy the answer by hand.
    static let firstClient: Int64 = 300_000_000
    /// For children that keep the streams open after the program's exit.
    static let draining: Int64 = 1_000_000
    /// From the last acknowledgement that helped.
    static let settling: Int64 = 10_000_000
    /// From the hang-up until a program that does not care is killed.
    static let hangingUp: Int64 = 2_000_000
    /// Between two pings, as the official agent sends them.
    static let ping: Int64 = 54_000_000
  }

  /// Typed bytes that the program has not taken: above the first number the client is not read, unless output
  /// waits for its acknowledgements; above the second, input is not acknowledged, so that it comes again.
  private static let inputLimit = 256 << 10
  private static let inputHardLimit = 4 << 20

  let id: String
  let entry: SessionEntry
  let configuration: AgentConfiguration
  /// The service's key management; nil where sessions are not encrypted.
  private let keys: KeyService?
  var phase = Phase.waiting
  var channel: AgentChannel
  private var handshake: AgentHandshake?
  var clientVersion = ""
  private var program: SessionProgram?
  /// In place of a program in a port session.
  var ports: PortServer?
  var connection: AgentConnection?
  var faults: SessionFaults?
  /// When the phase, or the wait for a client, is over; nil: no limit runs.
  private var phaseEnds: Instant?
  /// What the client had not acknowledged when the present wait for it began.
  private var unsettledCount = 0
  private var killDue: Instant?
  private var pingDue: Instant?
  /// Why it ended, empty for a shell that exited; nil while it lives.
  private(set) var ended: String?

  init(
    _ entry: SessionEntry, _ configuration: AgentConfiguration, keys: KeyService?, now: Instant,
    timestamp: Timestamp
  ) {
    id = entry.id
    self.entry = entry
    self.configuration = configuration
    self.keys = keys
    // As the official agent: a client that was suspended for hours finds its session where it left it.
    let limits = SendWindow.Limits(patience: .max)
    channel = AgentChannel(
      sessionID: entry.id, target: entry.target, limits: limits, now: now, timestamp: timestamp)
    phaseEnds = now.advanced(byMicroseconds: Limit.firstClient)
    faults = SessionFaults(configuration.faults)
  }

  /// Whether nothing is left: the client knows of the end, and the program is gone.
  var isGone: Bool { phase == .closed && connection == nil && (program == nil || program?.exit != nil) }

  // MARK: - The client

  /// A client opened the channel, for the first time or again.
  func attach(_ connection: AgentConnection, now: Instant) {
    if let before = self.connection, before !== connection { before.close() }
    self.connection = connection
    pingDue = now.advanced(byMicroseconds: Limit.ping)
    phaseEnds = nil
    switch phase {
    case .waiting: begin(now: now)
    case .running: channel.reconnect(now: now)
    case .agreeing, .draining, .settling:
      channel.reconnect(now: now)
      enter(phase, now: now)
    case .closed: break
    }
    send(now: now)
  }

  /// The client's connection is gone. Until the orphan time is over, it may come back.
  func detach(_ connection: AgentConnection, now: Instant) {
    guard self.connection === connection else { return }
    self.connection = nil
    pingDue = nil
    if phase != .closed { phaseEnds = now.advanced(byMicroseconds: configuration.orphanTimeoutMicroseconds) }
  }

  /// Whether the client's bytes are wanted.
  var takesInput: Bool { inputByteCount < Self.inputLimit || !channel.hasRoom }

  private var inputByteCount: Int { program?.inputByteCount ?? ports?.queuedByteCount ?? 0 }

  /// Takes one message of the client.
  func receive(_ message: [UInt8], now: Instant) {
    guard let steps = faults?.toAgent.pass(message, now: now) else { return take(message, now: now) }
    arrive(steps, now: now)
  }

  func take(_ message: [UInt8], now: Instant) {
    if inputByteCount >= Self.inputHardLimit, message.count >= AgentMessage.headerByteCount,
      MessageType(reading: message, at: AgentMessage.Offset.type).isStreamData
    {
      return
    }
    for happening in channel.receive(message, now: now) {
      switch happening {
      // What comes before the program runs is lost, as with AWS's agent (protocol.md §6.2).
      case .input(let bytes, _):
        program?.type(bytes)
        ports?.receive(bytes, now: now)
      case .flag(let number, _): ports?.receive(flag: number)
      case .size(let size, _): program?.resize(size)
      case .handshakeResponse(let response, _):
        clientVersion = response.clientVersion
        go(handshake?.take(response, now: now), now: now)
      case .challengeResponse(let answer, _): go(handshake?.take(answer, now: now), now: now)
      case .undecipherable(let number):
        let error = ChannelError.undecipherable(sequenceNumber: number)
        finish("----------ERROR-------\n\(error)", now: now)
      case .ignored: break  // the agent keeps no log
      }
    }
    sendPorts(now: now)
    send(now: now)
  }

  /// Hands what the channel has to say to the connection.
  func send(now: Instant) {
    guard let connection else { return }
    for message in channel.takeOutgoing() {
      if let steps = faults?.toClient.pass(message, now: now) {
        depart(steps, to: connection)
      } else {
        connection.stream.send(message)
      }
    }
  }

  // MARK: - The handshake

  /// A shell or interactive command that is not encrypted needs no handshake (protocol.md §7.1).
  private func begin(now: Instant) {
    let kind = entry.document.kind
    guard keys != nil || kind == .nonInteractiveCommands || kind == .port else { return start(now: now) }
    // What ports carry is never encrypted with the session's key (§7.1).
    let encryption = (kind == .port ? nil : keys).map { keys in
      AgentHandshake.Encryption(
        keys: keys, context: EncryptionContext(sessionID: id, targetID: entry.target),
        requiresChallenge: configuration.requiresKeyChallenge)
    }
    let handshake = AgentHandshake(
      kind, properties: entry.portProperties?.json ?? .null, encryption: encryption, now: now)
    self.handshake = handshake
    channel.send(handshake: handshake.request, now: now)
    enter(.agreeing, now: now)
  }

  private func go(_ step: AgentHandshake.Step?, now: Instant) {
    guard phase == .agreeing, let step else { return }
    switch step {
    case .failed(let reason): finish(reason, now: now)
    case .challenge(let challenge, let cipher):
      channel.encrypt(with: cipher)
      channel.send(challenge: challenge, now: now)
      enter(.agreeing, now: now)
    case .complete(let complete):
      channel.send(handshakeComplete: complete, now: now)
      phaseEnds = nil
      start(now: now)
    }
  }

  // MARK: - The program

  private func start(now: Instant) {
    if let properties = entry.portProperties { return startPorts(properties, now: now) }
    do throws(AgentError) {
      program = try SessionProgram(entry, configuration)
      phase = .running
    } catch {
      guard entry.document.kind == .nonInteractiveCommands else {
        return finish(error.description, now: now)
      }
      channel.send(standardError: Array("\(error)\n".utf8), now: now)
      if entry.value(of: .separateOutputStream) == "True" {
        channel.send(exitCode: PipedCommand.exitCode(of: error), now: now)
      }
      enter(.settling, now: now)
    }
  }

  /// The program's streams, or the connections to servers, with what to wait for.
  var interests: [(source: Source, interest: Poll.Interest)] {
    if let ports {
      return ports.interests(reading: readsProgram).map { (.port($0.id), $0.interest) }
    }
    return (program?.interests(reading: readsProgram) ?? []).map { (.program($0.stream), $0.interest) }
  }

  /// To be watched until the program has exited.
  var exitNumber: Int32? { program?.exitNumber }

  /// Output is read only when it can go on: what the client has not taken stays in the terminal or pipe, and
  /// holds back the program that prints.
  var readsProgram: Bool {
    guard phase == .running || phase == .draining, let connection else { return false }
    return channel.hasRoom && connection.queuedByteCount < AgentConnection.queueLimit
  }

  func serve(_ source: Source, _ readiness: Poll.Readiness, now: Instant) {
    switch source {
    case .program(let stream): serve(stream, readiness, now: now)
    case .port(let id):
      guard phase == .running else { return }
      ports?.serve(id, readiness, reading: readsProgram, now: now)
      sendPorts(now: now)
      send(now: now)
    }
  }

  private func serve(_ stream: SessionProgram.Stream, _ readiness: Poll.Readiness, now: Instant) {
    if readiness.contains(.writable) { program?.passOnInput() }
    guard readsProgram, readiness.contains(.readable) || readiness.contains(.hangup) else { return }
    program?.read(stream) { bytes in
      switch stream {
      case .output: channel.send(output: bytes, now: now)
      case .error: channel.send(standardError: bytes, now: now)
      }
    }
    send(now: now)
  }

  func reap(now: Instant) {
    program?.reap()
    if program?.exit != nil { killDue = nil }
  }

  // MARK: - Time and the end

  /// When `advance` must be called at the latest.
  var deadline: Instant? {
    var due = phaseEnds
    for moment in [
      killDue, pingDue, mayResend ? channel.nextDeadline : nil, ports?.deadline, faults?.deadline,
    ] {
      if let moment { due = min(due ?? moment, moment) }
    }
    return due
  }

  /// Sending again helps only when what was sent before has left.
  private var mayResend: Bool { connection?.isBlocked == false }

  /// Does what is due.
  func advance(now: Instant) {
    if let moment = killDue, moment <= now {
      killDue = nil
      program?.kill()
    }
    sendDelayed(now: now)
    guard phase != .closed else { return }
    let isDue = phaseEnds.map { $0 <= now } ?? false
    guard let connection else {
      if isDue { finish("The client did not come back in time.", now: now) }
      return
    }
    if let moment = pingDue, moment <= now {
      connection.stream.ping(Array("keepalive".utf8))
      pingDue = now.advanced(byMicroseconds: Limit.ping)
    }
    do throws(ChannelError) {
      if mayResend { try channel.tick(now: now) }
    } catch {
      return finish(error.description, now: now)
    }
    advancePorts(now: now)
    step(isDue: isDue, now: now)
    send(now: now)
  }

  /// Goes on to the next phase where this one is done.
  private func step(isDue: Bool, now: Instant) {
    if phase == .agreeing, isDue, let handshake { finish(handshake.timeout, now: now) }
    if phase == .running, program?.exit != nil { enter(.draining, now: now) }
    if phase == .draining {
      if program?.hasEndedOutput == true || isDue && readsProgram {
        // A busy machine may have kept this thread from looking since the last of it came.
        for (stream, _) in program?.interests(reading: true) ?? [] { serve(stream, .readable, now: now) }
        reportExit(now: now)
        enter(.settling, now: now)
      } else if isDue {
        enter(.draining, now: now)  // the client holds the rest back: its time is not the children's
      }
    }
    guard phase == .settling else { return }
    if isDue || channel.unacknowledgedCount == 0 {
      finish("", now: now)
    } else if channel.unacknowledgedCount < unsettledCount {
      enter(.settling, now: now)  // it goes on
    }
  }

  func enter(_ phase: Phase, now: Instant) {
    self.phase = phase
    unsettledCount = channel.unacknowledgedCount
    let limit =
      switch phase {
      case .agreeing: AgentHandshake.patience
      case .draining: Limit.draining
      default: Limit.settling
      }
    phaseEnds = now.advanced(byMicroseconds: limit)
  }

  private func reportExit(now: Instant) {
    guard let program, program.reportsExitCode, let exit = program.exit else { return }
    channel.send(exitCode: exit.shellCode, now: now)
  }

  /// Ends the session: tells the client why, and hangs the program up. Without effect once it has ended.
  func finish(_ reason: String, now: Instant) {
    guard phase != .closed else { return }
    phase = .closed
    phaseEnds = nil
    pingDue = nil
    ended = reason
    program?.dropInput()
    ports = nil
    channel.close(output: reason, now: now)
    send(now: now)
    connection?.closeChannel(code: CloseCode.normal, reason: "", now: now)
    if let program {
      program.hangUp()
      if program.exit == nil { killDue = now.advanced(byMicroseconds: Limit.hangingUp) }
    }
  }
}
