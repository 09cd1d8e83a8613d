import Format
import Platform

/// One thread, one loop: the terminal on one side, the data channel on the other, the recorder between them.
///
/// Owns no protocol: `SessionLink` speaks it, `SessionTerminal` moves the person's bytes, `SessionRecorder`
/// keeps what happened. The loop only waits, passes on and stops.
final class SessionLoop {
  /// How a session ended in order.
  enum Ending: Equatable {
    /// The service closed the channel; `output` is its message, empty for a normal end.
    case closed(output: String)
    /// The session was over when its connection was to be resumed.
    case timedOut
    /// A signal asked this program to end.
    case signaled(Signal)
    /// A port session was ended from here: by a signal, or because nobody is there any more whom its stream could
    /// serve. The agent has acknowledged that, or the service must be told.
    case left(Signal?, agentKnows: Bool)
  }

  /// What the signals of a caller mean.
  struct SignalPolicy {
    /// Signals that end the session.
    var ending: [Signal]
    /// Signals that are typed into the session as a control character (protocol §8.1).
    var typed: [Signal: UInt8]

    /// `ssmrec`: a signal from outside ends the session.
    static let client = SignalPolicy(ending: [.terminate, .hangup, .interrupt, .quit], typed: [:])
    /// The plugin: the AWS CLI ignores these while it waits, so they are meant for the session.
    static let plugin = SignalPolicy(
      ending: [.terminate, .hangup], typed: [.interrupt: 0x03, .quit: 0x1C, .terminalStop: 0x1A])
  }

  let terminal: SessionTerminal
  let link: SessionLink
  private let recorder: SessionRecorder?
  private let signals: SignalDescriptor
  private let policy: SignalPolicy
  let time: SystemTime
  private let fallbackSize: WindowSize
  /// Told what the person should know while the session runs.
  private let warn: (String) -> Void
  let voice: SessionVoice
  let sessionID: String
  private var reportedSize: WindowSize?
  /// nil where nobody sits at the keys.
  private var escapes: EscapeKeys?
  /// What a port session does here; nil for every other.
  var ports: LocalPorts?
  /// Whether the session got as far as running.
  var hasStarted: Bool { link.isStarted }
  /// The session's exit status, where its type reports one.
  private(set) var exitCode: Int32?

  /// More than this many bytes on their way to programs here, and nothing is read from the network whatever
  /// the far end waits for.
  private static let hardLimit = 16 << 20

  init(
    terminal: SessionTerminal, recorder: SessionRecorder?, policy: SignalPolicy, sessionID: String,
    fallbackSize: WindowSize, time: SystemTime, voice: SessionVoice, warn: @escaping (String) -> Void,
    connect: (_ signals: Int32) throws(SessionError) -> SessionLink
  ) throws(SessionError) {
    self.terminal = terminal
    self.recorder = recorder
    self.policy = policy
    self.sessionID = sessionID
    self.fallbackSize = fallbackSize
    self.time = time
    self.voice = voice
    self.warn = warn
    escapes = terminal.isInteractive ? EscapeKeys() : nil
    do throws(Errno) {
      signals = try SignalDescriptor(policy.ending + Array(policy.typed.keys) + [.windowChange])
    } catch {
      throw .terminal(error)
    }
    Signal.pipe.ignore()
    Signal.fileSizeLimit.ignore()
    link = try connect(signals.descriptor.rawValue)
  }

  /// Ends the connection without asking anybody.
  func closeLink() { link.close() }

  /// Runs the session to its end. The terminal has its settings back whatever happens.
  func run() throws(SessionError) -> Ending {
    defer { terminal.restore() }
    while true {
      if let ending = try turn() {
        do throws(Errno) {
          try terminal.drain(microseconds: 5_000_000, time: time)
        } catch {
          throw .output(error)
        }
        try drainPorts()
        return ending
      }
    }
  }

