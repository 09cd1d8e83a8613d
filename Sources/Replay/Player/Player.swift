import Format
import Platform

/// Plays a recording as a pure machine: it gets the time and keys, and says what to show and when to ask again.
///
/// It runs over a `Tape`, so every moment is as near as any other. What it shows is a `Canvas` of the viewer's size;
/// nothing of the recorded bytes leaves it.
struct Player {
  struct Options: Equatable, Sendable {
    /// Recorded seconds shown in one second.
    var speed = 1.0
    var idle = IdleMode.all
    /// Longest pause that the key for pauses cuts to, in microseconds.
    var idleLimit: Int64 = 2_000_000
    /// Where to begin, in microseconds.
    var start: Int64 = 0
    /// Where to end; nil: the recording's end.
    var end: Int64?
    /// Whether keys are taken; else it ends by itself, without a status line.
    var hasControls = true
    var bindings = KeyBindings.standard
  }

  /// What is known of the recording beside its events; more may become known while it plays.
  struct Facts: Equatable, Sendable {
    /// As it is named in FILE@TIME.
    var name: String
    var started: Timestamp?
    /// Minutes that local time is ahead of UTC.
    var zone = 0
    /// Microseconds; nil: not known yet.
    var length: Int64?
    /// Markers of the recording and of its sidecar, in order of time.
    var markers: [MomentScale.Marker] = []
    var commands: [MomentScale.Marker] = []
  }

  /// What a key needs from outside.
  enum Request: Equatable, Sendable {
    case suspend
    case addMarker(MomentScale.Marker)
  }

  /// Limits of the speed keys.
  static let slowest = 0.25
  static let fastest = 64.0
  /// How far the arrow keys go, in microseconds.
  static let leap: Int64 = 5_000_000
  /// Output that one call of `advance` shows at most, in bytes: keys are read in between.
  static let portion = 1 << 20
  /// Longest TIME that is typed before `g`, in characters.
  static let typedLimit = 24
  /// How long a message and the cause of damage stay, in microseconds.
  static let messageTime: Int64 = 3_000_000

  let options: Options
  var facts: Facts
  let tape: Tape
  /// A second tape over the same recording, for searching.
  let makeScout: () throws(FormatError) -> Tape

  var speed: Double
  var idle: IdleMode
  var isPaused = false
  var isFinished = false
  /// Whether Ctrl-C ended it.
  var wasInterrupted = false
  /// The box of the help that is shown; nil: none.
  var helpPage: Int?
  var showsKeys = false
  var showsStatus: Bool
  /// The viewer's size.
  var size: WindowSize
  /// Where the view begins in a larger screen; nil: it follows the cursor.
  var pan: Canvas.Position?
  var follow = Canvas.Position(row: 0, column: 0)

  /// The moment up to which time has been counted.
  var clock: Instant
  /// Recorded time that was shown last, in microseconds: that of an event, or where a key led.
  var base: Int64 = 0
  /// Microseconds of the viewer's time at normal speed since `base`.
  var waited = 0.0
  /// Recorded microseconds that shortened pauses saved.
  var skipped = 0.0
  var isAtEnd = false

  var message: (text: String, until: Instant)?
  var gap: (words: String, until: Instant)?
  var prompt: Prompt?
  /// A TIME as it is typed before `g`.
  var typed: (text: String, until: Instant)?
  var search: SearchRun?
  var pattern: Pattern?
  var searchText = ""
  var isSearchForward = true
  /// Positions to be printed at the end.
  private(set) var notes: [String] = []
  /// How much of the recording was read for its map; nil: it is not being read.
  var reading: ReadingProgress?

  init(
    _ tape: Tape, _ facts: Facts, options: Options, size: WindowSize, now: Instant,
    makeScout: @escaping () throws(FormatError) -> Tape
  ) {
    (self.tape, self.facts, self.options, self.size) = (tape, facts, options, size)
    self.makeScout = makeScout
    speed = options.speed
    idle = options.idle
    showsStatus = options.hasControls
    clock = now
  }

  /// Shows the moment the player begins at.
  mutating func open() throws(FormatError) { try seek(to: options.start) }

  // MARK: Time

