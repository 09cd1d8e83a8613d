import Format

/// A recording with a place in it: the terminal as it stood at a time, which can be moved forwards and back.
///
/// Going to any time costs the same: the nearest keyframe before it is restored, and what came since is fed. Where there
/// is no index of keyframes yet, the tape keeps some of what it passes.
final class Tape {
  /// Damage that was met on the way.
  struct Gap: Equatable, Sendable {
    var microseconds: Int64
    var words: String
  }

  /// So much output between two keyframes, in bytes, and so much time, in microseconds: a few milliseconds of work.
  static let keyframeBytes = 256 << 10
  static let keyframeTime: Int64 = 5_000_000
  /// Rows that scrolled off and are kept: as many as one piece of output can push out while searching.
  static let scrollbackLimit = 4096

  private let events: EventStore
  private(set) var terminal: TerminalScreen
  /// Everything up to this time is on the screen, in microseconds; -1: nothing.
  private(set) var position: Int64 = -1
  private var upcoming: Event?
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
  init(_ reader: RecordingReader, keyframes map: (any KeyframeSource)? = nil) {
    events = EventStore(reader)
    let own = PassedKeyframes()
    passed = map == nil ? own : nil
    keyframes = map ?? own
    terminal = Self.blank(reader.header.screenSize)
  }

  /// A second place in what another tape has read, for a pipe; nil where the recording can be opened again.
  init?(copying other: Tape) {
    guard let copy = EventStore(copying: other.events) else { return nil }
    events = copy
    keyframes = other.keyframes
    terminal = Self.blank(copy.header.screenSize)
  }

  private static func blank(_ size: ScreenSize) -> TerminalScreen {
    TerminalScreen(columns: size.columns, rows: size.rows, scrollbackLimit: scrollbackLimit)
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
    if upcoming == nil, !isAtEnd {
      upcoming = try events.next()
      isAtEnd = upcoming == nil
      for finding in events.takeFindings() where finding.isDamage {
        let time = max(position, finding.microseconds?.lowerBound ?? position)
        if gaps.count < 100 { gaps.append(Gap(microseconds: time, words: finding.description)) }
      }
    }
    return upcoming
  }

  /// Shows the next event and returns it; nil at the end.
  @discardableResult
  func advance() throws(FormatError) -> Event? {
    guard let event = try peek() else { return nil }
    upcoming = nil
    if event.microseconds > position { markPassed(before: event) }
    position = max(position, event.microseconds)
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
    upcoming = nil
    if event.microseconds > position { markPassed(before: event) }
    position = max(position, event.microseconds)
    fedSinceKeyframe += event.bytes.count
    for start in stride(from: 0, to: event.bytes.count, by: count) {
      terminal.feed(
        Array(event.bytes[start..<min(start + count, event.bytes.count)]), at: event.microseconds)
      look()
    }
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
    let keyframe = keyframes.keyframe(atOrBefore: target)
    if target < position || (keyframe?.microseconds ?? -1) > position {
      try restore(keyframe)
    }
    while let event = try peek(), event.microseconds <= target { try advance() }
    position = max(position, min(target, upcoming == nil ? position : target))
  }

  private func restore(_ keyframe: KeyframePlace?) throws(FormatError) {
    upcoming = nil
    isAtEnd = false
    keys.removeAll()
    fedSinceKeyframe = 0
    if let keyframe, keyframe.microseconds >= events.earliest, let restored = keyframes.terminal(keyframe) {
      terminal = restored
      position = keyframe.microseconds
    } else {
      terminal = Self.blank(events.header.screenSize)
      position = -1
    }
    lastKeyframe = position
    try events.seek(after: position)
  }

  /// The time of the last change of the screen before `microseconds`; nil where there is none.
  func changeTime(before microseconds: Int64) throws(FormatError) -> Int64? {
    var edge = microseconds
    while edge > 0 {
      let keyframe = keyframes.keyframe(atOrBefore: edge - 1)
      try restore(keyframe)
      let start = position
      var last: Int64?
      while let event = try peek(), event.microseconds < microseconds {
        if event.changesScreen { last = event.microseconds }
        try advance()
      }
      if let last { return last }
      if start < 0 { return nil }
      // Nothing changed since this keyframe: the change is before it, or the moment it holds.
      edge = start
      if keyframe != nil { return start }
    }
    return nil
  }
}
