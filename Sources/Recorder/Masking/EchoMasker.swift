import Platform

/// Tells keys that a session showed from keys that it did not, from nothing but what was typed and what came back.
///
/// A machine without I/O: keys and output go in with their times, notes for the recording come out. Keys wait until
/// their echo is seen; what is not echoed is counted and forgotten. How it decides: docs/security.md.
struct EchoMasker {
  /// What the recording should say.
  enum Note: Equatable {
    /// Keys that were shown, or that carry no text; when they were typed.
    case keys([UInt8], typedAt: Int64)
    /// So many keys were not shown, after this prompt.
    case withheld(keys: Int, prompt: String)
  }

  /// Times in microseconds, and sizes.
  enum Limit {
    /// How long the cursor must stand behind an echo before the echo counts.
    static let rest: Int64 = 500_000
    /// The same where the echo began in an empty row.
    static let longRest: Int64 = 3_000_000
    /// How long a line waits for its echo after its last key.
    static let echo: Int64 = 30_000_000
    /// Most keys that wait.
    static let keys = 1 << 14
    /// Lines whose echo is looked for at once.
    static let lines = 16
    /// Longest prompt that is kept, in characters.
    static let prompt = 160
    /// Prompts that are remembered.
    static let knownPrompts = 8
  }

  private var decoder = KeyDecoder()
  private var scanner = OutputScanner()
  private var tokens: [OutputToken] = []
  private var screen: EchoScreen
  /// What was typed and is not decided, oldest first; only the last may be open.
  private var lines: [TypedLine] = []
  private var waitingCount = 0
  private var lastOutput: Int64 = 0
  private var restsConsidered = 0
  private var knownPrompts: [[UInt32]] = []
  private var notes: [Note] = []
  private var withheld = (count: 0, prompt: "")
  /// A blank that stands alone at a row's start after the last column was filled.
  private var wrappedBlank: ScreenCell?

  init(size: WindowSize) { screen = EchoScreen(size: size) }

  /// When `advance(to:)` has something to do; nil while nothing waits for time.
  var deadline: Int64? {
    guard waitingCount > 0, let first = lines.first else { return nil }
    let end = first.lastTyped + Limit.echo
    guard restsConsidered < 2, lines.contains(where: { $0.reaches(screen.cursor) }) else { return end }
    return min(end, lastOutput + (restsConsidered == 0 ? Limit.rest : Limit.longRest))
  }

  mutating func resize(to size: WindowSize) {
    for index in lines.indices { lines[index].leaveRow() }
    screen.resize(to: size)
  }

  /// Takes what was typed.
  mutating func typed(_ bytes: [UInt8], at now: Int64) -> [Note] {
    consider(now)
    for key in decoder.decode(bytes, at: now) { add(key) }
    while waitingCount > Limit.keys { withhold(linesBefore: 1) }
    drain()
    return takeNotes()
  }

  /// Takes what the session put out.
  mutating func shown(_ bytes: [UInt8], at now: Int64) -> [Note] {
    consider(now)
    for byte in bytes {
      if waitingCount == 0, 0x20..<0x7F ~= byte, scanner.isAtRest {
        screen.put(UInt32(byte), width: 1)
        continue
      }
      scanner.scan(byte, into: &tokens)
      for token in tokens { see(token) }
      tokens.removeAll(keepingCapacity: true)
    }
    lastOutput = now
    restsConsidered = 0
    drain()
    return takeNotes()
  }

  /// Lets time pass.
  mutating func advance(to now: Int64) -> [Note] {
    consider(now)
    return takeNotes()
  }

  /// Nothing more comes: what waits was not shown.
  mutating func finish() -> [Note] {
    for key in decoder.finish() { add(key) }
    withhold(linesBefore: lines.count)
    flushWithheld()
    return takeNotes()
  }

  private mutating func takeNotes() -> [Note] {
    defer { notes = [] }
    return notes
  }

  // MARK: - Keys

