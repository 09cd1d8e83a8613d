import Platform

/// Finds the commands of a session: by the shell's own marks (OSC 133, OSC 633), else by the brackets that it puts
/// round the editing of a line (mode 2004), else by prompts learnt from where the cursor waits for keys.
struct CommandTracker {
  /// Longest prompt that is learnt, and how many are kept.
  private static let promptLimit = 160
  private static let promptCountLimit = 64
  /// Rows that one command may take on the screen.
  private static let rowLimit = 200

  private struct Position: Equatable {
    /// Counted from the first row that ever was.
    var row: Int
    var column: Int
  }

  private var done: [TypedCommand] = []
  private var open: TypedCommand?
  /// Where the line that is being edited begins; behind its prompt, where that is known.
  private var editing: Position?
  private var isBehindPrompt = false
  /// What stood in that row behind it, left there by a program that drew on the screen; a shell writes over it.
  private var leftover: [Cell] = []
  /// How far the cursor was seen in that row.
  private var furthest = 0
  /// Where the cursor stood when nothing was typed yet; nil: the event is not over in which the editing began.
  private var waiting: Position?
  /// Where a text begins that stood at the right of that line before anything was typed, as zsh's and fish's right
  /// prompts do; it is no part of the command.
  private var right: Position?
  private var prompt: [UInt8] = []
  private var told: [UInt8]?
  private var wasBracketed = false
  private var hasMarks = false
  private var hasBrackets = false
  private var prompts: [[UInt8]] = []

  mutating func take() -> [TypedCommand] {
    if done.isEmpty { return [] }
    defer { done.removeAll() }
    return done
  }

  mutating func finish() { close(at: nil, exitCode: nil) }

  // MARK: Marks

  /// Looks at what happened up to here, with the cursor where the shell left it.
  /// - Parameter opensBracket: what came last was the beginning of a bracket, whether or not one was open.
  mutating func mark(_ tracker: inout LineTracker, _ now: Int64, opensBracket: Bool) {
    defer { tracker.firstKeptRow = editing?.row ?? .max }
    follow(&tracker)
    for event in tracker.takeEvents() {
      switch event {
      case .prompt: close(at: now, exitCode: nil)
      case .commandStart:
        hasMarks = true
        begin(tracker, isBehindPrompt: true)
      case .commandLine(let text): told = text
      case .commandOutput:
        hasMarks = true
        enter(&tracker, now, .marks)
      case .commandEnd(_, let exitCode): close(at: now, exitCode: exitCode)
      default: continue
      }
    }
    let isBracketed = tracker.terminal.screen.modes.contains(.bracketedPaste)
    // A program that was killed, or its terminal's other screen, left one open; or a shell, with its prompt alone.
    let isAnew =
      isBracketed && opensBracket && wasBracketed && (!isEditing(in: &tracker) || hasPromptAlone(&tracker))
    guard isBracketed != wasBracketed || isAnew else { return }
    wasBracketed = isBracketed
    if hasMarks { return }
    if isBracketed {
      hasBrackets = true
      close(at: now, exitCode: nil)
      begin(tracker, isBehindPrompt: false)
    } else {
      enter(&tracker, now, .brackets)
    }
  }

  /// The event is over: where the cursor waits, a prompt may stand before it.
  mutating func rest(_ tracker: inout LineTracker, _ now: Int64) {
    follow(&tracker)
    if editing != nil { wait(&tracker) }
    if hasMarks || hasBrackets && (editing == nil || !prompt.isEmpty || isBehindPrompt) { return }
    var text: [UInt8] = []
    // A prompt may stand behind what a program left in the row.
    let column = hasBrackets && isEditing(in: &tracker) ? editing?.column ?? 0 : 0
    tracker.appendPossiblePrompt(fromColumn: column, to: &text)
    if column > 0, text.isEmpty, tracker.terminal.screen.cursor.column == column {
      // zsh draws it first.
      tracker.appendPossiblePrompt(fromColumn: 0, to: &text)
      isBehindPrompt = Self.isPrompt(text)
      return
    }
    guard text.count <= Self.promptLimit, Self.isPrompt(text) else { return }
    if hasBrackets { prompt = text }
    // Behind a prompt, what ends like one is part of the command: a comment, a redirection.
    if prompts.contains(where: { $0.count < text.count && ByteSearch.begins(text, with: $0) }) { return }
    if !prompts.contains(text) {
      prompts.append(text)
      if prompts.count > Self.promptCountLimit { prompts.removeFirst() }
    }
  }

  /// Blanks between a command and a right prompt at least.
  private static let rightGap = 2

  /// Looks at the line that is being edited while nothing is typed.
  private mutating func wait(_ tracker: inout LineTracker) {
    let (row, column) = (tracker.terminal.screen.cursor.row, tracker.terminal.screen.cursor.column)
    let cursor = Position(row: tracker.terminal.screen.history.total + row, column: column)
    if waiting == nil { waiting = cursor }
    guard waiting == cursor else { return }
    let rest = tracker.terminal.screen.grid.row(row).dropFirst(column)
    guard let first = rest.firstIndex(where: { !$0.isBlankText }), first - rest.startIndex >= Self.rightGap
    else { return }
    right = Position(row: cursor.row, column: cursor.column + (first - rest.startIndex))
  }

