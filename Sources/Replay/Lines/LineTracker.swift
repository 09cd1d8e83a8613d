import Format

/// Follows a recording on a screen of its own and tells the lines that could be read: events in, lines out.
///
/// A line counts if it stood unchanged for a quarter of a second, scrolled off, or stood at the end. It is told when
/// it leaves the screen or changes; a text that grows at its end is told once, as it was in the end.
struct LineTracker {
  /// A logical line longer than this many bytes is told in pieces.
  static let lengthLimit = 64 << 10
  /// So many bytes at most are fed before rows that scrolled off are collected; the history is longer than that.
  private static let pieceByteCount = 1024
  /// More rows than a piece scrolls off, unless it is made for that.
  private static let historyLimit = 2048
  /// Rows that are kept at most once they were collected.
  private static let keptRowLimit = 256

  private(set) var terminal: TerminalScreen
  private var output: StandingLine.Output
  /// By slot of the grid; rows that continue another row have none.
  private var primary: [StandingLine]
  private var alternate: [StandingLine]
  private var isAlternate = false
  /// The slots of the active screen's rows when they were last looked at, from the top.
  private var order: [Int]
  /// Rows that scrolled off and were seen, in all and since `order` was noted.
  private var drained = 0
  private var drainedSinceOrder = 0
  /// The number of the screen's latest change when `order` was noted.
  private var lookedAt: UInt64 = 0
  private var partial = Partial()
  /// Rows from this one on, counted from the first that ever was, are kept once they were collected, as a command may
  /// stand there. All others are forgotten at once: memory that is used again is fast.
  var firstKeptRow = Int.max
  private var now: Int64 = 0
  private var text: [UInt8] = []

  /// A line whose first rows scrolled off and whose last ones have not, and its memory when there is none.
  private struct Partial {
    var isOpen = false
    var line = StandingLine()
    var text: [UInt8] = []
    var stamp: UInt64 = 0
    /// When its first row on the screen was first written; another value means that the row was cleared.
    var nextRowWritten: Int64?
  }

  init(columns: Int, rows: Int, keepsTransients: Bool = false) {
    terminal = TerminalScreen(columns: columns, rows: rows, scrollbackLimit: Self.historyLimit)
    output = StandingLine.Output(keepsTransients: keepsTransients)
    terminal.screen.keepsAllScrolling = true
    terminal.screen.history.recyclesBlocks = true
    primary = Array(repeating: StandingLine(), count: terminal.rows)
    alternate = primary
    order = Array(0..<terminal.rows)
  }

  /// Lines that are done with and wait to be taken, in the order in which they went.
  var lines: LineBlock { output.lines }
  var lineCount: Int { output.lines.count }
  var lineByteCount: Int { output.lines.text.count }

  /// Moves the lines that wait to `taken`, which has none.
  mutating func takeLines(_ taken: inout LineBlock) { swap(&taken, &output.lines) }

  mutating func moveLines(to collector: inout LineCollector) { collector.take(&output.lines) }

  mutating func dropLines() { output.lines.removeAll() }

  // MARK: Events