  private mutating func add(_ key: TypedKey) {
    if lines.last?.isEnded ?? true {
      let prompt = Array(screen.prefix.suffix(Limit.prompt))
      let hasPrompt = !prompt.isEmpty && lines.allSatisfy(\.isAnswered)
      lines.append(TypedLine(prompt: prompt, hasPrompt: hasPrompt))
    }
    let isAnswered = lines.dropLast().allSatisfy(\.isAnswered)
    let index = lines.count - 1
    let isStrong = screen.isAlternate || lines[index].isContinued || !screen.prefix.isEmpty
    lines[index].append(
      key,
      anchor: screen.isAlternate || isAnswered
        ? TypedLine.Anchor(cell: screen.cursor, isStrong: isStrong) : nil)
    waitingCount += 1
  }

  /// Lets go of keys without text that nothing comes before.
  private mutating func drain() {
    while let key = lines.first?.keys.first, key.character == nil {
      note(key)
      lines[0].dropFirst()
      waitingCount -= 1
      if lines[0].keys.isEmpty && key.endsLine { lines.removeFirst() }
    }
    if lines.first?.keys.isEmpty ?? false, lines.count > 1 { lines.removeFirst() }
  }

  private mutating func note(_ key: TypedKey) {
    flushWithheld()
    if case .keys(let bytes, typedAt: key.microseconds) = notes.last {
      notes[notes.count - 1] = .keys(bytes + key.bytes, typedAt: key.microseconds)
    } else {
      notes.append(.keys(key.bytes, typedAt: key.microseconds))
    }
  }

  private mutating func flushWithheld() {
    if withheld.count == 0 { return }
    notes.append(.withheld(keys: withheld.count, prompt: withheld.prompt))
    withheld = (0, "")
  }

  /// Records the first keys of a line; those that were not shown are counted.
  private mutating func release(_ index: Int, _ shown: [Bool]) {
    var isSecret = false
    for (key, wasShown) in zip(lines[index].keys, shown) {
      if wasShown || key.character == nil && (!isSecret || key.endsLine) {
        if wasShown { isSecret = false }
        note(key)
      } else {
        // Edits within a secret are part of it: they would tell its length.
        isSecret = true
        if withheld.count == 0 { withheld.prompt = Self.text(lines[index].prompt) }
        withheld.count += 1
      }
    }
    waitingCount -= shown.count
  }

  /// Gives up the first lines: their text was not shown.
  private mutating func withhold(linesBefore end: Int) {
    for index in 0..<end { release(index, Array(repeating: false, count: lines[index].keys.count)) }
    lines.removeFirst(end)
  }

  private static func text(_ prompt: [UInt32]) -> String {
    var prompt = prompt
    while let last = prompt.last, MaskGlyph.contains(last) || last == 0x20 { prompt.removeLast() }
    var text = ""
    for character in prompt { text.unicodeScalars.append(UnicodeScalar(character) ?? "\u{FFFD}") }
    return text
  }

  // MARK: - Output

  private mutating func see(_ token: OutputToken) {
    if waitingCount == 0 {
      if token == .lineFeed { lines = [] }
      return screen.apply(token)
    }
    switch token {
    case .glyph(let character):
      see(character)
      return screen.apply(token)
    case .carriageReturn:
      if let blank = wrappedBlank {
        for index in lines.indices { lines[index].takeBackBlank(at: blank) }
      }
      if screen.isAlternate { leaveCell() }
    case .lineFeed:
      if screen.isAlternate { leaveCell() } else { leaveRow(at: screen.beforeReturn ?? screen.cursor) }
    case .control(let final, false, _) where screen.isAlternate && Self.movesRow(final): leaveCell()
    default: break
    }
    wrappedBlank = nil
    screen.apply(token)
  }

  private static func movesRow(_ final: UInt8) -> Bool {
    [0x41, 0x42, 0x45, 0x46, 0x48, 0x64, 0x66].contains(final)  // A B E F H d f
  }

