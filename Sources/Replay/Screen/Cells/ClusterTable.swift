/// Characters of more than one scalar (a letter with its marks, an emoji sequence), each once: cells hold an index.
struct ClusterTable: Sendable {
  /// As many as a cell's index can tell apart.
  static let limit = 1 << 20
  /// Marks beyond this many scalars in one cell are dropped.
  static let scalarLimit = 32

  private(set) var clusters: [[UInt32]] = []
  private var indexes: [[UInt32]: UInt32] = [:]
  private let limit: Int

  init(limit: Int = ClusterTable.limit) { self.limit = limit }

  var count: Int { clusters.count }
  var isFull: Bool { clusters.count >= limit }

  subscript(index: UInt32) -> [UInt32] { clusters[Int(index)] }

  /// The index of `scalars`; nil when they are new and the table is full.
  mutating func index(of scalars: [UInt32]) -> UInt32? {
    if let index = indexes[scalars] { return index }
    guard !isFull else { return nil }
    let index = UInt32(clusters.count)
    clusters.append(scalars)
    indexes[scalars] = index
    return index
  }
}
