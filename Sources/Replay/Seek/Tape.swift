import Format

/// A recording with a place in it: the terminal as it stood at a time, which can be moved forwards and back.
///
/// Going to any time costs the same: the nearest keyframe before it is restored, and what came since is fed. Where there
/// is no index of keyframes yet, the tape keeps some of what it passes. What it passed lately is nearer still (`Trail`).
final class Tape {
  /// Damage that was met on the way.
  struct Gap: Equatable, Sendable {
    var microseconds: Int64
    var words: String
  }

  /// So much output between two keyframes, in bytes, and so much time, in microseconds: a few milliseconds of work.
  static let keyframeBytes = 256 << 10
  static let keyframeTime: Int64 = 5_000_000
  /// Rows that scrolled off and are kept for a search: as many as one piece of output can push out.
  static let searchedRows = 4096

  /// What a tape is for.
  enum Purpose {
    /// Showing, also backwards.
    case playing
    /// Searching, which looks at what scrolled off too.
    case searching

    fileprivate var scrollbackLimit: Int { self == .searching ? Tape.searchedRows : 0 }
  }

  private let events: EventStore
  private(set) var terminal: TerminalScreen
  /// Everything up to this time is on the screen, in microseconds; -1: nothing.
  private(set) var position: Int64 = -1
  private let purpose: Purpose
  private var trail: Trail
  private var isAtEnd = false
  /// Where keyframes come from: the recording's map, or what was passed so far.
  var keyframes: any KeyframeSource
  private var passed: PassedKeyframes?
  private var fedSinceKeyframe = 0
  private var lastKeyframe: Int64 = 0
  /// Damage since it was last taken away.
  private(set) var gaps: [Gap] = []
  /// Keys typed lately, oldest first.
  private(set) var keys: [(microseconds: Int64, bytes: [UInt8])] = []

  /// - Parameter map: the recording's keyframes, if they are known already.
  init(_ reader: RecordingReader, for purpose: Purpose, keyframes map: (any KeyframeSource)? = nil) {
    events = EventStore(reader)
    self.purpose = purpose
    let own = PassedKeyframes()
    passed = map == nil ? own : nil
    keyframes = map ?? own
    (terminal, trail) = Self.begin(reader.header, purpose)
  }

  /// A second place in what another tape has read, to search in a pipe; nil where the recording can be opened again.
  init?(searching other: Tape) {
    guard let copy = EventStore(copying: other.events) else { return nil }
    events = copy
    purpose = .searching
    keyframes = other.keyframes
    (terminal, trail) = Self.begin(copy.header, purpose)
  }

  private static func begin(_ header: Header, _ purpose: Purpose) -> (TerminalScreen, Trail) {
    let size = header.screenSize
    let terminal = TerminalScreen(
      columns: size.columns, rows: size.rows, scrollbackLimit: purpose.scrollbackLimit)
    return (terminal, Trail(purpose == .playing ? terminal : nil, at: -1))
  }

  var screen: Screen { terminal.screen }

  /// Uses an index from now on.
  func use(_ map: any KeyframeSource) {
    keyframes = map
    passed = nil
  }

  func takeGaps() -> [Gap] {
    defer { gaps.removeAll() }
    return gaps
  }

  /// The next event, which stays the next one; nil at the end.
  func peek() throws(FormatError) -> Event? {
    if let known = trail.upcoming { return known }
    guard !isAtEnd else { return nil }
    let event = try events.next()
    isAtEnd = event == nil
    for finding in events.takeFindings() where finding.isDamage {
      let time = max(position, finding.microseconds?.lowerBound ?? position)
      if gaps.count < 100 { gaps.append(Gap(microseconds: time, words: finding.description)) }
    }
    if let event { trail.append(event) }
    return event
  }

  /// Shows the next event and returns it; nil at the end.
  @discardableResult
  func advance() throws(FormatError) -> Event? {
    guard let event = try peek() else { return nil }
    pass(event)
    if event.code == .input {
      keys.append((event.microseconds, event.bytes))
      if keys.count > 64 { keys.removeFirst(32) }
    } else {
      terminal.take(event)
      fedSinceKeyframe += event.bytes.count
    }
    return event
  }

  /// Shows the next event in pieces of its output, and calls `look` after each.
  func advanceInPieces(of count: Int, _ look: () -> Void) throws(FormatError) {
    guard let event = try peek() else { return }
    guard event.bytes.count > count, event.code == .output || event.code == .standardError else {
      try advance()
      look()
      return
    }
    pass(event)
    fedSinceKeyframe += event.bytes.count
    for start in stride(from: 0, to: event.bytes.count, by: count) {
      terminal.feed(
        Array(event.bytes[start..<min(start + count, event.bytes.count)]), at: event.microseconds)
      look()
    }
  }

  /// Goes past `event`, which is about to be shown.
  private func pass(_ event: Event) {
    if event.microseconds > position { markPassed(before: event) }
    trail.pass(event, terminal, at: position)
    position = max(position, event.microseconds)
  }

  /// Keeps a keyframe of the state before `event`, where it is time for one.
  private func markPassed(before event: Event) {
    guard let passed, position >= 0,
      fedSinceKeyframe >= Self.keyframeBytes
        || position - lastKeyframe >= Self.keyframeTime
          && fedSinceKeyframe >= Self.keyframeBytes / 16
    else { return }
    fedSinceKeyframe = 0
    lastKeyframe = position
    passed.append(terminal, at: position)
  }

  /// Moves to a time: everything up to it is on the screen, and nothing after it.
  func seek(to microseconds: Int64) throws(FormatError) {
    let target = max(-1, microseconds)
    if target < position, let point = trail.back(to: target) {
      goBack(to: point)
    } else {
      let keyframe = keyframes.keyframe(atOrBefore: target)
      if target < position || (keyframe?.microseconds ?? -1) > position { try restore(keyframe) }
    }
    try play(to: target)
  }

  /// Shows everything from here up to a time.
  private func play(to target: Int64) throws(FormatError) {
    while let event = try peek(), event.microseconds <= target { try advance() }
    if trail.upcoming != nil { position = max(position, target) }
  }

  private func goBack(to point: Trail.Point) {
    terminal = point.terminal
    position = point.position
    keys.removeAll { $0.microseconds > position }
    (fedSinceKeyframe, lastKeyframe) = (0, position)
  }

  private func restore(_ keyframe: KeyframePlace?) throws(FormatError) {
    isAtEnd = false
    keys.removeAll()
    fedSinceKeyframe = 0
    if let keyframe, keyframe.microseconds >= events.earliest,
      let restored = keyframes.terminal(keyframe, scrollbackLimit: purpose.scrollbackLimit)
    {
      terminal = restored
      position = keyframe.microseconds
      trail = Trail(purpose == .playing ? terminal : nil, at: position)
    } else {
      (terminal, trail) = Self.begin(events.header, purpose)
      position = -1
    }
    lastKeyframe = position
    try events.seek(after: position)
  }

  /// The time of the last change of the screen before `microseconds`; nil where there is none. For playing only.
  func changeTime(before microseconds: Int64) throws(FormatError) -> Int64? {
    try seek(to: microseconds - 1)
    while true {
      if let found = trail.lastChange(before: microseconds) { return found }
      let start = trail.start
      if start < 0 { return nil }
      // From an earlier keyframe up to the one that the trail begins at, which has the change in it.
      try seek(to: start - 1)
      try play(to: start)
    }
  }
}
