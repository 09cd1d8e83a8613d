/// Decides how hard to compress, so that recording never slows a session down.
///
/// A bucket of work, in bytes deflated at level 9, that fills with the time of the events: no clock, no threads.
/// At terminal rates the bucket stays full and everything gets level 9; a burst empties it and gets lower levels.
struct LevelGovernor: Equatable {
  /// Work that may be done at once: 1 MiB is some 50 ms.
  static let burst: Int64 = 1 << 20
  /// Work for each second of the session: a fifth to a half of one core.
  static let refillPerSecond: Int64 = 8 << 20

  private(set) var tokens = burst
  private var time: Int64 = 0
  /// Whether any amount of work is allowed.
  let isUnlimited: Bool

  init(isUnlimited: Bool) { self.isUnlimited = isUnlimited }

  /// Fills the bucket for the time that has passed.
  mutating func advance(to microseconds: Int64) {
    guard microseconds > time else { return }
    let passed = min(microseconds - time, 1_000_000)
    time = microseconds
    tokens = min(Self.burst, tokens + passed * Self.refillPerSecond / 1_000_000)
  }

  /// Takes the work of deflating `byteCount` bytes at level 9, if there is enough. Large work is
  /// allowed by a half-full bucket, and leaves a debt.
  mutating func spend(_ byteCount: Int) -> Bool {
    if isUnlimited { return true }
    guard tokens >= min(Int64(byteCount), Self.burst / 2) else { return false }
    tokens -= Int64(byteCount)
    return true
  }

  /// Takes work that is not needed, if the bucket stays half full.
  mutating func spendSurplus(_ byteCount: Int) -> Bool {
    if isUnlimited { return true }
    guard tokens - Int64(byteCount) >= Self.burst / 2 else { return false }
    tokens -= Int64(byteCount)
    return true
  }

  /// The level for `byteCount` bytes; its work is taken.
  mutating func level(for byteCount: Int) -> Int {
    // Level 6 costs about half of level 9, level 3 a fifth, level 1 a tenth (zlib 1.2.13, terminal text).
    for (level, share) in [(9, 1), (6, 2), (3, 5)] where spend(byteCount / share) { return level }
    tokens = min(tokens, max(0, tokens - Int64(byteCount / 10)))
    return 1
  }
}
