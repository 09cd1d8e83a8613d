import Format
import Platform

/// How playing ended.
enum PlaybackOutcome: Equatable, Sendable {
  case finished
  case interrupted
  /// The reader of standard output went away.
  case closed
  /// A signal asked to end; the caller passes it on to itself.
  case signaled(Signal)
}

/// Drives the player on a terminal: owns it, signals and time, and gives the terminal back on every way out.
struct PlaybackLoop: ~Copyable {
  /// What the loop does for the player outside of the terminal.
  struct Surroundings {
    /// Where markers go; nil: the recording is no file.
    var markers: MarkerFile?
    /// A map that is being made, and where it will be.
    var map: (background: BackgroundMap, sidecar: String)?
    /// Commands of a long recording, which take longer to find than keyframes.
    var commands: BackgroundCommands?
  }

  /// Shortest time between two pictures, in microseconds.
  private static let frameTime: Int64 = 16_000

  private var player: Player
  private var surroundings: Surroundings
  private var painter = TerminalPainter()
  private let time = SystemTime()
  private let signals: SignalDescriptor
  private let output: Descriptor
  private let controls: Controls?
  private var outgoing: [UInt8] = TerminalPainter.opening
  private var written = 0
  private var lastFrame: Instant?
  /// When playing, and the reading for the map, began.
  private let start: Instant

  /// A terminal that sends keys; it is in raw mode while this lives.
  private final class Controls {
    let input: Descriptor
    var rawMode: RawMode?
    var decoder = KeyDecoder()

    init?(_ input: consuming Descriptor) {
      guard let rawMode = RawMode(input) else { return nil }
      self.rawMode = rawMode
      self.input = input
    }
  }

  init(_ player: Player, _ surroundings: Surroundings) throws(ReplayError) {
    self.player = player
    self.surroundings = surroundings
    do throws(Errno) {
      signals = try SignalDescriptor([
        .interrupt, .terminate, .hangup, .quit, .terminalStop, .windowChange,
      ])
    } catch {
      throw .system("signals cannot be watched", error)
    }
    output = Self.openOutput()
    start = time.instant
    controls = Self.openControls()
  }

  /// Standard output with an open file of its own, so that non-blocking writes do not touch the shell's.
  private static func openOutput() -> Descriptor {
    do throws(Errno) {
      let own = try File.open("/proc/self/fd/1", for: .readingAndWriting)
      try own.setNonBlocking(true)
      return own
    } catch {
      return .standardOutput  // without /proc: writes then may block
    }
  }

  /// Keys come from standard input or, where a recording is piped in there, from the controlling terminal.
  private static func openControls() -> Controls? {
    if Terminal.isTerminal(.standardInput) { return Controls(.standardInput) }
    do throws(Errno) { return Controls(try File.open("/dev/tty", for: .reading)) } catch { return nil }
  }

  /// Plays until the viewer or a signal ends it.
  mutating func run() throws(ReplayError) -> PlaybackOutcome {
    do throws(ReplayError) {
      let outcome = try play()
      close(outcome)
      return outcome
    } catch {
      close(.finished)
      throw error
    }
  }

  /// What the viewer asked to have printed.
  var notes: [String] { player.notes }

  private mutating func play() throws(ReplayError) -> PlaybackOutcome {
    try reading { player throws(FormatError) in try player.open() }
    while true {
      let now = time.instant
      takeMap()
      try reading { player throws(FormatError) in try player.advance(to: now) }
      if player.isFinished { return player.wasInterrupted ? .interrupted : .finished }
      draw(now)
      if let outcome = try wait() { return outcome }
    }
  }

  private mutating func reading(
    _ body: (inout Player) throws(FormatError) -> Void
  ) throws(ReplayError) {
    do throws(FormatError) { try body(&player) } catch { throw .recording(error) }
  }

  /// Makes the next picture, unless the last one is still being written or was made just now.
  private mutating func draw(_ now: Instant) {
    guard written == outgoing.count else { return }
    if let lastFrame, now.microseconds(since: lastFrame) < Self.frameTime { return }
    outgoing = painter.paint(player.frame())
    written = 0
    lastFrame = now
  }

  /// Uses the map once it is there.
  private mutating func takeMap() {
    if let commands = surroundings.commands?.commands {
      player.facts.commands = commands
      surroundings.commands = nil
    }
    guard let (background, sidecar) = surroundings.map else { return }
    switch background.state {
    case .building(let done, let total):
      player.reading = ReadingProgress(
        done: done, total: total, elapsedMicroseconds: time.instant.microseconds(since: start))
    case .failed: (player.reading, surroundings.map) = (nil, nil)
    case .ready:
      (player.reading, surroundings.map) = (nil, nil)
      guard let file = MapFile(sidecar) else { return }
      player.tape.use(file)
      player.facts.add(file.map)
    }
  }

