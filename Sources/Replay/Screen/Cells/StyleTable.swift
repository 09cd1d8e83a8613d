/// All styles that cells refer to, each once: cells hold an index (20 bits).
///
/// Styles are only added; when the table is full the screen sweeps it (`Screen.sweepStyles`).
struct StyleTable: Sendable {
  /// As many as a cell's index can tell apart.
  static let limit = 1 << 20

  private(set) var styles: [CellStyle] = [.plain]
  /// Open addressing: index in `styles` plus 1, 0 for free; a power of two, at most half full.
  private var buckets = [UInt32](repeating: 0, count: 256)
  private let limit: Int

  init(limit: Int = StyleTable.limit) {
    self.limit = limit
    buckets[bucket(of: .plain)] = 1
  }

  var count: Int { styles.count }
  var isFull: Bool { styles.count >= limit }
  /// For the pen's style, and for what erasing leaves of it.
  var hasRoomForPen: Bool { styles.count < limit - 1 }

  @inline(__always) subscript(index: Int) -> CellStyle { styles[index] }

  /// The index of `style`; nil when it is new and the table is full.
  mutating func index(of style: CellStyle) -> Int? {
    let bucket = bucket(of: style)
    if buckets[bucket] != 0 { return Int(buckets[bucket]) - 1 }
    guard !isFull else { return nil }
    styles.append(style)
    buckets[bucket] = UInt32(styles.count)
    if styles.count * 2 > buckets.count { grow() }
    return styles.count - 1
  }

  private func bucket(of style: CellStyle) -> Int {
    let first = style.firstWord &* 0x9E37_79B9_7F4A_7C15
    let second = (style.secondWord ^ first >> 29) &* 0xBF58_476D_1CE4_E5B9
    let hash = first ^ second ^ second >> 32
    let mask = buckets.count - 1
    var bucket = Int(truncatingIfNeeded: hash >> 7) & mask
    while buckets[bucket] != 0, styles[Int(buckets[bucket]) - 1] != style { bucket = (bucket + 1) & mask }
    return bucket
  }

  private mutating func grow() {
    buckets = [UInt32](repeating: 0, count: buckets.count * 2)
    for (index, style) in styles.enumerated() { buckets[bucket(of: style)] = UInt32(index + 1) }
  }
}
