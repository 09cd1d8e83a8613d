/// Deflates the text of whole members, trying several settings where there is time, and keeps the smallest.
final class MemberCompressor {
  /// One way to deflate. Block length and match rule are worth up to 2 % on terminal recordings.
  private struct Setting {
    let memoryLevel: Int
    let strategy: Deflater.Strategy
  }

  private static let settings = [
    Setting(memoryLevel: 8, strategy: .standard), Setting(memoryLevel: 9, strategy: .standard),
    Setting(memoryLevel: 5, strategy: .standard), Setting(memoryLevel: 7, strategy: .standard),
    Setting(memoryLevel: 9, strategy: .filtered), Setting(memoryLevel: 6, strategy: .standard),
  ]

  /// How many settings `smallest` can try.
  static let settingCount = settings.count

  /// Which settings won last, best first: later members of a recording resemble its earlier ones.
  private var order = Array(settings.indices)
  private var fast: (level: Int, deflater: Deflater)?

  /// The smallest of the first `attempts` settings at level 9 (at least one is tried).
  func smallest(_ text: [UInt8], attempts: Int) -> [UInt8] {
    var best: (position: Int, bytes: [UInt8])?
    for position in 0..<max(1, min(attempts, order.count)) {
      let setting = Self.settings[order[position]]
      let deflater = Deflater(level: 9, memoryLevel: setting.memoryLevel, strategy: setting.strategy)
      deflater.searchThoroughly()
      var bytes: [UInt8] = []
      deflater.deflate(text, flush: .finish, into: &bytes)
      if best.map({ bytes.count < $0.bytes.count }) ?? true { best = (position, bytes) }
    }
    guard let best else { return [] }
    order.insert(order.remove(at: best.position), at: 0)
    return best.bytes
  }

  /// The text at a level, with a deflater that is kept for the next member.
  func deflate(_ text: [UInt8], level: Int) -> [UInt8] {
    let deflater: Deflater
    if let fast, fast.level == level {
      deflater = fast.deflater
      deflater.reset()
    } else {
      deflater = Deflater(level: level)
      fast = (level, deflater)
    }
    var bytes: [UInt8] = []
    deflater.deflate(text, flush: .finish, into: &bytes)
    return bytes
  }
}