  /// The last moment that is shown; nil where it is not known yet.
  var end: Int64? { options.end ?? facts.length }

  /// The recorded time on display, between events too: a shortened pause passes faster.
  var current: Int64 {
    guard !isAtEnd, let next = nextTime else { return base }
    let gap = max(0, next - base)
    let shown = idle.shown(gap)
    return shown <= 0 ? base : base + Int64(Double(gap) * min(1, waited / shown))
  }

  /// When the next event is, as far as it has been read.
  private(set) var nextTime: Int64?

  var isStill: Bool { isPaused || helpPage != nil || prompt != nil || search != nil || gap != nil || isAtEnd }

  /// Counts the time that passed, and shows what is due.
  mutating func advance(to now: Instant) throws(FormatError) {
    count(until: now)
    expire()
    if search != nil {
      try continueSearch()
      return
    }
    var budget = Self.portion
    while budget > 0, !isStill {
      guard let event = try upcoming() else {
        stopAtEnd()
        break
      }
      let shown = idle.shown(event.microseconds - base)
      guard waited >= shown else { break }
      waited -= shown
      skipped += max(0, Double(event.microseconds - base) - shown)
      try tape.advance()
      base = max(base, event.microseconds)
      budget -= max(event.bytes.count, 64)
    }
    _ = try upcoming()
  }

  /// The next event to be shown; nil at the end. Damage before it is told first.
  private mutating func upcoming() throws(FormatError) -> Event? {
    let event = try tape.peek()
    if let found = tape.takeGaps().last { gap = (found.words, clock.advanced(byMicroseconds: 2_000_000)) }
    guard let event, event.microseconds <= options.end ?? .max else {
      nextTime = nil
      return nil
    }
    nextTime = event.microseconds
    return event
  }

  private mutating func stopAtEnd() {
    let last = max(base, min(facts.length ?? base, options.end ?? .max))
    // What comes after the last event is a pause too.
    let shown = idle.shown(last - base)
    if waited < shown {
      nextTime = last
      return
    }
    base = last
    waited = 0
    isAtEnd = true
    if !options.hasControls { isFinished = true }
  }

  private mutating func count(until now: Instant) {
    if !isStill { waited += Double(max(0, now.microseconds(since: clock))) * speed }
    clock = now
  }

  private mutating func expire() {
    if let until = message?.until, clock >= until { message = nil }
    if let until = gap?.until, clock >= until { gap = nil }
    if let until = typed?.until, clock >= until { typed = nil }
  }

  /// When there is something new to show; nil while only a key can change anything.
  var deadline: Instant? {
    if isFinished || search != nil { return clock }
    var times = [message?.until, gap?.until, typed?.until].compactMap { $0 }
    if !isStill {
      let target = nextTime ?? base
      let wait = max(0, idle.shown(target - base) - waited) / speed
      // The clock of the status line goes on between events.
      let tick = showsStatus ? 100_000.0 : 3_600_000_000
      times.append(clock.advanced(byMicroseconds: Int64(min(wait, tick).rounded(.up))))
    }
    return times.min()
  }

  /// Moves to a time and tells the cause of damage that lies just before it.
  mutating func seek(to microseconds: Int64) throws(FormatError) {
    let target = max(0, min(microseconds, end ?? .max))
    try tape.seek(to: target)
    let found = tape.takeGaps().last { target - $0.microseconds < 1_000_000 }
    gap = found.map { ($0.words, clock.advanced(byMicroseconds: 2_000_000)) }
    base = max(target, min(tape.position, target))
    waited = 0
    isAtEnd = false
    nextTime = nil
    if try upcoming() == nil, end == nil || target >= end ?? 0 { stopAtEnd() }
  }

  /// Goes on after the process was stopped, as if no time had passed.
  mutating func resume(at now: Instant) { clock = now }

  mutating func say(_ text: String) { message = (text, clock.advanced(byMicroseconds: Self.messageTime)) }

  /// Notes FILE@TIME, to be printed at the end.
  mutating func notePosition() {
    let place = "\(facts.name)@\(TimeText.seconds(current))"
    notes.append(place)
    say("\(place) (printed at the end)")
  }
}
