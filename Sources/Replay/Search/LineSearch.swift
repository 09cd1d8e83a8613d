import Platform

/// Finds the lines of one recording, with those round them: a pure machine, blocks in, hits out.
struct LineSearch {
  /// A redrawn line is told again after so long.
  static let repeatMilliseconds: Int64 = 10_000
  private static let drawnLimit = 10_000

  private let query: SearchQuery
  private let pattern: Pattern
  private let keepsHits: Bool
  /// Lines that may become context of what comes.
  private var waiting: [SearchHit] = []
  private var contextLeft = 0
  private var contextUntil: Int64 = -1
  private var lastRow: Int?
  /// Lines before the next block.
  private var row = 0
  /// Lines that were drawn over, without their digits, and until when they stood.
  private var drawn: [[UInt8]: Int64] = [:]
  /// Lines found so far, context not counted.
  private(set) var count = 0

  /// `pattern` is the query's, made ready for this thread.
  /// - Parameter keepsHits: the lines found are told, not only counted.
  init(_ query: SearchQuery, _ pattern: Pattern, keepsHits: Bool = true) {
    self.query = query
    self.keepsHits = keepsHits
    self.pattern = pattern
  }

  /// Whether enough was found, and the lines after it are told.
  var isDone: Bool {
    if query.endsAtFirst, count > 0 { return true }
    guard let maximum = query.maximum, count >= maximum else { return false }
    return contextLeft == 0 && contextUntil < 0
  }

  /// What is to be told now that the next block is known.
  /// - Parameter firstRow: lines before it, where blocks were left out.
  mutating func take(_ block: LineBlock, firstRow: Int? = nil) -> [SearchHit] {
    if let firstRow { row = firstRow }
    defer { row += block.count }
    var hits: [SearchHit] = []
    let matched = matchedLines(of: block)
    guard query.needsAllLines else {
      for line in matched {
        if isDone { break }
        // Plain output is no repeat, and where lines are only counted nothing more of it is asked.
        if !keepsHits, !query.groupsRepeats || block.facts[line].flags.contains(.scrolled) {
          count += 1
          continue
        }
        hits += take(block[line], row: row + line + 1, isMatched: true)
      }
      return hits
    }
    var next = 0
    for line in 0..<block.count {
      if isDone { break }
      let isMatched = next < matched.count && matched[next] == line
      if isMatched { next += 1 }
      hits += take(block[line], row: row + line + 1, isMatched: isMatched != query.isInverted)
    }
    return hits
  }

  /// What is to be told of a block of the index, of which no more is read than that takes.
  mutating func take(_ block: PackedBlock, firstRow: Int) throws(IndexDamage) -> [SearchHit] {
    if query.needsAllLines { return take(try block.lines(), firstRow: firstRow) }
    guard let end = pattern.endOfMatch(in: block.text, from: block.start), end < block.text.count else {
      return []
    }
    if keepsHits { return take(try block.lines(), firstRow: firstRow) }
    try count(in: block, firstEnd: end)
    return []
  }

  private mutating func count(in block: PackedBlock, firstEnd: Int) throws(IndexDamage) {
    let text = block.text
    // Plain output is no repeat: where there is nothing else, nobody need know which line it is.
    var flags: [SettledLine.Flags]?
    if query.groupsRepeats, try !block.isPlain() { flags = try block.flags() }
    var lines: LineBlock?
    var line = 0
    var start = block.start
    var found: Int? = firstEnd
    while !isDone, let end = found, let lineEnd = ByteSearch.first(0x0A, in: text, end..<text.count) {
      if let flags {
        line += ByteSearch.count(of: 0x0A, in: text, start..<end)
        guard line < flags.count else { throw .badNumber(part: LineBlock.part) }
        if flags[line].contains(.scrolled) {
          count += 1
        } else {
          // Whether it repeats another is told by more than its flags.
          if lines == nil { lines = try block.lines() }
          if let lines, !isRepeat(lines[line]) { count += 1 }
        }
        line += 1
      } else {
        count += 1
      }
      start = lineEnd + 1
      found = start < text.count ? pattern.endOfMatch(in: text, from: start) : nil
    }
  }