  private mutating func see(_ character: UInt32) {
    let (screen, known) = (screen, knownPrompts)
    var isPrompted: Bool?
    for index in lines.indices where index < Limit.lines || index == lines.count - 1 {
      lines[index].see(character, on: screen) {
        if isPrompted == nil { isPrompted = Self.endsPrompt(screen.prefix, known) }
        return isPrompted ?? false
      }
    }
    wrappedBlank = character == 0x20 && screen.isAtMargin ? screen.target(width: 1) : nil
  }

  /// Whether a shell or the like seems to ask: what stands before the cursor ends as their prompts do, or is
  /// the prompt of a line whose echo was seen.
  private static func endsPrompt(_ prefix: [UInt32], _ known: [[UInt32]]) -> Bool {
    guard let last = prefix.last else { return false }
    // $ # % > ❯ ➜ λ » ›
    return [0x24, 0x23, 0x25, 0x3E, 0x276F, 0x279C, 0x3BB, 0xBB, 0x203A].contains(last)
      || known.contains(prefix)
  }

  private mutating func learnPrompt() {
    let prompt = lines[0].prompt
    if !lines[0].beganAtPrompt || prompt.isEmpty || screen.isAlternate || knownPrompts.contains(prompt) {
      return
    }
    knownPrompts.append(prompt)
    if knownPrompts.count > Limit.knownPrompts { knownPrompts.removeFirst() }
  }

  // MARK: - Decisions

  /// The output goes to a new row from `cell`: the first line that was shown whole up to there is its echo.
  private mutating func leaveRow(at cell: ScreenCell) {
    if let index = lines.indices.first(where: { lines[$0].shownKeys(leavingAt: cell) != nil }) {
      confirm(index, at: cell)
      if !lines.isEmpty {
        for index in lines.indices { lines[index].leaveRow() }
        lines[0].follow(at: ScreenCell(row: cell.row + 1, column: 0))
      }
      return
    }
    if let shown = lines[0].shownBeforeEdit {
      release(0, shown)
      lines[0].dropShown(shown.count, cursor: cell)
    }
    lines.removeAll { $0.keys.isEmpty }
    for index in lines.indices { lines[index].leaveRow() }
    guard let index = lines.firstIndex(where: { $0.isEnded && !$0.isAnswered }) else { return }
    lines[index].isAnswered = true
    // What stood there when Return was answered says more than what stood there when it was typed ahead.
    let prompt = screen.prefix(upTo: cell.column).suffix(Limit.prompt)
    if !prompt.isEmpty, !lines[index].hasPrompt { lines[index].prompt = Array(prompt) }
  }

  /// A full-screen program takes the cursor away from where it is.
  private mutating func leaveCell() {
    let cell = screen.cursor
    guard let index = lines.indices.first(where: { lines[$0].shownKeys(leavingAt: cell) != nil }) else {
      return
    }
    confirm(index, at: cell)
  }

  private mutating func confirm(_ index: Int, at cell: ScreenCell) {
    guard let shown = lines[index].shownKeys(leavingAt: cell) else { return }
    withhold(linesBefore: index)
    learnPrompt()
    release(0, shown)
    lines.removeFirst()
  }

  /// What time has decided: echoes behind which the cursor rests, and lines that have waited too long.
  private mutating func consider(_ now: Int64) {
    while waitingCount > 0, let first = lines.first, now >= first.lastTyped + Limit.echo {
      withhold(linesBefore: 1)
    }
    if waitingCount == 0 { return flushWithheld() }
    if restsConsidered == 0, now >= lastOutput + Limit.rest {
      restsConsidered = 1
      settle(isLong: false)
    }
    if restsConsidered == 1, now >= lastOutput + Limit.longRest {
      restsConsidered = 2
      settle(isLong: true)
    }
    drain()
  }

  private mutating func settle(isLong: Bool) {
    let cursor = screen.cursor
    // The oldest line that the cursor may stand behind has it: a later one only shares its beginning.
    guard let index = lines.firstIndex(where: { $0.reaches(cursor) }),
      let shown = lines[index].shownKeys(restingAt: cursor, isLong: isLong)
    else { return }
    withhold(linesBefore: index)
    learnPrompt()
    release(0, shown)
    lines[0].dropShown(shown.count, cursor: cursor)
  }
}
