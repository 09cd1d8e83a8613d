import Platform

/// Finds the lines of one recording, with those round them: a pure machine, lines in, hits out.
struct LineSearch {
  private let query: SearchQuery
  /// Lines that may become context of what comes.
  private var waiting: [SearchHit] = []
  private var contextLeft = 0
  private var contextUntil: Int64 = -1
  private var lastRow: Int?
  /// Lines found so far, context not counted.
  private(set) var count = 0

  init(_ query: SearchQuery) { self.query = query }

  /// Whether enough was found, and the lines after it are told.
  var isDone: Bool {
    guard let maximum = query.maximum, count >= maximum else { return false }
    return contextLeft == 0 && contextUntil < 0
  }

  /// What is to be told now that `line` is known.
  mutating func take(_ line: TextLine) -> [SearchHit] {
    let isOpen = query.maximum.map { count < $0 } ?? true
    if isOpen, let hit = hit(in: line) {
      count += 1
      let earlier = takeWaiting(before: hit.microseconds)
      startContext(after: hit.microseconds)
      return ordered(earlier + [hit])
    }
    let context = hit(line.last, row: line.row, spans: [], isContext: true)
    if contextLeft > 0 || context.microseconds <= contextUntil {
      contextLeft = max(0, contextLeft - 1)
      return ordered([context])
    }
    contextUntil = -1
    if isOpen { keep(context) }
    return []
  }

  private func hit(in line: TextLine) -> SearchHit? {
    // As the line was left it says most; what it said before counts too.
    for version in [line.last] + line.versions.dropLast() {
      if query.isInverted {
        if query.pattern.firstMatch(in: version.bytes) != nil { return nil }
        continue
      }
      let spans = query.pattern.matches(in: version.bytes)
      if !spans.isEmpty { return hit(version, row: line.row, spans: spans, isContext: false) }
    }
    return query.isInverted ? hit(line.last, row: line.row, spans: [], isContext: false) : nil
  }

  private func hit(_ version: TextLine.Version, row: Int, spans: [Range<Int>], isContext: Bool) -> SearchHit {
    let times = spans.map { version.microseconds(of: $0) }
    return SearchHit(
      row: row, microseconds: times.first ?? version.microseconds(of: 0..<version.bytes.count),
      text: version.bytes, spans: spans, spanMicroseconds: times, isContext: isContext, followsGap: false)
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