  /// Numbers of the lines that hold a match, in order.
  private func matchedLines(of block: LineBlock) -> [Int] {
    var lines: [Int] = []
    var position = 0
    while position < block.text.count, let end = pattern.endOfMatch(in: block.text, from: position) {
      // A match ends in its line or before the line feed; behind the last one there is only nothing.
      guard end < block.text.count else { break }
      let line = block.line(at: end)
      lines.append(line)
      position = block.starts[line + 1]
    }
    return lines
  }

  private mutating func take(_ line: SettledLine, row: Int, isMatched: Bool) -> [SearchHit] {
    let isOpen = query.maximum.map { count < $0 } ?? true
    if isOpen, isMatched {
      if isRepeat(line) { return [] }
      let hit = hit(line, row: row, isContext: false)
      count += 1
      let earlier = takeWaiting(before: hit.microseconds)
      startContext(after: hit.microseconds)
      return ordered(earlier + [hit])
    }
    let context = hit(line, row: row, isContext: true)
    if contextLeft > 0 || context.microseconds <= contextUntil {
      contextLeft = max(0, contextLeft - 1)
      return ordered([context])
    }
    contextUntil = -1
    if isOpen { keep(context) }
    return []
  }

  private func hit(_ line: SettledLine, row: Int, isContext: Bool) -> SearchHit {
    let spans = isContext || query.isInverted ? [] : spans(in: line.text)
    let times = spans.map { line.milliseconds(of: $0) * 1000 }
    return SearchHit(
      row: row, microseconds: times.first ?? line.milliseconds(of: 0..<line.text.count) * 1000,
      text: line.text, spans: spans, spanMicroseconds: times, isContext: isContext, followsGap: false)
  }

  private func spans(in text: [UInt8]) -> [Range<Int>] {
    query.needsAllSpans ? pattern.matches(in: text) : pattern.firstMatch(in: text).map { [$0] } ?? []
  }

  /// Whether a full-screen program drew this line again with other numbers, within `repeatMilliseconds` of the last.
  private mutating func isRepeat(_ line: SettledLine) -> Bool {
    guard query.groupsRepeats, !line.flags.contains(.scrolled) else { return false }
    let key = line.text.filter { !(0x30...0x39).contains($0) }
    let previous = drawn.updateValue(line.last, forKey: key)
    if drawn.count > Self.drawnLimit { drawn.removeAll() }
    return previous.map { line.first <= $0 + Self.repeatMilliseconds } ?? false
  }

  private mutating func keep(_ line: SearchHit) {
    switch query.before {
    case .lines(0): return
    case .lines(let count):
      waiting.append(line)
      if waiting.count > count { waiting.removeFirst() }
    case .time(let length):
      waiting.append(line)
      let first = waiting.firstIndex { $0.microseconds >= line.microseconds - length } ?? waiting.count
      waiting.removeFirst(max(first, waiting.count - SearchQuery.Extent.lineLimit))
    }
  }

  private mutating func takeWaiting(before microseconds: Int64) -> [SearchHit] {
    var earlier: [SearchHit] = []
    swap(&earlier, &waiting)
    if case .time(let length) = query.before {
      earlier.removeAll { $0.microseconds < microseconds - length }
    }
    return earlier
  }

  private mutating func startContext(after microseconds: Int64) {
    switch query.after {
    case .lines(let count): contextLeft = count
    case .time(let length): contextUntil = microseconds + length
    }
  }

  /// Marks where lines were left out.
  private mutating func ordered(_ hits: [SearchHit]) -> [SearchHit] {
    var hits = hits
    for index in hits.indices {
      if let lastRow, hits[index].row > lastRow + 1 { hits[index].followsGap = true }
      lastRow = hits[index].row
    }
    return hits
  }
}
