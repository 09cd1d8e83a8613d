/// Keys that were typed one after another up to Return, and how far the output has shown them.
///
/// A character counts as shown when it appears in the cell where an echo of it must stand: where the cursor was
/// when it was typed, right behind the echo of the key before it, or behind a prompt. Several beginnings are
/// followed at once (`candidates`), as an automaton would. Whether one of them *is* the echo is decided by
/// `EchoMasker` when the cursor rests right behind it, or leaves the row from there.
struct TypedLine {
  /// Where a key's echo would begin.
  struct Anchor: Equatable {
    var cell: ScreenCell
    /// Something stands before it in its row (a prompt), so that output is unlikely to begin there by chance.
    var isStrong: Bool
  }

  /// A stretch of keys that the output has shown, as far as it goes.
  struct Candidate: Equatable {
    var start: Int
    /// The key after the last one shown.
    var next: Int
    /// Where the key before it was shown.
    var last: ScreenCell
    /// Where that key's echo must stand.
    var expected: ScreenCell
    var isStrong: Bool
    /// It does not begin with the first key that waits: those before it were commands, or are secret.
    var skips: Bool
    /// It began at a place that nothing foretold.
    var isFlexible: Bool
    /// It began where the cursor was when its first key was typed.
    var isAnchored = false
  }

  static let candidateLimit = 16

  private(set) var keys: [TypedKey] = []
  private var anchors: [Anchor?] = []
  /// Whether a key before `base` was shown.
  private var shown: [Bool] = []
  /// Keys before it are done with: shown, or of no echo.
  private var base = 0
  private(set) var candidates: [Candidate] = []
  /// Where the first key's echo would follow an echo that is there already.
  private var continuation: Anchor?
  /// Keys before these were shown and are gone from here.
  private(set) var isContinued = false
  /// A key of unknown effect comes right before `base`.
  private var isFlexible = false
  private var startsFlexible = false
  /// The run before the first edit began where it was foretold.
  private var beganStrictly = false
  private var beganStrongly = false
  /// A star or the like was shown in place of a key.
  private(set) var isMasked = false
  /// The output has gone to a new row since the line ended.
  var isAnswered = false
  /// Its echo began right behind `prompt`.
  private(set) var beganAtPrompt = false
  private(set) var lastTyped: Int64 = 0
  /// What stood before the cursor when the first key was typed, or else when the line was given up.
  var prompt: [UInt32]

  /// Whether it was typed at that prompt, and not ahead of what it answers.
  let hasPrompt: Bool

  init(prompt: [UInt32], hasPrompt: Bool) {
    self.prompt = prompt
    self.hasPrompt = hasPrompt
  }

  var isEnded: Bool { keys.last?.endsLine ?? false }

  mutating func append(_ key: TypedKey, anchor: Anchor?) {
    keys.append(key)
    lastTyped = key.microseconds
    anchors.append(anchor)
    shown.append(false)
  }

  /// Takes the first key away; it is recorded already.
  mutating func dropFirst() {
    if keys[0].kind == .edit {
      startsFlexible = true
      isFlexible = true
      continuation = nil
    }
    drop(1)
  }

  /// Takes the first keys away, of which the last was echoed in front of `cursor`.
  mutating func dropShown(_ count: Int, cursor: ScreenCell) {
    drop(count)
    isContinued = true
    startsFlexible = false
    isFlexible = false
    continuation = Anchor(cell: cursor, isStrong: true)
    candidates = []
  }

  private mutating func drop(_ count: Int) {
    keys.removeFirst(count)
    anchors.removeFirst(count)
    shown.removeFirst(count)
    base = max(0, base - count)
    candidates = candidates.compactMap { candidate in
      var candidate = candidate
      candidate.start -= count
      candidate.next -= count
      return candidate.start < 0 ? nil : candidate
    }
  }

  /// Forgets all places: the output has left them.
  mutating func leaveRow() {
    base = 0
    candidates = []
    continuation = nil
    isMasked = false
    beganStrictly = false
    isFlexible = startsFlexible
    for index in keys.indices {
      anchors[index] = nil
      shown[index] = false
    }
  }

  /// The echo of the line before ended right before `cell`.
  mutating func follow(at cell: ScreenCell) { continuation = Anchor(cell: cell, isStrong: false) }

  // MARK: - Matching

