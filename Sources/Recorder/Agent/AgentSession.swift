import Platform

/// One session on the agent's side: the shell, the channel to its client, and the way from start to end.
///
/// ```
/// waiting ─ client opens ─▶ running ─ shell exits ─▶ draining ─ terminal empty ─▶ settling ─ acknowledged ─▶ closed
///    └──────────── TerminateSession, no client for too long, no shell, stop of the agent ───────────────────▶┘
/// ```
final class AgentSession {
  private enum Phase {
    case waiting, running
    /// The shell has exited. What it and its children left in the terminal is still sent.
    case draining
    /// Everything is sent; the client's acknowledgements are awaited.
    case settling
    case closed
  }

  /// Microseconds.
  private enum Limit {
    /// For a client to come after StartSession; a person may copy the answer by hand.
    static let firstClient: Int64 = 300_000_000
    /// For children that keep the terminal open after the shell's exit.
    static let draining: Int64 = 1_000_000
    static let settling: Int64 = 2_000_000
    /// From the hang-up until a program that does not care is killed.
    static let hangingUp: Int64 = 2_000_000
    /// Between two pings, as the official agent sends them.
    static let ping: Int64 = 54_000_000
  }

  /// Typed bytes that the terminal has not taken: above the first number the client is not read, unless output
  /// waits for its acknowledgements; above the second, input is not acknowledged, so that it comes again.
  private static let inputLimit = 256 << 10
  private static let inputHardLimit = 4 << 20
  /// Most bytes read from the terminal in one turn of the loop.
  private static let readBudget = 64 << 10

  let id: String
  private let entry: SessionEntry
  private let configuration: AgentConfiguration
  private var phase = Phase.waiting
  private var channel: AgentChannel
  private var shell: Shell?
  private var terminalHasEnded = false
  private var connection: AgentConnection?
  /// Typed, not yet taken by the terminal.
  private var input: [UInt8] = []
  /// When the phase, or the wait for a client, is over; nil: no limit runs.
  private var phaseEnds: Instant?
  private var killDue: Instant?
  private var pingDue: Instant?
  /// Why it ended, empty for a shell that exited; nil while it lives.
  private(set) var ended: String?

  init(_ entry: SessionEntry, _ configuration: AgentConfiguration, now: Instant, timestamp: Timestamp) {
    id = entry.id
    self.entry = entry
    self.configuration = configuration
    // As the official agent: a client that was suspended for hours finds its session where it left it.
    let limits = SendWindow.Limits(patience: .max)
    channel = AgentChannel(
      sessionID: entry.id, target: entry.target, limits: limits, now: now, timestamp: timestamp)
    phaseEnds = now.advanced(byMicroseconds: Limit.firstClient)
  }

  /// Whether nothing is left: the client knows of the end, and the shell is gone.
  var isGone: Bool { phase == .closed && connection == nil && (shell == nil || shell?.exit != nil) }

  // MARK: - The client

  /// A client opened the channel, for the first time or again.
  func attach(_ connection: AgentConnection, now: Instant) {
    if let before = self.connection, before !== connection { before.close() }
    self.connection = connection
    pingDue = now.advanced(byMicroseconds: Limit.ping)
    phaseEnds = nil
    switch phase {
    case .waiting: start(now: now)
    case .running: channel.reconnect(now: now)
    case .draining, .settling:
      channel.reconnect(now: now)
      enter(phase, now: now)
    case .closed: break
    }
    send()
  }

  /// The client's connection is gone. Until the orphan time is over, it may come back.
  func detach(_ connection: AgentConnection, now: Instant) {
    guard self.connection === connection else { return }
    self.connection = nil
    pingDue = nil
    if phase != .closed { phaseEnds = now.advanced(byMicroseconds: configuration.orphanTimeoutMicroseconds) }
  }

  /// Whether the client's bytes are wanted.
  var takesInput: Bool { input.count < Self.inputLimit || !channel.hasRoom }