  /// Waits once and passes on what is there.
  private func turn() throws(SessionError) -> Ending? {
    let takesInput = link.wantsInput && !forwardsPort
    let start = time.instant
    var interests = terminal.interests(wantsInput: takesInput && !terminal.hasTypedAhead)
    interests.append(Poll.Interest(signals.descriptor.rawValue, [.readable]))
    // While nobody takes what came, nothing more is fetched: the service waits, memory stays flat. Unless our
    // own bytes wait for acknowledgements that stand behind it: both ends would wait for ever.
    let queued = terminal.queuedByteCount + (ports?.port?.queuedByteCount ?? 0)
    let holdsBack = queued > SessionTerminal.outputLimit && (link.hasRoom || queued > Self.hardLimit)
    var connection = link.interest
    if holdsBack { connection.readiness.remove(.readable) }
    interests.append(connection)
    interests += ports?.port?.interests(sending: link.wantsInput, now: start) ?? []

    let ready: [Poll.Readiness]
    do throws(Errno) {
      ready = try Poll.wait(interests, microseconds: timeout)
    } catch {
      throw .terminal(error)
    }
    let now = time.instant
    if !ready[2].isEmpty, let ending = try takeSignals(now) { return ending }
    if terminal.isStream, ready[1].contains(.hangup) { terminal.noteHangup() }
    if !ready[0].isEmpty || takesInput && terminal.hasTypedAhead, let ending = try takeInput(now) {
      return ending
    }
    let canRead = !holdsBack || ready[3].contains(.hangup) || ready[3].contains(.writable)
    var ending = try takeHappenings(canRead ? ready[3] : [], now)
    if ending == nil { ending = try servePorts(ready.dropFirst(4), now) }
    try record { recorder throws(FormatError) in try recorder.flush(now: now) }
    do throws(Errno) {
      try terminal.write()
    } catch {
      throw .output(error)
    }
    return ending
  }

  /// Microseconds until the next thing is due; nil where nothing is.
  private var timeout: Int64? {
    if link.wantsInput, terminal.hasTypedAhead, !forwardsPort { return 0 }
    let due = [link.deadline, recorder?.flushDueAt, ports?.deadline].compactMap { $0 }.min()
    return due.map { max(0, $0.microseconds(since: time.instant)) }
  }

  private func takeSignals(_ now: Instant) throws(SessionError) -> Ending? {
    let received: [Signal]
    do throws(Errno) {
      received = try signals.read()
    } catch {
      throw .terminal(error)
    }
    for signal in received {
      if signal == .windowChange {
        if ports == nil { try reportSize(now) }
      } else if ports != nil {
        // Signals of the terminal are meant for ssh, which has it.
        if terminal.isStream, policy.typed[signal] != nil { continue }
        return leave(signal)
      } else if let key = policy.typed[signal], link.isStarted {
        try type([key], now)
      } else {
        return .signaled(signal)
      }
    }
    return nil
  }

  private func takeInput(_ now: Instant) throws(SessionError) -> Ending? {
    let input: SessionTerminal.Input
    do throws(Errno) {
      input = try terminal.read()
    } catch  where error == .inputOutput {
      return nil  // the terminal is gone; SIGHUP says what to do about it
    } catch {
      throw .terminal(error)
    }
    switch input {
    case .bytes(let bytes) where ports == nil: return try takeKeys(bytes, now)
    case .bytes(let bytes):
      link.send(input: bytes, now: now)
      try record(.sent(LocalPorts.standardStream, bytes), now)
    case .end: ports?.endStream(now: now)
    case .nothing: break
    }
    return nil
  }

  /// Types keys, less those that are for this program.
  private func takeKeys(_ bytes: [UInt8], _ now: Instant) throws(SessionError) -> Ending? {
    for step in escapes?.take(bytes) ?? [.keys(bytes)] {
      switch step {
      case .keys(let keys): try type(keys, now)
      case .help: terminal.withCookedMode { warn(EscapeKeys.help) }
      case .off: break
      case .end:
        try record { recorder throws(FormatError) in
          try recorder.state("escape", [JSON.Member("keys", "~.")], now: now)
        }
        return .left(nil, agentKnows: false)
      }
    }
    return nil
  }

