/// Puts settled lines into the order in which they began, and into blocks.
///
/// Lines are told when they are done with; a prompt that stood for an hour comes after all that happened meanwhile.
/// Memory is bounded: past `windowByteCount` of text the order is that of windows.
struct LineCollector {
  static let windowByteCount = 8 << 20

  private var waiting = LineBlock()
  private var block = LineBlock()
  /// Blocks that are full, or the last; the caller takes them away.
  var blocks: [LineBlock] = []

  mutating func append(_ line: SettledLine) {
    waiting.append(line)
    if waiting.text.count >= Self.windowByteCount { sort() }
  }

  /// Takes all of some lines, which are empty then.
  mutating func take(_ lines: inout LineBlock) {
    if lines.count == 0 { return }
    if waiting.count == 0 {
      swap(&waiting, &lines)
    } else {
      waiting.append(0..<lines.count, of: lines)
    }
    lines.removeAll()
    if waiting.text.count >= Self.windowByteCount { sort() }
  }

  mutating func finish() {
    sort()
    if block.count > 0 { blocks.append(block) }
    block = LineBlock()
  }

  private mutating func sort() {
    let facts = waiting.facts
    guard facts.indices.dropFirst().contains(where: { facts[$0].first < facts[$0 - 1].first }) else {
      if block.count == 0, !waiting.isFull {
        swap(&block, &waiting)
      } else {
        append(0..<waiting.count)
      }
      return waiting.removeAll()
    }
    // Most lines are where they belong, and go with their neighbors. Of one time, as they were told: from the top of
    // the screen down.
    let order = facts.indices.sorted { (facts[$0].first, $0) < (facts[$1].first, $1) }
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, order[end] == order[end - 1] + 1 { end += 1 }
      append(order[start]..<order[start] + end - start)
      start = end
    }
    waiting.removeAll()
  }

  /// Appends lines that wait, block after block.
  private mutating func append(_ lines: Range<Int>) {
    var start = lines.lowerBound
    while start < lines.upperBound {
      let room = LineBlock.byteCount - block.text.count
      var end = start + 1
      while end < lines.upperBound, waiting.starts[end] - waiting.starts[start] < room { end += 1 }
      block.append(start..<end, of: waiting)
      start = end
      if block.isFull {
        blocks.append(block)
        block = LineBlock()
      }
    }
  }
}
