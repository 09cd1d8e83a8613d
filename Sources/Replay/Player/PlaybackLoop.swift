import Format
import Platform

/// Drives the player: owns the terminal, signals and time, and gives the terminal back on every way out.
struct PlaybackLoop: ~Copyable {
  /// How playing ended.
  enum Outcome: Equatable, Sendable {
    case finished
    case interrupted
    /// The reader of standard output went away.
    case closed
    /// A signal asked to end; the caller passes it on to itself.
    case signaled(Signal)
  }

  private let reader: RecordingReader
  private let markers: () -> [MomentScale.Marker]
  private var player: Player
  private let time = SystemTime()
  private let signals: SignalDescriptor
  private let output: Descriptor
  private let controls: Controls?
  private let takesKeys: Bool
  private var outgoing: [UInt8] = []
  private var written = 0

  /// A terminal that sends keys; it is in raw mode while this lives.
  private final class Controls {
    let input: Descriptor
    var rawMode: RawMode?
    var decoder = PlayerKeyDecoder()

    init?(_ input: consuming Descriptor) {
      guard let rawMode = RawMode(input) else { return nil }
      self.rawMode = rawMode
      self.input = input
    }
  }

  /// - Parameters:
  ///   - markers: the recording's markers; asked for when a key needs them.
  ///   - takesKeys: whether keys control the player, where there is a terminal; Ctrl-C and Ctrl-Z always do.
  init(
    _ reader: RecordingReader, options: Player.Options, takesKeys: Bool,
    markers: @escaping () -> [MomentScale.Marker]
  ) throws(ReplayError) {
    self.reader = reader
    self.markers = markers
    do throws(Errno) {
      signals = try SignalDescriptor([.interrupt, .terminate, .hangup, .quit, .terminalStop])
    } catch {
      throw .system("signals cannot be watched", error)
    }
    output = Self.openOutput()
    controls = options.isRaw ? nil : Self.openControls()
    self.takesKeys = takesKeys
    player = Player(options, now: time.instant)
  }

  /// Standard output with an open file of its own, so that non-blocking writes do not touch the shell's.
  private static func openOutput() -> Descriptor {
    do throws(Errno) {
      guard Terminal.isTerminal(.standardOutput) else { return .standardOutput }
      let own = try File.open("/proc/self/fd/1", for: .readingAndWriting)
      try own.setNonBlocking(true)
      return own
    } catch {
      return .standardOutput  // without /proc: writes then may block
    }
  }

  /// Keys come from standard input or, where a recording is piped in there, from the controlling terminal. Raw mode is
  /// needed for the picture too: else the terminal would turn line feeds into carriage return and line feed.
  private static func openControls() -> Controls? {
    if Terminal.isTerminal(.standardInput) { return Controls(.standardInput) }
    do throws(Errno) { return Controls(try File.open("/dev/tty", for: .reading)) } catch { return nil }
  }

  /// Plays to the end or until told to stop.
  mutating func run() throws(ReplayError) -> Outcome {
    do throws(ReplayError) {
      let outcome = try play()
      close(outcome)
      return outcome
    } catch {
      close(.finished)
      throw error
    }
  }

  private mutating func play() throws(ReplayError) -> Outcome {
    while true {
      if written == outgoing.count { try refill() }
      if written == outgoing.count, player.isFinished {
        return player.wasInterrupted ? .interrupted : .finished
      }
      if let outcome = try wait() { return outcome }
    }
  }

  private mutating func refill() throws(ReplayError) {
    let reader = reader
    do throws(FormatError) {
      outgoing = try player.play(until: time.instant) { () throws(FormatError) in try reader.nextEvent() }
    } catch {
      throw .recording(error)
    }
    written = 0
  }

  /// Waits for room in the output, keys, signals, or the player's next deadline, and handles what came.
  private mutating func wait() throws(ReplayError) -> Outcome? {
    let wantsToWrite = written < outgoing.count
    var interests = [
      Poll.Interest(signals.descriptor.rawValue, [.readable]),
      Poll.Interest(output.rawValue, wantsToWrite ? [.writable] : []),
    ]
    if let controls { interests.append(Poll.Interest(controls.input.rawValue, [.readable])) }
    let limit = wantsToWrite ? nil : player.deadline.map { $0.microseconds(since: time.instant) }
    do throws(Errno) {
      let ready = try Poll.wait(interests, microseconds: limit)
      if ready[0].contains(.readable) {
        for signal in try signals.read() {
          guard signal == .terminalStop else { return .signaled(signal) }
          suspend()
        }
      }
      if ready[1].contains(.hangup), !wantsToWrite { return .closed }
      if ready[1].contains(.writable) || ready[1].contains(.hangup) { try write() }
      if ready.count > 2, !ready[2].isEmpty { return try readKeys() }
      return nil
    } catch {
      if error == .brokenPipe || error == .connectionReset || error == .inputOutput { return .closed }
      throw .system("the output cannot be written", error)
    }
  }

  private mutating func write() throws(Errno) {
    // A pipe that poll(2) calls writable takes 4,096 bytes without blocking (pipe(7), PIPE_BUF).
    let piece = Array(outgoing[written..<min(outgoing.count, written + 4096)])
    if case .wrote(let count) = try output.write(piece) { written += count }
  }

  private mutating func readKeys() throws(Errno) -> Outcome? {
    guard let controls else { return nil }
    guard case .bytes(let bytes) = try controls.input.read(upTo: 256) else { return .closed }
    for key in controls.decoder.keys(in: bytes) where takesKeys || key == .interrupt || key == .suspend {
      if let request = player.press(key, at: time.instant) { perform(request) }
    }
    if player.isFinished {
      outgoing = []
      written = 0
    }
    return nil
  }

  private mutating func perform(_ request: Player.Request) {
    switch request {
    case .suspend: suspend()
    case .nextMarker(let position):
      if let marker = markers().first(where: { $0.microseconds > position }) {
        player.jump(to: marker.microseconds)
      } else {
        bell()
      }
    case .rewind(let position):
      do throws(FormatError) {
        try reader.seek(toMicroseconds: 0)
        player.rewind(to: position)
        outgoing = []
        written = 0
      } catch {
        bell()  // what cannot be read again now still plays on
      }
    }
  }

  private mutating func bell() {
    outgoing = Array(outgoing[written...]) + [0x07]
    written = 0
  }

  /// Stops this process as Ctrl-Z does, with the terminal as it was before, and takes it again afterwards.
  private mutating func suspend() {
    undo()
    controls?.rawMode?.restore()
    try? Signal.stop.send(to: 0)  // to the whole job, as the terminal would; our own group always exists
    if let controls { controls.rawMode = RawMode(controls.input) }
    if let request = player.resume(at: time.instant) { perform(request) }
  }

  private mutating func close(_ outcome: Outcome) {
    if outcome != .closed { undo() }
    controls?.rawMode?.restore()
  }

  /// Undoes what the recording did to the terminal. A terminal that takes nothing for a second is left alone.
  private mutating func undo() {
    let closing = player.closing
    let deadline = time.instant.advanced(byMicroseconds: 1_000_000)
    var start = 0
    while start < closing.count {
      let left = deadline.microseconds(since: time.instant)
      guard left > 0 else { return }
      do throws(Errno) {
        let ready = try Poll.wait([Poll.Interest(output.rawValue, [.writable])], microseconds: left)
        guard ready[0].contains(.writable) else { continue }
        if case .wrote(let count) = try output.write(closing, from: start) { start += count }
      } catch {
        return  // the terminal is gone: nothing is left to undo
      }
    }
  }
}
