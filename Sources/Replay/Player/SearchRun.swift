import Format
import Platform

/// Looks for the next or the last moment at which a line with a match came up on the screen, in pieces.
///
/// A line that stood there before is no hit again when it scrolls or is drawn anew.
struct SearchRun {
  enum Outcome: Equatable {
    case going
    case found(Int64)
    case nothing
  }

  /// Output fed in one piece: its lines are still in the history when they are looked at.
  private static let piece = 4096

  let isForward: Bool
  private let scout: Tape
  private let pattern: Pattern
  /// Forwards: hits after it. Backwards: hits before it.
  private let origin: Int64
  /// Backwards: the part being searched, from the keyframe it begins at (-1: the start) up to, not including, its end.
  private var edge: Int64
  private var partStart: Int64 = -1
  private var last: Int64?
  /// The lines with a match that are on the screen, by the versions of their rows.
  private var matched: [UInt64: [UInt8]] = [:]
  private var generation: UInt64?
  private var scrolled = 0

  /// Searches from a time on, that time not included.
  init(_ scout: Tape, _ pattern: Pattern, from origin: Int64, isForward: Bool) throws(FormatError) {
    (self.scout, self.pattern, self.origin, self.isForward) = (scout, pattern, origin, isForward)
    edge = origin
    if isForward {
      try scout.seek(to: origin)
      look()
    } else {
      try beginPart(before: origin)
    }
  }

  /// How far the search is, in recorded time.
  var position: Int64 { scout.position }

  /// Goes to the last keyframe before a time.
  private mutating func beginPart(before time: Int64) throws(FormatError) {
    partStart = scout.keyframes.keyframe(atOrBefore: time - 1)?.microseconds ?? -1
    try scout.seek(to: partStart)
    (matched, generation, last) = ([:], nil, nil)
    look()
  }

  /// Searches on through about `budget` bytes of output.
  mutating func run(_ budget: Int) throws(FormatError) -> Outcome {
    var left = budget
    while left > 0 {
      guard let event = try scout.peek(), isForward || event.microseconds < edge else {
        if isForward { return .nothing }
        if let last { return .found(last) }
        if partStart < 0 { return .nothing }
        edge = partStart + 1
        try beginPart(before: partStart)
        continue
      }
      left -= max(64, event.bytes.count)
      var isHit = false
      try scout.advanceInPieces(of: Self.piece) { if look() { isHit = true } }
      if isHit {
        if isForward { return .found(event.microseconds) }
        last = event.microseconds
      }
    }
    return .going
  }

  /// Takes in what changed on the screen and what scrolled off it.
  /// - Returns: whether a line with a match came up.
  @discardableResult
  private mutating func look() -> Bool {
    let screen = scout.screen
    guard let before = generation else {
      scrolled = screen.history.total
      generation = screen.generation
      for row in 0..<screen.rows { matched[screen.version(row: row)] = match(screen.grid.row(row), screen) }
      return false
    }
    if screen.generation == before { return false }
    let known = Set(matched.values)
    var found = false
    for index in max(0, screen.history.count - (screen.history.total - scrolled))..<screen.history.count {
      if let text = match(screen.history.row(index).cells, screen), !known.contains(text) { found = true }
    }
    var now: [UInt64: [UInt8]] = [:]
    for row in 0..<screen.rows {
      let version = screen.version(row: row)
      if version <= before {
        now[version] = matched[version]
      } else if let text = match(screen.grid.row(row), screen) {
        now[version] = text
        if !known.contains(text) { found = true }
      }
    }
    (matched, generation, scrolled) = (now, screen.generation, screen.history.total)
    return found
  }

  /// The text of a row with a match; nil without one.
  private func match(_ cells: ArraySlice<Cell>, _ screen: Screen) -> [UInt8]? {
    var text: [UInt8] = []
    screen.appendText(of: cells, to: &text)
    return !text.isEmpty && pattern.isMatch(text) ? text : nil
  }
}

extension Player {
  /// Starts a search; an empty text repeats the last one.
  mutating func beginSearch(_ text: String, isForward: Bool) throws(FormatError) {
    isSearchForward = isForward
    if !text.isEmpty || pattern == nil {
      if text.isEmpty { return }
      do throws(PatternError) {
        pattern = try Pattern(parsing: text, options: PatternOptions(caseRule: .smart))
        searchText = text
      } catch {
        say(error.description.printable)
        return
      }
    }
    try repeatSearch(isForward: isForward)
  }

  mutating func repeatSearch(isForward: Bool) throws(FormatError) {
    guard let pattern else {
      say("nothing was searched yet; / searches")
      return
    }
    isPaused = true
    search = try SearchRun(try makeScout(), pattern, from: current, isForward: isForward)
    try continueSearch()
  }

  mutating func continueSearch() throws(FormatError) {
    guard var run = search else { return }
    let outcome = try run.run(Self.portion)
    search = run
    switch outcome {
    case .going: break
    case .found(let time):
      search = nil
      message = nil
      try seek(to: time)
    case .nothing:
      search = nil
      say("not found \(run.isForward ? "after" : "before") here: \(searchText.printable)")
    }
  }
}