  /// Takes one message of the client.
  func receive(_ message: [UInt8], now: Instant) {
    if input.count >= Self.inputHardLimit, message.count >= AgentMessage.headerByteCount,
      MessageType(reading: message, at: AgentMessage.Offset.type).isStreamData
    {
      return
    }
    for happening in channel.receive(message, now: now) {
      switch happening {
      case .input(let bytes, _): input += bytes
      case .size(let size, _): shell?.resize(size)
      // The shell takes no flags, asks for no handshake, and keeps no log.
      case .flag, .handshakeResponse, .ignored: break
      }
    }
    type()
    send()
  }

  private func type() {
    guard !input.isEmpty, let shell else { return }
    let count = shell.write(input)
    if count > 0 { input.removeFirst(count) }
  }

  /// Hands what the channel has to say to the connection.
  private func send() {
    guard let connection else { return }
    for message in channel.takeOutgoing() { connection.stream.send(message) }
  }

  // MARK: - The shell

  private func start(now: Instant) {
    do throws(AgentError) {
      shell = try Shell(try Shell.program(for: entry, configuration))
      phase = .running
    } catch {
      finish(error.description, now: now)
    }
  }

  /// The terminal with what to wait for; nil where there is nothing.
  var terminalInterest: Poll.Interest? {
    guard let number = shell?.terminalNumber, !terminalHasEnded else { return nil }
    var readiness: Poll.Readiness = []
    if readsTerminal { readiness.insert(.readable) }
    if !input.isEmpty { readiness.insert(.writable) }
    return readiness.isEmpty ? nil : Poll.Interest(number, readiness)
  }

  /// To be watched until the shell has exited.
  var exitNumber: Int32? { shell?.exitNumber }

  /// Output is read only when it can go on: what the client has not taken stays in the terminal, and holds
  /// back the program that prints.
  private var readsTerminal: Bool {
    guard phase == .running || phase == .draining, let connection else { return false }
    return channel.hasRoom && connection.queuedByteCount < AgentConnection.queueLimit
  }

  func serveTerminal(_ readiness: Poll.Readiness, now: Instant) {
    if readiness.contains(.writable) { type() }
    guard readsTerminal, readiness.contains(.readable) || readiness.contains(.hangup), let shell else {
      return
    }
    var output: [UInt8] = []
    reading: while output.count < Self.readBudget {
      // A pty gives at most 4 KiB at once.
      switch shell.read(upTo: 4096) {
      case .bytes(let bytes): output += bytes
      case .nothingNow: break reading
      case .end:
        terminalHasEnded = true
        break reading
      }
    }
    channel.send(output: output, now: now)
    send()
  }

  func reap(now: Instant) {
    shell?.reap()
    if shell?.exit != nil { killDue = nil }
  }

  // MARK: - Time and the end

  /// When `advance` must be called at the latest.
  var deadline: Instant? {
    var due = phaseEnds
    for moment in [killDue, pingDue, mayResend ? channel.nextDeadline : nil] {
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
      shell?.kill()
    }
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
    step(isDue: isDue, now: now)
    send()
  }

  /// Goes on to the next phase where this one is done.
  private func step(isDue: Bool, now: Instant) {
    if phase == .running, shell?.exit != nil { enter(.draining, now: now) }
    if phase == .draining {
      if terminalHasEnded || isDue && readsTerminal {
        enter(.settling, now: now)
      } else if isDue {
        enter(.draining, now: now)  // the client holds the rest back: its time is not the children's
      }
    }
    if phase == .settling, isDue || channel.unacknowledgedCount == 0 { finish("", now: now) }
  }

  private func enter(_ phase: Phase, now: Instant) {
    self.phase = phase
    phaseEnds = now.advanced(byMicroseconds: phase == .draining ? Limit.draining : Limit.settling)
  }

  /// Ends the session: tells the client why, and hangs the shell up. Without effect once it has ended.
  func finish(_ reason: String, now: Instant) {
    guard phase != .closed else { return }
    phase = .closed
    phaseEnds = nil
    pingDue = nil
    ended = reason
    input = []
    channel.close(output: reason, now: now)
    send()
    connection?.closeChannel(code: CloseCode.normal, reason: "", now: now)
    if let shell {
      shell.hangUp()
      if shell.exit == nil { killDue = now.advanced(byMicroseconds: Limit.hangingUp) }
    }
  }
}
