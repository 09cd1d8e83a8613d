/// Puts settled lines into the order in which they began, and into blocks.
///
/// Lines are told when they are done with; a prompt that stood for an hour comes after all that happened meanwhile.
/// Memory is bounded: past `windowByteCount` of text the order is that of windows.
struct LineCollector {
  static let windowByteCount = 8 << 20

  private var waiting: [SettledLine] = []
  private var waitingBytes = 0
  private var block = LineBlock()
  /// Blocks that are full, or the last; the caller takes them away.
  var blocks: [LineBlock] = []

  mutating func append(_ lines: [SettledLine]) {
    for line in lines {
      waiting.append(line)
      waitingBytes += line.text.count
    }
    if waitingBytes >= Self.windowByteCount { sort() }
  }

  mutating func finish() {
    sort()
    if block.count > 0 { blocks.append(block) }
    block = LineBlock()
  }

  private mutating func sort() {
    var order = waiting.indices.map { (first: waiting[$0].first, index: $0) }
    // Of one time, as they were told: from the top of the screen down.
    order.sort { $0 < $1 }
    for (_, index) in order {
      block.append(waiting[index])
      if block.isFull {
        blocks.append(block)
        block = LineBlock()
      }
    }
    waiting.removeAll(keepingCapacity: true)
    waitingBytes = 0
  }
}