  /// Waits for room in the output, keys, signals, or the next moment, and handles what came.
  private mutating func wait() throws(ReplayError) -> PlaybackOutcome? {
    let wantsToWrite = written < outgoing.count
    var interests = [
      Poll.Interest(signals.descriptor.rawValue, [.readable]),
      Poll.Interest(output.rawValue, wantsToWrite ? [.writable] : []),
    ]
    if let controls { interests.append(Poll.Interest(controls.input.rawValue, [.readable])) }
    do throws(Errno) {
      let ready = try Poll.wait(interests, microseconds: waitingTime(wantsToWrite))
      if ready[0].contains(.readable) {
        for signal in try signals.read() {
          switch signal {
          case .terminalStop: suspend()
          case .windowChange: resize()
          default: return .signaled(signal)
          }
        }
      }
      if ready[1].contains(.hangup), !wantsToWrite { return .closed }
      if ready[1].contains(.writable) || ready[1].contains(.hangup) { try write() }
      if ready.count > 2, !ready[2].isEmpty { return try readKeys() }
      return nil
    } catch {
      if error == .brokenPipe || error == .connectionReset || error == .inputOutput { return .closed }
      throw .system("the terminal cannot be used", error)
    }
  }

  /// Until the player has something new, its picture is due, or the map may have come on.
  private func waitingTime(_ wantsToWrite: Bool) -> Int64? {
    let now = time.instant
    var times: [Int64] = []
    if let deadline = player.deadline {
      let frame = lastFrame.map { Self.frameTime - now.microseconds(since: $0) } ?? 0
      let wait = deadline.microseconds(since: now)
      // Searching goes on at once; else nothing is seen before the next picture.
      times.append(player.search != nil ? 0 : max(0, wait, wantsToWrite ? Self.frameTime : frame))
    } else if !wantsToWrite, let lastFrame, now.microseconds(since: lastFrame) < Self.frameTime {
      times.append(Self.frameTime)
    }
    if surroundings.map != nil || surroundings.commands != nil { times.append(200_000) }
    return times.min()
  }

  private mutating func write() throws(Errno) {
    let piece = Array(outgoing[written..<min(outgoing.count, written + 4096)])
    if case .wrote(let count) = try output.write(piece) { written += count }
  }

  private mutating func readKeys() throws(Errno) -> PlaybackOutcome? {
    guard let controls else { return nil }
    guard case .bytes(let bytes) = try controls.input.read(upTo: 256) else { return .closed }
    for key in controls.decoder.keys(in: bytes) {
      do throws(FormatError) {
        if let request = try player.press(key, at: time.instant) { perform(request) }
      } catch {
        player.say(error.description.printable)  // what was on the screen stays there
      }
      if player.isFinished { break }
    }
    lastFrame = nil
    return nil
  }

  private mutating func perform(_ request: Player.Request) {
    switch request {
    case .suspend: suspend()
    case .addMarker(let marker):
      guard let file = surroundings.markers else {
        player.say("a recording from a pipe has no place for markers")
        return
      }
      do throws(Errno) {
        try file.append(marker)
        player.facts.add([marker])
        player.say("marker added to \(file.path.printable)")
      } catch {
        player.say("\(file.path.printable): \(error)")
      }
    }
  }

  private mutating func resize() {
    if let size = Terminal.size(of: .standardOutput) { player.size = size }
    painter.forget()
    lastFrame = nil
  }

  /// Stops this process as Ctrl-Z does, with the terminal as it was before, and takes it again afterwards.
  private mutating func suspend() {
    undo()
    controls?.rawMode?.restore()
    try? Signal.stop.send(to: 0)  // to the whole job, as the terminal would; our own group always exists
    if let controls { controls.rawMode = RawMode(controls.input) }
    outgoing = TerminalPainter.opening
    written = 0
    resize()
    player.resume(at: time.instant)
  }

  private mutating func close(_ outcome: PlaybackOutcome) {
    surroundings.map?.background.stop()
    surroundings.commands?.stop()
    if outcome != .closed { undo() }
    controls?.rawMode?.restore()
  }

  /// Gives the screen back. A sequence that is only half written is ended first; a terminal that takes nothing for a
  /// second is left alone.
  private mutating func undo() {
    let closing = (written < outgoing.count && written > 0 ? [0x18] : []) + TerminalPainter.closing
    (outgoing, written) = ([], 0)
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

extension Player.Facts {
  /// Takes what the map tells; markers of the sidecar stay.
  mutating func add(_ map: RecordingMap) {
    length = max(length ?? 0, map.microseconds)
    if !map.commands.isEmpty { commands = map.commands }
    add(map.markers)
  }

  mutating func add(_ more: [MomentScale.Marker]) {
    markers = (markers + more.filter { !markers.contains($0) }).sorted { $0.microseconds < $1.microseconds }
  }
}