  /// Takes output that came at `microseconds`; `range` is a part of it that was not taken yet.
  mutating func feed(_ bytes: [UInt8], _ range: Range<Int>, at microseconds: Int64) {
    now = max(now, microseconds)
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(start + Self.pieceByteCount, range.upperBound)
      terminal.feed(bytes.span.extracting(start..<end), at: now)
      drain()
      // What comes now scrolls off the other screen.
      if terminal.screen.isAlternate != isAlternate { observe() }
      start = end
    }
  }

  /// Looks at the screen as it stands after an event.
  mutating func observe() {
    let hasSwitched = terminal.screen.isAlternate != isAlternate
    let generation = terminal.screen.generation
    // Cursor movements, titles, colors and the like.
    if !hasSwitched, generation == lookedAt { return }
    if hasSwitched { switchScreen() }
    // Where no row moved, those that changed are all there is to look at.
    let isArranged = !hasSwitched && !partial.isOpen && terminal.screen.grid.arranged <= lookedAt
    let since = isArranged ? lookedAt : nil
    if isAlternate {
      Self.look(at: &terminal.screen, since, &alternate, &partial, &text, now, isAlternate: true, &output)
    } else {
      Self.look(at: &terminal.screen, since, &primary, &partial, &text, now, isAlternate: false, &output)
    }
    if !isArranged { Self.note(&order, of: &terminal.screen) }
    drainedSinceOrder = 0
    lookedAt = generation
  }

  private static func note(_ order: inout [Int], of screen: inout Screen) {
    var order = order.mutableSpan
    for row in 0..<order.count { order[row] = screen.grid.slot(row) }
  }

  mutating func resize(columns: Int, rows: Int, at microseconds: Int64) {
    now = max(now, microseconds)
    let before = (terminal.columns, terminal.rows)
    terminal.resize(columns: columns, rows: rows)
    // A size that is no other one changes nothing.
    if before == (terminal.columns, terminal.rows) { return }
    drain()
    // Rows have other slots now. Lines are known again by what they say.
    var known: [[UInt8]: StandingLine] = [:]
    var left = primary + alternate
    if partial.isOpen { left.append(partial.line) }
    partial = Partial()
    for index in left.indices where !left[index].text.isEmpty {
      if var double = known.updateValue(left[index], forKey: left[index].text) {
        double.leave(at: now, isRead: false, &output)
      }
    }
    primary = Array(repeating: StandingLine(), count: terminal.rows)
    alternate = primary
    order = Array(0..<terminal.rows)
    isAlternate = terminal.screen.isAlternate
    let grid = terminal.screen.grid
    for row in 0..<terminal.rows {
      text.removeAll(keepingCapacity: true)
      terminal.screen.appendLine(fromRow: row, to: &text)
      guard let line = known.removeValue(forKey: text) else { continue }
      if isAlternate { alternate[grid.slot(row)] = line } else { primary[grid.slot(row)] = line }
    }
    for var line in known.values.sorted(by: { $0.text.lexicographicallyPrecedes($1.text) }) {
      line.leave(at: now, isRead: false, &output)
    }
    observe()
  }

  /// The recording ends: what stands, counts.
  mutating func finish() {
    if partial.isOpen, partial.nextRowWritten != nil {
      partial.line.leave(at: now, isRead: true, &output)
      partial.isOpen = false
    }
    leavePartial()
    if isAlternate { for slot in primary.indices { primary[slot].leave(at: now, isRead: true, &output) } }
    for slot in order {
      if isAlternate {
        alternate[slot].leave(at: now, isRead: true, &output)
      } else {
        primary[slot].leave(at: now, isRead: true, &output)
      }
    }
  }

  /// Notes what a shell said of the line that the cursor is in, or that begins at a row.
  mutating func mark(row: Int, _ mark: LineInfo.Mark) {
    guard row >= 0, row < terminal.rows else { return }
    terminal.screen.grid.update(row) { $0.mark = mark }
    let slot = terminal.screen.grid.slot(row)
    if isAlternate { alternate[slot].mark = mark } else { primary[slot].mark = mark }
  }

  /// Appends what stands in the cursor's row from `column` up to it, where that may be a prompt.
  mutating func appendPossiblePrompt(fromColumn column: Int, to text: inout [UInt8]) {
    terminal.screen.appendPossiblePrompt(fromColumn: column, to: &text)
  }

  /// What programs did beside drawing, since the last call.
  mutating func takeEvents() -> [ScreenEvent] {
    terminal.screen.events.events.isEmpty ? [] : terminal.screen.events.take()
  }

  // MARK: The screen

  private mutating func switchScreen() {
    leavePartial()
    isAlternate = terminal.screen.isAlternate
    if isAlternate {
      for slot in primary.indices { primary[slot].hide(at: now) }
    } else {
      for slot in alternate.indices { alternate[slot].leave(at: now, isRead: false, &output) }
      for slot in primary.indices { primary[slot].reappear(at: now) }
    }
  }

  /// Compares the lines of the screen with what is known of them.
  /// - Parameter generation: only those with a row that changed since, and no row moved.
  private static func look(
    at screen: inout Screen, _ generation: UInt64?, _ lines: inout [StandingLine], _ partial: inout Partial,
    _ text: inout [UInt8], _ now: Int64, isAlternate: Bool, _ output: inout StandingLine.Output
  ) {
    var (row, end) = (0, screen.rows)
    if let generation {
      // What is typed changes one row, once: all of them were looked through for each key, a tenth of the time of a
      // search.
      let cursorRow = screen.cursor.row
      if screen.generation == generation &+ 1, screen.grid.version(cursorRow) > generation {
        (row, end) = (cursorRow, cursorRow + 1)
      }
    } else if partial.isOpen {
      row = lookAtPartial(&screen, &partial, &text, now, &output)
    }
    while row < end {
      if let generation {
        if screen.grid.version(row) <= generation {
          row += 1
          continue
        }
        while row > 0, screen.grid.info(row - 1).isWrapped { row -= 1 }
      }
      let (version, isWrapped, slot) = screen.grid.glance(row)
      if !isWrapped, lines[slot].stamp == version {
        row += 1
        continue
      }
      row = look(at: &screen, row, &lines, &text, now, isAlternate: isAlternate, &output)
    }
  }

  /// Compares the line that begins in a row with what is known of it. Returns the first row behind it.
  private static func look(
    at screen: inout Screen, _ head: Int, _ lines: inout [StandingLine], _ text: inout [UInt8], _ now: Int64,
    isAlternate: Bool, _ output: inout StandingLine.Output
  ) -> Int {
    var row = head
    var info = screen.grid.info(row)
    var stamp = info.version
    let mark = info.mark
    while info.isWrapped, row + 1 < screen.rows {
      row += 1
      info = screen.grid.info(row)
      stamp = stamp &* 31 &+ info.version &+ 1
      let slot = screen.grid.slot(row)
      if !lines[slot].isBlank { lines[slot].leave(at: now, isRead: false, &output) }
    }
    row += 1
    let slot = screen.grid.slot(head)
    if lines[slot].stamp == stamp { return row }
    lines[slot].stamp = stamp
    text.removeAll(keepingCapacity: true)
    screen.appendLine(fromRow: head, to: &text)
    if mark != .none { lines[slot].mark = mark }
    lines[slot].isAlternate = isAlternate
    lines[slot].change(to: &text, at: now, &output)
    if text.isEmpty { lines[slot].mark = .none }
    return row
  }

  /// The rows at the top that belong to a line which has begun to scroll off. Returns the first row behind them.
  private static func lookAtPartial(
    _ screen: inout Screen, _ partial: inout Partial, _ text: inout [UInt8], _ now: Int64,
    _ output: inout StandingLine.Output
  ) -> Int {
    let top = screen.grid.info(0)
    text.removeAll(keepingCapacity: true)
    screen.appendLine(fromRow: 0, to: &text)
    if text.isEmpty || partial.nextRowWritten.map({ $0 != top.firstWrite }) ?? false {
      partial.line.leave(at: now, isRead: true, &output)
      partial.isOpen = false
      return 0
    }
    partial.nextRowWritten = top.firstWrite
    var row = 0
    var stamp = partial.stamp &* 31 &+ top.version
    while screen.grid.info(row).isWrapped, row + 1 < screen.rows {
      row += 1
      stamp = stamp &* 31 &+ screen.grid.info(row).version
    }
    if partial.line.stamp != stamp {
      partial.line.stamp = stamp
      var whole = partial.text + text
      partial.line.change(to: &whole, at: now, &output)
    }
    return row + 1
  }

  /// Collects the rows that scrolled off the top of the primary screen.
  private mutating func drain() {
    let total = terminal.screen.history.total
    guard total > drained else { return }
    let count = terminal.screen.history.count
    let lost = max(0, total - drained - count)
    drainedSinceOrder += lost
    let isAtTop = terminal.screen.margins.top == 0
    for index in max(0, count - (total - drained))..<count { drain(row: index, isAtTop) }
    drained = total
    terminal.screen.history.drop(keeping: min(max(0, total - firstKeptRow), Self.keptRowLimit))
    // Below other rows, what goes on cannot be told from what is new.
    if !isAtTop { leavePartial() }
  }

  private mutating func leavePartial() {
    guard partial.isOpen else { return }
    partial.line.change(to: &partial.text, at: now, &output)
    partial.line.leave(at: now, isRead: true, &output)
    partial.isOpen = false
  }

  private mutating func drain(row index: Int, _ isAtTop: Bool) {
    let info = terminal.screen.history.info(index)
    if !partial.isOpen {
      if !info.isWrapped { return drain(row: index, info, isAtTop) }
      partial.isOpen = true
      partial.stamp = 0
      partial.text.removeAll(keepingCapacity: true)
      if let slot = slot(ofVersion: info.version, isAtTop) {
        if isAlternate { swap(&partial.line, &alternate[slot]) } else { swap(&partial.line, &primary[slot]) }
      }
    }
    drainedSinceOrder += 1
    terminal.screen.appendHistoryRow(index, to: &partial.text)
    partial.stamp = partial.stamp &* 31 &+ info.version &+ 1
    partial.nextRowWritten = nil
    if info.mark != .none, partial.line.mark == .none { partial.line.mark = info.mark }
    if info.isWrapped, partial.text.count < Self.lengthLimit { return }
    while partial.text.last == 0x20 { partial.text.removeLast() }
    let written = Self.time(of: info, now)
    if partial.line.isBlank {
      output.lines.text += partial.text
      partial.line.tell(from: written, until: now, &output)
    } else {
      partial.line.change(to: &partial.text, at: written, &output)
      partial.line.leave(at: now, isRead: true, &output)
    }
    partial.isOpen = false
  }
}

