/// Some settled lines of one recording as one run of text, which a pattern is run over in one go.
struct LineBlock: Equatable, Sendable {
  /// So much text makes a block full: what the index counts postings by and reads at once.
  static let byteCount = 64 << 10

  /// The lines' texts, a line feed after each.
  private(set) var text: [UInt8] = []
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
