import Format
import Platform

/// Plays a recording as a pure machine: it gets the time, keys and events, and says what to write and when to ask again.
///
/// It writes recorded output, so going back means writing everything again from the start, at once.
struct Player {
  struct Options: Equatable, Sendable {
    /// Recorded seconds shown in one second.
    var speed: Double
    /// Longest pause shown, in microseconds of the recording; nil: all of them.
    var idleLimit: Int64?
    /// Microseconds: what came up to here is written at once.
    var start: Int64
    /// Microseconds: what comes later is not shown.
    var end: Int64?
    /// Whether output goes through as recorded (into a pipe) or only what is safe to draw (on a terminal).
    var isRaw: Bool
    /// Whether the recording can be read again from its start.
    var canRewind: Bool
  }

  /// Limits of the speed keys.
  static let slowest = 0.25
  static let fastest = 64.0
  /// One call of `play` gives little more than this many bytes, so that keys are read in between.
  static let portion = 1 << 16
  /// How far the arrow keys go, in microseconds.
  static let leap: Int64 = 5_000_000

  /// What a key needs from outside.
  enum Request: Equatable, Sendable {
    /// The time of the first marker after these microseconds, for `jump`.
    case nextMarker(after: Int64)
    /// Events from the recording's start again, then `rewind` to these microseconds.
    case rewind(to: Int64)
    case suspend
  }

  private let options: Options
  private(set) var speed: Double
  private(set) var isPaused = false
  private(set) var isFinished = false
  /// Whether Ctrl-C ended it.
  private(set) var wasInterrupted = false
  private(set) var isShowingHelp = false
  private var filter = SafeOutput()
  /// The moment up to which time has been counted.
  private var clock: Instant
  /// Microseconds of the recording that may be shown and are not yet.
  private var credit = 0.0
  /// The recording's time that is shown, in microseconds.
  private var position: Int64 = 0
  /// Everything up to here is written without waiting.
  private var target: Int64
  private var pending: Event?
  private var wantsStep = false
  private var waitingBytes: [UInt8] = []

  init(_ options: Options, now: Instant) {
    self.options = options
    speed = options.speed
    clock = now
    target = options.start
  }

  /// Microseconds of recording between the last thing shown and `event`, with long pauses cut.
  private func gap(before event: Event) -> Double {
    let gap = max(0, event.microseconds - position)
    return Double(options.idleLimit.map { min($0, gap) } ?? gap)
  }

  /// Advances to `now` and gives what is to be written. `next` is asked for events as they are needed; nil is the end.
  mutating func play<Failure: Error>(
    until now: Instant, from next: () throws(Failure) -> Event?
  ) throws(Failure) -> [UInt8] {
    count(until: now)
    var output: [UInt8] = []
    swap(&output, &waitingBytes)
    while output.count < Self.portion, !isFinished {
      guard let event = try pendingEvent(from: next) else { break }
      if let end = options.end, event.microseconds > end {
        isFinished = true
        break
      }
      if event.microseconds > target, !wantsStep {
        position = max(position, target)
        let gap = gap(before: event)
        if isStill || gap > credit { break }
        credit -= gap
      }
      show(event, into: &output)
    }
    return output
  }

  /// The next event that is shown; others only pass their time on.
  private mutating func pendingEvent<Failure: Error>(
    from next: () throws(Failure) -> Event?
  ) throws(Failure) -> Event? {
    while pending == nil {
      guard let event = try next() else {
        isFinished = true
        return nil
      }
      if event.code == .output || event.code == .standardError || event.code == .marker { pending = event }
    }
    return pending
  }

  private mutating func show(_ event: Event, into output: inout [UInt8]) {
    pending = nil
    if wantsStep { credit = 0 }
    position = max(position, event.microseconds)
    guard event.code != .marker else { return }
    wantsStep = false
    if options.isRaw { output += event.bytes } else { filter.append(event.bytes, to: &output) }
  }

  /// When `play` has something new; nil while only a key can change anything.
  var deadline: Instant? {
    if isFinished || !waitingBytes.isEmpty { return clock }
    guard let event = pending else { return clock }
    if event.microseconds <= target || wantsStep { return clock }
    if isStill { return nil }
    let wait = max(0, gap(before: event) - credit) / speed
    return clock.advanced(byMicroseconds: Int64(min(wait, 1e15).rounded(.up)))
  }

  private var isStill: Bool { isPaused || isShowingHelp }

  private mutating func count(until now: Instant) {
    if !isStill { credit += Double(max(0, now.microseconds(since: clock))) * speed }
    clock = now
  }

  /// What undoes the recording's changes to the terminal.
  var closing: [UInt8] {
    if options.isRaw { return [] }
    let isHelpExtra = isShowingHelp && !filter.isAlternateScreen
    return (isHelpExtra ? Array(PlayerHelp.close.utf8) : []) + filter.reset
  }

  /// Goes on after the process was stopped, as if no time had passed. What `closing` undid is drawn again where it can be.
  mutating func resume(at now: Instant) -> Request? {
    clock = now
    isShowingHelp = false
    return options.canRewind && !options.isRaw ? .rewind(to: position) : nil
  }

  /// Draws the picture of a moment anew; the next events are those from the recording's start.
  mutating func rewind(to microseconds: Int64) {
    waitingBytes = filter.reset + Array("\u{1B}[H\u{1B}[2J".utf8)
    filter = SafeOutput()
    pending = nil
    (position, target, credit, wantsStep) = (0, max(0, microseconds), 0, false)
  }

  /// The recording's time that is reached, between events too.
  private var current: Int64 { max(position, target) + Int64(min(credit, 1e15)) }

  /// Shows everything up to `microseconds` at once, the next time `play` is called.
  mutating func jump(to microseconds: Int64) {
    target = max(target, microseconds)
    credit = 0
  }

  mutating func press(_ key: PlayerKey, at now: Instant) -> Request? {
    count(until: now)
    if isShowingHelp, key != .quit, key != .interrupt, key != .suspend {
      isShowingHelp = false
      if filter.isAlternateScreen { return .rewind(to: position) }
      waitingBytes += PlayerHelp.close.utf8
      return nil
    }
    switch key {
    case .pause: isPaused.toggle()
    case .step: if isPaused { wantsStep = true } else { isPaused = true }
    case .faster: speed = min(max(speed * 2, Self.slowest), max(speed, Self.fastest))
    case .slower: speed = max(min(speed / 2, Self.fastest), min(speed, Self.slowest))
    case .normalSpeed: speed = 1
    case .forward: jump(to: current + Self.leap)
    case .back:
      if options.canRewind { return .rewind(to: max(0, current - Self.leap)) }
      waitingBytes.append(0x07)
    case .nextMarker: return .nextMarker(after: max(position, target))
    case .help: showHelp()
    case .quit: isFinished = true
    case .interrupt: (isFinished, wasInterrupted) = (true, true)
    case .suspend: return .suspend
    case .other: break
    }
    return nil
  }

  /// The help covers the screen, so it is shown only where the screen can be brought back: by the terminal, which has
  /// two of them, or by drawing again.
  private mutating func showHelp() {
    guard !options.isRaw, !filter.isAlternateScreen || options.canRewind else {
      waitingBytes.append(0x07)
      return
    }
    isShowingHelp = true
    waitingBytes += PlayerHelp.open(speed: speed, position: position).utf8
  }
}