extension LineTracker {
  /// Tells the line that is one row which scrolled off: nearly all of the output of programs.
  private mutating func drain(row index: Int, _ info: LineInfo, _ isAtTop: Bool) {
    let slot = slot(ofVersion: info.version, isAtTop)
    drainedSinceOrder += 1
    guard let slot else {
      return Self.drain(row: index, info, &terminal.screen, &partial.line, &text, now, &output)
    }
    if isAlternate {
      Self.drain(row: index, info, &terminal.screen, &alternate[slot], &text, now, &output)
    } else {
      Self.drain(row: index, info, &terminal.screen, &primary[slot], &text, now, &output)
    }
  }

  private static func drain(
    row index: Int, _ info: LineInfo, _ screen: inout Screen, _ line: inout StandingLine,
    _ text: inout [UInt8], _ now: Int64, _ output: inout StandingLine.Output
  ) {
    if line.mark == .none { line.mark = info.mark }
    let written = time(of: info, now)
    if line.isBlank {
      // It was never looked at: from the cells to the lines, without a stop.
      screen.appendHistoryRow(index, to: &output.lines.text)
      output.lines.trimLine()
      return line.tell(from: written, until: now, &output)
    }
    if line.stamp != info.version {
      text.removeAll(keepingCapacity: true)
      screen.appendHistoryRow(index, to: &text)
      while text.last == 0x20 { text.removeLast() }
      line.change(to: &text, at: written, &output)
    }
    line.leave(at: now, isRead: true, &output)
  }

  /// When a row that scrolled off began to say what it says; one that was cleared, or never written, says nothing now.
  private static func time(of info: LineInfo, _ now: Int64) -> Int64 {
    info.lastWrite < 0 ? now : min(now, info.lastWrite)
  }

  /// The slot of the line that a row which scrolled off belonged to: the one with its version, else, where the row
  /// changed since, the one that stood as far from the top.
  private mutating func slot(ofVersion version: UInt64, _ isAtTop: Bool) -> Int? {
    isAlternate
      ? Self.slot(ofVersion: version, alternate, order, drainedSinceOrder, lookedAt, isAtTop)
      : Self.slot(ofVersion: version, primary, order, drainedSinceOrder, lookedAt, isAtTop)
  }

  private static func slot(
    ofVersion version: UInt64, _ lines: [StandingLine], _ order: [Int], _ position: Int, _ lookedAt: UInt64,
    _ isAtTop: Bool
  ) -> Int? {
    if position < order.count, lines[order[position]].stamp == version { return order[position] }
    // A row that was written after the last look has no version that was seen.
    if version <= lookedAt, let slot = order.first(where: { lines[$0].stamp == version }) { return slot }
    guard position < order.count, isAtTop else { return nil }
    return order[position]
  }
}