  private func type(_ bytes: [UInt8], _ now: Instant) throws(SessionError) {
    // Ctrl-C is the way out of waiting for a connection: nobody else can hear it then.
    if link.isDisconnected, bytes.contains(0x03) { throw .abandoned }
    link.send(input: bytes, now: now)
    try record { recorder throws(FormatError) in try recorder.input(bytes, now: now) }
  }

  private func takeHappenings(_ ready: Poll.Readiness, _ now: Instant) throws(SessionError) -> Ending? {
    var output: [UInt8] = []
    var ending: Ending?
    for happening in try link.process(ready, now: now) {
      switch happening {
      case .output(let bytes):
        // What came in one piece is one event: same moment, fewer lines.
        output += bytes
        if !forwardsPort { terminal.show(bytes) }
        continue
      case .closed(let text): ending = .closed(output: text)
      case .timedOut: ending = .timedOut
      default: break
      }
      try flushOutput(&output, now)
      try take(happening, now)
    }
    try flushOutput(&output, now)
    return ending
  }

  /// Acts on everything but output, which goes together.
  private func take(_ happening: SessionLink.Happening, _ now: Instant) throws(SessionError) {
    switch happening {
    case .started:
      if link.sessionType == .port { return try beginPorts(now) }
      voice.settle(isStream: false)
      // Without a terminal on the far side, nobody there makes lines end with CR LF or hears Ctrl-C.
      if link.sessionType != .nonInteractiveCommands { terminal.enterRawMode() }
      try reportSize(now)
    case .standardError(let bytes):
      terminal.show(bytes)
      try record { recorder throws(FormatError) in try recorder.standardError(bytes, now: now) }
    case .message(let text) where link.sessionType == .port: voice.say("\(text)\n")
    case .message(let text): terminal.show(Array("\(text)\n".utf8))
    case .exitCode(let code, let text):
      terminal.show(text)
      exitCode = code
      if let code { try record { recorder throws(FormatError) in try recorder.exit(code, now: now) } }
    case .state(let name, let details):
      try record { recorder throws(FormatError) in try recorder.state(name, details, now: now) }
    case .disconnected(let cause):
      try record { recorder throws(FormatError) in
        try recorder.state("disconnected", [JSON.Member("cause", .string(cause))], now: now)
      }
      tell("\(cause); resuming the session (Ctrl-C gives up)")
    case .resumed:
      try record { recorder throws(FormatError) in try recorder.state("resumed", now: now) }
      tell("the session is resumed")
    case .flag(let number): takeFlag(number, now)
    case .output, .closed, .timedOut: break
    }
  }

  private func flushOutput(_ output: inout [UInt8], _ now: Instant) throws(SessionError) {
    if output.isEmpty { return }
    let bytes = output
    output = []
    if ports != nil {
      try takePortBytes(bytes, now)
    } else {
      try record { recorder throws(FormatError) in try recorder.output(bytes, now: now) }
    }
    try record { recorder throws(FormatError) in try recorder.witness(link.lastOrigin, now: now) }
  }

  /// Tells the far end and the recording the window's size, where it changed.
  private func reportSize(_ now: Instant) throws(SessionError) {
    let size = terminal.size ?? fallbackSize
    guard link.isStarted, size != reportedSize else { return }
    reportedSize = size
    link.send(size: size, now: now)
    try record { recorder throws(FormatError) in try recorder.resize(size, now: now) }
  }

  func record(_ body: (SessionRecorder) throws(FormatError) -> Void) throws(SessionError) {
    guard let recorder else { return }
    do throws(FormatError) {
      try body(recorder)
    } catch {
      throw .recording(path: recorder.path, error)
    }
    if let warning = recorder.takeWarning() { tell(warning) }
  }

  /// Says something to the person on a line of its own, whatever the session has on the screen.
  private func tell(_ text: String) {
    terminal.withCookedMode { warn(text) }
  }
}