  /// Looks at a character that is about to be shown.
  mutating func see(_ character: UInt32, on screen: borrowing EchoScreen, isPrompted: () -> Bool) {
    closeSegment()
    passEdits()
    guard !isMasked, base < keys.count else { return }
    let width = character.columnCount
    let cell = screen.target(width: width)
    let after = screen.cell(after: cell, width: width)
    var hasAdvanced = false
    takeBackOverwritten(by: character, at: cell)
    for index in candidates.indices where candidates[index].expected == cell {
      let next = textIndex(from: candidates[index].next)
      guard next < keys.count else { continue }
      if keys[next].character == character {
        candidates[index].next = next + 1
        candidates[index].last = cell
      } else if keys[next].kind != .interrupt || !Self.isCaretText(character) {
        continue
      }
      candidates[index].expected = after
      hasAdvanced = true
    }
    if !hasAdvanced, let start = start(character, at: cell, after, screen, isPrompted) {
      hasAdvanced = true
      add(start)
      if start.isAnchored && start.start == 0 && !isContinued { beganAtPrompt = true }
    }
    if !hasAdvanced, MaskGlyph.contains(character), isExpected(at: cell) { isMasked = true }
    closeSegment()
  }

  private mutating func add(_ candidate: Candidate) {
    if candidates.contains(candidate) { return }
    candidates.append(candidate)
    if candidates.count > Self.candidateLimit {
      candidates.remove(at: candidates.firstIndex { $0.skips || $0.isFlexible } ?? 0)
    }
  }

  /// `^C` is how terminals show Ctrl-C.
  private static func isCaretText(_ character: UInt32) -> Bool {
    [0x5E, 0x43, 0x44, 0x5A, 0x5C].contains(character)
  }

  /// Whether the echo of a key that was not shown yet might stand at `cell`.
  private func isExpected(at cell: ScreenCell) -> Bool {
    if !candidates.isEmpty {
      return candidates.contains { $0.expected == cell && textIndex(from: $0.next) < keys.count }
    }
    return (continuation ?? anchors[base])?.cell == cell
  }

  /// The first key from `index` on that is no mark.
  private func textIndex(from index: Int) -> Int {
    var index = index
    while index < keys.count, keys[index].kind == .mark { index += 1 }
    return index
  }

  private mutating func passEdits() {
    while base < keys.count, candidates.isEmpty {
      if keys[base].kind == .edit { isFlexible = true } else if keys[base].kind != .mark { return }
      base += 1
    }
  }

  private func start(
    _ character: UInt32, at cell: ScreenCell, _ after: ScreenCell, _ screen: borrowing EchoScreen,
    _ isPrompted: () -> Bool
  ) -> Candidate? {
    let first = textIndex(from: base)
    guard first < keys.count else { return nil }
    func candidate(_ index: Int, _ isStrong: Bool, isFlexible: Bool = false) -> Candidate {
      Candidate(
        start: index, next: index + 1, last: cell, expected: after, isStrong: isStrong || isContinued,
        skips: index != first,
        isFlexible: isFlexible)
    }
    if keys[first].character == character {
      if let anchor = anchors[first], anchor.cell == cell {
        var anchored = candidate(first, anchor.isStrong)
        anchored.isAnchored = true
        return anchored
      }
      if base == 0 || isFlexible, let continuation, continuation.cell == cell {
        return candidate(first, continuation.isStrong)
      }
      if !isContinued, base == 0 || isFlexible, isPrompted() { return candidate(first, true) }
      if isFlexible { return candidate(first, isContinued, isFlexible: true) }
    }
    if screen.isAlternate, cell.column == 0, screen.isOnLastRow, [0x3A, 0x2F, 0x3F].contains(character),
      let index = keys.indices.last(where: { $0 >= base && keys[$0].character == character })
    {
      var command = candidate(index, true)
      command.skips = false  // where such programs ask for commands
      return command
    }
    // Keys before it that were commands of a full-screen program; never where Return has been typed already.
    guard !isEnded else { return nil }
    let index = keys.indices.first {
      index in
      index > first && keys[index].character == character && anchors[index]?.cell == cell
        && !candidates.contains { $0.start <= index && index < $0.next }  // drawn again
    }
    return index.map { candidate($0, anchors[$0]?.isStrong ?? false) }
  }