  /// The cells of a row without a right prompt that stands there still.
  private func withoutRightPrompt(_ cells: ArraySlice<Cell>, row: Int) -> ArraySlice<Cell> {
    guard let right, right.row == row, right.column < cells.count, right.column >= Self.rightGap else {
      return cells
    }
    let place = cells.startIndex + right.column
    // A command that needs the room moves it away.
    guard !cells[place].isBlankText, cells[place - Self.rightGap..<place].allSatisfy(\.isBlankText) else {
      return cells
    }
    return cells[..<place]
  }

  /// Whether a text ends as prompts do.
  static func isPrompt(_ text: [UInt8]) -> Bool {
    guard text.count >= 2, text.last == 0x20 else { return false }
    return ["$", "#", "%", ">", "❯", "➜", "λ"].contains {
      text.dropLast().suffix($0.utf8.count).elementsEqual($0.utf8)
    }
  }

  /// Whether the cursor is in the row where the editing of a line began.
  private func isEditing(in tracker: inout LineTracker) -> Bool {
    guard let editing, !tracker.terminal.screen.isAlternate else { return false }
    return editing.row == tracker.terminal.screen.history.total + tracker.terminal.screen.cursor.row
  }

  /// Whether nothing was typed behind the prompt yet, and the cursor is there.
  private func hasPromptAlone(_ tracker: inout LineTracker) -> Bool {
    guard let editing, !prompt.isEmpty else { return false }
    var text: [UInt8] = []
    tracker.appendPossiblePrompt(fromColumn: editing.column, to: &text)
    return text == prompt
  }

  /// Notes how far the cursor is in the row of the line that is being edited. Nothing changes the tracker here, but
  /// what is not `inout` is copied at its size.
  private mutating func follow(_ tracker: inout LineTracker) {
    if leftover.isEmpty { return }
    let cursor = tracker.terminal.screen.cursor
    guard editing?.row == tracker.terminal.screen.history.total + cursor.row else { return }
    // In the last column it stands on what was written there.
    furthest = max(furthest, cursor.column + (cursor.edge == .free ? 0 : 1))
  }

  private mutating func begin(_ tracker: LineTracker, isBehindPrompt: Bool) {
    let screen = tracker.terminal.screen
    let row = screen.cursor.row
    // Behind a full row comes the next.
    let isWrapping = screen.cursor.edge == .pending
    let column = isWrapping ? 0 : screen.cursor.column
    editing = Position(row: screen.history.total + row + (isWrapping ? 1 : 0), column: column)
    let occupancy = isWrapping ? 0 : Int(screen.grid.info(row).occupancy)
    leftover = column < occupancy ? Array(screen.grid.row(row).prefix(occupancy).dropFirst(column)) : []
    furthest = column
    self.isBehindPrompt = isBehindPrompt
    prompt = []
    told = nil
    (waiting, right) = (nil, nil)
  }

  /// The line that was edited is entered: the cursor is below it.
  private mutating func enter(_ tracker: inout LineTracker, _ now: Int64, _ evidence: TypedCommand.Evidence) {
    defer {
      editing = nil
      told = nil
    }
    var screen = tracker.terminal.screen
    guard let editing else {
      if let told { add(told, now, evidence) }
      return
    }
    let end = screen.history.total + screen.cursor.row
    var text: [UInt8] = []
    let last = end > editing.row ? end - 1 : end
    guard last >= editing.row, last - editing.row <= Self.rowLimit else { return }
    for row in editing.row...last {
      guard let (all, isWrapped) = screen.row(numbered: row) else { continue }
      let cells = isWrapped ? all : withoutRightPrompt(all, row: row)
      var written = row == editing.row ? cells.dropFirst(editing.column) : cells
      if !leftover.isEmpty, row == last, row == editing.row { written = withoutLeftover(written) }
      screen.appendCells(written, to: &text)
      if !isWrapped, row < last {
        while text.last == 0x20 { text.removeLast() }
        text.append(0x20)
      }
    }
    while text.last == 0x20 { text.removeLast() }
    if screen.isAlternate, told == nil, !isBehindPrompt {
      // Full-screen programs use brackets, too. A shell, left there by one that was killed, has the prompt it had.
      guard let known = prompts.last(where: { ByteSearch.begins(text, with: $0) }) else { return }
      tracker.mark(row: editing.row - screen.history.total, .command)
      return add(Array(text.dropFirst(known.count)), now, evidence)
    }
    tracker.mark(row: editing.row - screen.history.total, .command)
    if let told { return add(told, now, evidence) }
    if !isBehindPrompt {
      // Pasted in one piece with its prompt, it has none of its own: one seen before, or what looks like one, ends it.
      let known =
        !prompt.isEmpty && ByteSearch.begins(text, with: prompt)
        ? prompt : prompts.last { ByteSearch.begins(text, with: $0) } ?? Self.prompt(of: text)
      text.removeFirst(known.count)
    }
    add(text, now, evidence)
  }

