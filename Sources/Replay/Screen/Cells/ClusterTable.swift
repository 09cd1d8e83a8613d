/// Characters of more than one scalar (a letter with its marks, an emoji sequence), each once: cells hold an index.
///
/// A tree: an entry is what stood before, a scalar or another entry, and the scalar that came last. Adding a mark to
/// a cell is one look-up, whatever the cell holds.
struct ClusterTable: Sendable {
  /// As many as a cell's index can tell apart.
  static let limit = 1 << 20
  /// Marks beyond this many scalars in one cell are dropped.
  static let scalarLimit = 32

  private struct Entry: BitwiseCopyable {
    /// As in a cell: a scalar value, or `Cell.clusterBit` and an index.
    var beginning: UInt32
    var last: UInt32
    var count: UInt32
  }

  private var entries: [Entry] = []
  /// Open addressing: index in `entries` plus 1, 0 for free; a power of two, at most half full.
  private var buckets = [UInt32](repeating: 0, count: 64)
  private let limit: Int

  init(limit: Int = ClusterTable.limit) { self.limit = limit }

  var count: Int { entries.count }
  var isFull: Bool { entries.count >= limit }

  func contains(_ index: UInt32) -> Bool { index < UInt32(truncatingIfNeeded: entries.count) }

  /// The scalars of a cluster.
  subscript(index: UInt32) -> [UInt32] {
    var entry = entries[Int(index)]
    var scalars = [UInt32](repeating: 0, count: Int(entry.count))
    for place in stride(from: scalars.count - 1, to: 0, by: -1) {
      scalars[place] = entry.last
      if place > 1 {
        entry = entries[Int(entry.beginning & Self.indexMask)]
      } else {
        scalars[0] = entry.beginning
      }
    }
    return scalars
  }

  func scalarCount(_ index: UInt32) -> Int { Int(entries[Int(index)].count) }
  func lastScalar(_ index: UInt32) -> UInt32 { entries[Int(index)].last }

  /// The cluster that this one continues; nil: it continues a single scalar.
  func beginning(_ index: UInt32) -> UInt32? {
    let beginning = entries[Int(index)].beginning
    return beginning & UInt32(Cell.clusterBit) == 0 ? nil : beginning & Self.indexMask
  }

  private static let indexMask = UInt32(Cell.contentMask)

  /// The index of what a cell's text (`Cell.textMask`) becomes by one more scalar; nil when it is new and the table
  /// is full.
  mutating func index(of scalar: UInt32, after text: UInt64) -> UInt32? {
    let beginning = UInt32(truncatingIfNeeded: text)
    let bucket = bucket(beginning, scalar)
    if buckets[bucket] != 0 { return buckets[bucket] - 1 }
    guard !isFull else { return nil }
    let isCluster = text & Cell.clusterBit != 0
    let count = isCluster ? entries[Int(beginning & Self.indexMask)].count + 1 : 2
    entries.append(Entry(beginning: beginning, last: scalar, count: count))
    buckets[bucket] = UInt32(entries.count)
    if entries.count * 2 > buckets.count { grow() }
    return UInt32(entries.count - 1)
  }

  /// The index of `scalars`, two or more; nil when they are new and the table is full.
  mutating func index(of scalars: [UInt32]) -> UInt32? {
    guard scalars.count > 1 else { return nil }
    var text = UInt64(scalars[0])
    for scalar in scalars.dropFirst() {
      guard let index = index(of: scalar, after: text) else { return nil }
      text = UInt64(index) | Cell.clusterBit
    }
    return UInt32(text & Cell.contentMask)
  }

  private func bucket(_ beginning: UInt32, _ last: UInt32) -> Int {
    let key = UInt64(beginning) << 21 ^ UInt64(last)
    let hash = (key &* 0x9E37_79B9_7F4A_7C15) >> 32
    let mask = buckets.count - 1
    var bucket = Int(truncatingIfNeeded: hash) & mask
    while buckets[bucket] != 0 {
      let entry = entries[Int(buckets[bucket]) - 1]
      if entry.beginning == beginning, entry.last == last { return bucket }
      bucket = (bucket + 1) & mask
    }
    return bucket
  }

  private mutating func grow() {
    buckets = [UInt32](repeating: 0, count: buckets.count * 2)
    for (index, entry) in entries.enumerated() {
      buckets[bucket(entry.beginning, entry.last)] = UInt32(index + 1)
    }
  }
}
