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
  /// Rows of a piece, and those in which a command is looked for. Memory that is used again is fast: four times as much
  /// of both took 3 % longer.
  private static let historyLimit = 2048

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
  /// A line whose first rows scrolled off and whose last ones have not.
  private var partial: Partial?
  private var now: Int64 = 0
  private var text: [UInt8] = []

  private struct Partial {
    var line: StandingLine
    var text: [UInt8] = []
    var stamp: UInt64 = 0
    /// When its first row on the screen was first written; another value means that the row was cleared.
    var nextRowWritten: Int64?
  }

  init(columns: Int, rows: Int, keepsTransients: Bool = false) {
    terminal = TerminalScreen(columns: columns, rows: rows, scrollbackLimit: Self.historyLimit)
    output = StandingLine.Output(keepsTransients: keepsTransients)
    terminal.screen.keepsAllScrolling = true
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
    // Cursor movements, titles, colors and the like.
    if !hasSwitched, terminal.screen.generation == lookedAt, order.count == terminal.rows { return }
    if hasSwitched { switchScreen() }
    if isAlternate {
      Self.look(at: &terminal.screen, &alternate, &partial, &text, now, isAlternate: true, &output)
    } else {
      Self.look(at: &terminal.screen, &primary, &partial, &text, now, isAlternate: false, &output)
    }
    for row in 0..<terminal.rows { order[row] = terminal.screen.grid.slot(row) }
    drainedSinceOrder = 0
    lookedAt = terminal.screen.generation
  }

  mutating func resize(columns: Int, rows: Int, at microseconds: Int64) {
    now = max(now, microseconds)
    terminal.resize(columns: columns, rows: rows)
    drain()
    // Rows have other slots now. Lines are known again by what they say.
    var known: [[UInt8]: StandingLine] = [:]
    var left = primary + alternate
    if let partial { left.append(partial.line) }
    partial = nil
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
    if partial?.nextRowWritten == nil { leavePartial() }
    if var partial {
      partial.line.leave(at: now, isRead: true, &output)
      self.partial = nil
    }
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

  /// Compares every line of the screen with what is known of it.
  private static func look(
    at screen: inout Screen, _ lines: inout [StandingLine], _ partial: inout Partial?, _ text: inout [UInt8],
    _ now: Int64, isAlternate: Bool, _ output: inout StandingLine.Output
  ) {
    var row = 0
    let rows = screen.rows
    if partial != nil { row = lookAtPartial(&screen, &partial, &text, now, &output) }
    while row < rows {
      let head = row
      var info = screen.grid.info(row)
      var stamp = info.version
      let mark = info.mark
      while info.isWrapped, row + 1 < rows {
        row += 1
        info = screen.grid.info(row)
        stamp = stamp &* 31 &+ info.version &+ 1
        let slot = screen.grid.slot(row)
        if !lines[slot].isBlank { lines[slot].leave(at: now, isRead: false, &output) }
      }
      row += 1
      let slot = screen.grid.slot(head)
      if lines[slot].stamp == stamp { continue }
      lines[slot].stamp = stamp
      text.removeAll(keepingCapacity: true)
      screen.appendLine(fromRow: head, to: &text)
      if mark != .none { lines[slot].mark = mark }
      lines[slot].isAlternate = isAlternate
      lines[slot].change(to: &text, at: now, &output)
      if text.isEmpty { lines[slot].mark = .none }
    }
  }

  /// The rows at the top that belong to a line which has begun to scroll off. Returns the first row behind them.
  private static func lookAtPartial(
    _ screen: inout Screen, _ partial: inout Partial?, _ text: inout [UInt8], _ now: Int64,
    _ output: inout StandingLine.Output
  ) -> Int {
    // Taken out, not copied: its text would be copied with the first byte appended.
    guard var current = partial.take() else { return 0 }
    let top = screen.grid.info(0)
    text.removeAll(keepingCapacity: true)
    screen.appendLine(fromRow: 0, to: &text)
    if text.isEmpty || current.nextRowWritten.map({ $0 != top.firstWrite }) ?? false {
      current.line.leave(at: now, isRead: true, &output)
      return 0
    }
    current.nextRowWritten = top.firstWrite
    var row = 0
    var stamp = current.stamp &* 31 &+ top.version
    while screen.grid.info(row).isWrapped, row + 1 < screen.rows {
      row += 1
      stamp = stamp &* 31 &+ screen.grid.info(row).version
    }
    if current.line.stamp != stamp {
      current.line.stamp = stamp
      var whole = current.text + text
      current.line.change(to: &whole, at: now, &output)
    }
    partial = current
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
    // Below other rows, what goes on cannot be told from what is new.
    if partial != nil, !isAtTop { leavePartial() }
  }

  private mutating func leavePartial() {
    guard var partial else { return }
    partial.line.change(to: &partial.text, at: now, &output)
    partial.line.leave(at: now, isRead: true, &output)
    self.partial = nil
  }

  private mutating func drain(row index: Int, _ isAtTop: Bool) {
    let (cells, info) = terminal.screen.historyRow(index)
    if partial == nil, !info.isWrapped { return drain(cells, info, isAtTop) }
    var current: Partial
    if let begun = partial.take() {
      current = begun
    } else {
      current = Partial(line: StandingLine())
      if let slot = slot(ofVersion: info.version, isAtTop) {
        if isAlternate { swap(&current.line, &alternate[slot]) } else { swap(&current.line, &primary[slot]) }
      }
    }
    drainedSinceOrder += 1
    terminal.screen.appendCells(cells, to: &current.text)
    current.stamp = current.stamp &* 31 &+ info.version &+ 1
    current.nextRowWritten = nil
    if info.mark != .none, current.line.mark == .none { current.line.mark = info.mark }
    if info.isWrapped, current.text.count < Self.lengthLimit {
      partial = current
      return
    }
    while current.text.last == 0x20 { current.text.removeLast() }
    current.line.change(to: &current.text, at: Self.time(of: info, now), &output)
    current.line.leave(at: now, isRead: true, &output)
  }
}

extension LineTracker {
  /// Tells the line that is one row which scrolled off: nearly all of the output of programs.
  private mutating func drain(_ cells: ArraySlice<Cell>, _ info: LineInfo, _ isAtTop: Bool) {
    let slot = slot(ofVersion: info.version, isAtTop)
    drainedSinceOrder += 1
    guard let slot else {
      var line = StandingLine()
      return Self.drain(cells, info, &terminal.screen, &line, &text, now, &output)
    }
    if isAlternate {
      Self.drain(cells, info, &terminal.screen, &alternate[slot], &text, now, &output)
    } else {
      Self.drain(cells, info, &terminal.screen, &primary[slot], &text, now, &output)
    }
  }

  private static func drain(
    _ cells: ArraySlice<Cell>, _ info: LineInfo, _ screen: inout Screen, _ line: inout StandingLine,
    _ text: inout [UInt8], _ now: Int64, _ output: inout StandingLine.Output
  ) {
    if line.mark == .none { line.mark = info.mark }
    let written = time(of: info, now)
    if line.isBlank {
      // It was never looked at: from the cells to the lines, without a stop.
      screen.appendCells(cells, to: &output.lines.text)
      output.lines.trimLine()
      if !output.lines.isLineEmpty {
        output.lines.endLine(
          at: SettledLine.milliseconds(written), until: SettledLine.milliseconds(now),
          line.flags.union(.scrolled))
      }
      return line.clear()
    }
    if line.stamp != info.version {
      text.removeAll(keepingCapacity: true)
      screen.appendCells(cells, to: &text)
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