  /// The cells of the row that was edited, without those at its end that stood there before and that the cursor was
  /// not seen behind.
  private func withoutLeftover(_ cells: ArraySlice<Cell>) -> ArraySlice<Cell> {
    let least = max(0, furthest - (editing?.column ?? 0))
    var count = min(cells.count, leftover.count)
    guard cells.dropFirst(count).allSatisfy({ $0.content == 0 || $0.content == 0x20 }) else { return cells }
    while count > least, cells[cells.startIndex + count - 1] == leftover[count - 1] { count -= 1 }
    return cells.prefix(count)
  }

  /// What of a line looks like its prompt: up to the first sign that prompts end with.
  private static func prompt(of text: [UInt8]) -> [UInt8] {
    for end in 2...max(2, min(text.count, promptLimit)) where end <= text.count {
      let beginning = Array(text[..<end])
      if isPrompt(beginning) { return beginning }
    }
    return []
  }

  private mutating func add(_ text: [UInt8], _ now: Int64, _ evidence: TypedCommand.Evidence) {
    let command = text.drop { $0 == 0x20 }.filter { $0 != 0x0A }
    close(at: now, exitCode: nil)
    guard !command.isEmpty else { return }
    let valid = Array(String(decoding: command, as: UTF8.self).utf8)
    open = TypedCommand(
      text: valid, start: SettledLine.milliseconds(now), end: nil, exitCode: nil, evidence: evidence)
  }

  private mutating func close(at now: Int64?, exitCode: Int32?) {
    guard var command = open else { return }
    command.end = now.map(SettledLine.milliseconds)
    command.exitCode = exitCode
    done.append(command)
    open = nil
  }

  // MARK: Without marks

  /// Whether lines that are done with may be commands: the shell gives no marks, and prompts were learnt.
  var looksForPrompts: Bool { !hasMarks && !hasBrackets && !prompts.isEmpty }

  /// Takes lines that are done with. Where a shell gives no marks, a line that begins with a learnt prompt is a
  /// command; prompts were learnt up to now, so also those pasted many at a time are known.
  mutating func see(_ lines: borrowing LineBlock, from start: Int) {
    for line in start..<lines.count where !lines.facts[line].flags.contains(.alternate) {
      // What was corrected, or left for another command of the history, was not entered.
      if lines.facts[line].flags.isDisjoint(with: [.transient, .edited]) { see(lines, line) }
    }
  }

  private mutating func see(_ lines: borrowing LineBlock, _ number: Int) {
    let range = lines.range(of: number)
    guard
      let prompt = prompts.last(where: {
        range.count > $0.count && ByteSearch.occurs($0, in: lines.text, at: range.lowerBound)
      })
    else { return }
    let line = lines[number]
    let entered = line.milliseconds(of: 0..<line.text.count)
    if var before = open {
      before.end = max(before.start, line.first)
      done.append(before)
      open = nil
    }
    let text = Array(line.text.dropFirst(prompt.count).drop { $0 == 0x20 })
    if text.isEmpty { return }
    open = TypedCommand(text: text, start: entered, end: nil, exitCode: nil, evidence: .prompt)
  }
}

extension Screen {
  /// Appends what stands before the cursor, unless its last two characters cannot be the end of a prompt: they can not
  /// after most events. Nothing is copied then, least of all the screen.
  mutating func appendPossiblePrompt(fromColumn column: Int, to text: inout [UInt8]) {
    if isAlternate || cursor.column < column + 2 { return }
    let last = grid[cursor.row, cursor.column - 1].bits & (Cell.textMask | Cell.kindMask)
    let sign = grid[cursor.row, cursor.column - 2].bits & (Cell.textMask | Cell.kindMask)
    // Plain letters, and blanks; other characters may be signs, too.
    if last > 0x20 && last < 0x80 { return }
    if sign < 0x80, sign != 0x24, sign != 0x23, sign != 0x25, sign != 0x3E { return }
    appendCells(grid.row(cursor.row).prefix(cursor.column).dropFirst(column), to: &text)
  }

  /// A row by its number since the first that ever was; nil where it is no longer kept.
  func row(numbered number: Int) -> (cells: ArraySlice<Cell>, isWrapped: Bool)? {
    let row = number - history.total
    if row >= 0 { return row < rows ? (grid.row(row), grid.info(row).isWrapped) : nil }
    let index = history.count + row
    guard index >= 0, index < history.count else { return nil }
    let (cells, info) = history.row(index)
    return (cells, info.isWrapped)
  }
}

extension Cell {
  /// Nothing, or a blank.
  fileprivate var isBlankText: Bool { !isTail && (!hasText || !isCluster && content == 0x20) }
}
