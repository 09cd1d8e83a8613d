/// Some settled lines of one recording as one run of text, which a pattern is run over in one go.
struct LineBlock: Equatable, Sendable {
  /// So much text makes a block full: what the index counts postings by and reads at once.
  static let byteCount = 64 << 10

  /// The lines' texts, a line feed after each. Bytes behind the last line's are those of a line that is being written:
  /// `endLine` makes it one, `dropLine` takes it back.
  var text: [UInt8] = []
  /// Where lines begin in `text`, and the end of the last.
  private(set) var starts: [Int] = [0]
  private(set) var facts: [Facts] = []
  /// Runs of all lines, ends counted from the line's start.
  private(set) var runs: [SettledLine.Run] = []

  /// What is known of a line beside its text.
  struct Facts: Equatable, Sendable, BitwiseCopyable {
    var first: Int64
    var last: Int64
    var flags: SettledLine.Flags
    /// Where its runs end in `runs`.
    var runsEnd: Int
  }

  init() {}

  /// The parts of a block, which must fit together.
  init(text: [UInt8], starts: [Int], facts: [Facts], runs: [SettledLine.Run]) {
    (self.text, self.starts, self.facts, self.runs) = (text, starts, facts, runs)
  }

  var count: Int { facts.count }
  var isFull: Bool { text.count >= Self.byteCount }

  mutating func append(_ line: SettledLine) {
    text += line.text
    text.append(0x0A)
    starts.append(text.count)
    runs += line.runs
    facts.append(Facts(first: line.first, last: line.last, flags: line.flags, runsEnd: runs.count))
  }

  // MARK: Writing a line in its place

  /// Whether the line that is being written has no bytes yet.
  var isLineEmpty: Bool { text.count == starts[starts.count - 1] }

  /// Takes away the blanks at the end of the line that is being written.
  mutating func trimLine() {
    let start = starts[starts.count - 1]
    var end = text.count
    while end > start, text[end - 1] == 0x20 { end -= 1 }
    if end < text.count { text.removeLast(text.count - end) }
  }

  mutating func dropLine() { text.removeLast(text.count - starts[starts.count - 1]) }

  /// Ends the line that is being written, which came at one time.
  mutating func endLine(at milliseconds: Int64, until last: Int64, _ flags: SettledLine.Flags) {
    runs.append(.init(end: text.count - starts[starts.count - 1], milliseconds: milliseconds))
    endLine(first: milliseconds, last: last, flags)
  }

  /// Adds a stretch of the line that is being written, up to `end` counted from its start.
  mutating func addRun(_ end: Int, at milliseconds: Int64) {
    runs.append(.init(end: end, milliseconds: milliseconds))
  }

  /// Ends the line that is being written, whose stretches were added.
  mutating func endLine(first: Int64, last: Int64, _ flags: SettledLine.Flags) {
    text.append(0x0A)
    starts.append(text.count)
    facts.append(Facts(first: first, last: last, flags: flags, runsEnd: runs.count))
  }

  // MARK: Moving lines

  /// Appends some lines of another block.
  mutating func append(_ lines: Range<Int>, of other: borrowing LineBlock) {
    guard !lines.isEmpty else { return }
    let textShift = text.count - other.starts[lines.lowerBound]
    let firstRun = lines.lowerBound == 0 ? 0 : other.facts[lines.lowerBound - 1].runsEnd
    let runShift = runs.count - firstRun
    text += other.text[other.starts[lines.lowerBound]..<other.starts[lines.upperBound]]
    runs += other.runs[firstRun..<other.facts[lines.upperBound - 1].runsEnd]
    for line in lines {
      starts.append(other.starts[line + 1] + textShift)
      var fact = other.facts[line]
      fact.runsEnd += runShift
      facts.append(fact)
    }
  }

  /// Forgets all lines; memory is kept for others.
  mutating func removeAll() {
    text.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
    facts.removeAll(keepingCapacity: true)
    runs.removeAll(keepingCapacity: true)
  }

  // MARK: Reading lines

  /// The bytes of a line, without its line feed.
  func range(of line: Int) -> Range<Int> { starts[line]..<starts[line + 1] - 1 }

  subscript(line: Int) -> SettledLine {
    let fact = facts[line]
    return SettledLine(
      text: Array(text[range(of: line)]),
      runs: Array(runs[(line == 0 ? 0 : facts[line - 1].runsEnd)..<fact.runsEnd]),
      first: fact.first, last: fact.last, flags: fact.flags)
  }

  /// The line that the byte at `offset` belongs to.
  func line(at offset: Int) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle + 1] <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// First and last time of its lines, in milliseconds; nil where there are none.
  var span: ClosedRange<Int64>? {
    guard let low = facts.lazy.map(\.first).min(), let high = facts.lazy.map(\.last).max() else { return nil }
    return low...max(low, high)
  }
}