  /// Goes on behind the next edit once all before it is shown.
  private mutating func closeSegment() {
    guard
      let done = candidates.first(where: { candidate in
        let next = textIndex(from: candidate.next)
        return next < keys.count && keys[next].kind == .edit && !isOnlyMaskGlyphs(candidate)
      })
    else { return }
    if base == 0, !done.isFlexible {
      beganStrictly = true
      beganStrongly = done.isStrong
    }
    for index in done.start..<done.next { shown[index] = true }
    base = done.next
    candidates = []
    passEdits()
  }

  /// Stars in place of keys must not pass for an echo of a secret that is made of stars.
  private func isOnlyMaskGlyphs(_ candidate: Candidate) -> Bool {
    if isContinued || base > 0 { return false }
    let characters = keys[candidate.start..<candidate.next].compactMap(\.character)
    return characters.allSatisfy { MaskGlyph.contains($0) && $0 == characters[0] }
  }

  // MARK: - Deciding

  /// Whether the echo of some keys ends right before `cell`.
  func reaches(_ cell: ScreenCell) -> Bool { candidates.contains { $0.expected == cell } }

  /// The keys that are shown where the cursor rests at `cell`: whether each of the first `count` was.
  ///
  /// - Parameter isLong: the rest is so long that a beginning at an empty row's start counts too.
  func shownKeys(restingAt cell: ScreenCell, isLong: Bool) -> [Bool]? {
    guard !isMasked, keys.last?.kind != .enter else { return nil }
    // The one that leaves fewest keys out, then the longest.
    let best = candidates.filter {
      $0.expected == cell && ($0.isStrong || isLong) && !isOnlyMaskGlyphs($0)
        && (!isEnded || textIndex(from: $0.next) == keys.count - 1)
    }.max { ($1.start, $0.next) < ($0.start, $1.next) }
    guard let best else { return nil }
    return flags(best)
  }

  private func flags(_ candidate: Candidate) -> [Bool] {
    var flags = Array(shown[..<base]) + Array(repeating: false, count: candidate.next - base)
    for index in candidate.start..<candidate.next { flags[index] = true }
    return flags
  }

  /// Keys that an edit followed and that were shown before the output left their row.
  var shownBeforeEdit: [Bool]? {
    base > 0 && beganStrictly && beganStrongly && !isMasked ? Array(shown[..<base]) : nil
  }

  /// Whether the whole line was shown, where the output leaves its row at `cell`; for each key.
  func shownKeys(leavingAt cell: ScreenCell) -> [Bool]? {
    guard isEnded, !isMasked else { return nil }
    let end = keys.count - 1
    let rest = (base..<end).first { keys[$0].kind != .edit && keys[$0].kind != .mark }
    if rest == nil, candidates.isEmpty {
      let isWhole = keys.indices.allSatisfy { keys[$0].character == nil || shown[$0] }
      return isWhole ? Array(shown) : nil
    }
    let whole = candidates.first { candidate in
      textIndex(from: candidate.next) >= end && !candidate.skips && !isOnlyMaskGlyphs(candidate)
        && (candidate.expected == cell || base > 0 && beganStrictly)
    }
    guard let whole else { return nil }
    return flags(whole) + Array(repeating: false, count: keys.count - whole.next)
  }

  /// Another character where one was taken for an echo: it was none (a suggestion, say).
  private mutating func takeBackOverwritten(by character: UInt32, at cell: ScreenCell) {
    for index in candidates.indices.reversed() where candidates[index].last == cell {
      if keys[candidates[index].next - 1].character != character { takeBack(index) }
    }
  }

  /// Makes a candidate one key shorter.
  private mutating func takeBack(_ index: Int) {
    let last = candidates[index].next - 1
    if last == candidates[index].start {
      candidates.remove(at: index)
    } else {
      candidates[index].next = last
      candidates[index].expected = candidates[index].last
      candidates[index].last = ScreenCell(row: -1, column: 0)
    }
  }

  /// A blank at a row's start that a carriage return takes back: how a line editor makes a terminal wrap.
  mutating func takeBackBlank(at cell: ScreenCell) {
    for index in candidates.indices.reversed() where candidates[index].last == cell {
      if keys[candidates[index].next - 1].character == 0x20 { takeBack(index) }
    }
  }
}

/// Characters that programs show in place of a secret's.
enum MaskGlyph {
  private static let glyphs: Set<UInt32> = [
    0x2A, 0x23, 0x2022, 0x25CF, 0x25CB, 0x25E6, 0x2217, 0xFF0A, 0x00B7, 0x25A0, 0x2588,
  ]

  static func contains(_ character: UInt32) -> Bool { glyphs.contains(character) }
}
