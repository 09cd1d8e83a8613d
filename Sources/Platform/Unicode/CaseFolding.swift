/// Simple case folding (Unicode §5.18, CaseFolding.txt with status C and S): one code point to one.
public enum CaseFolding {
  /// A run of code points `step` apart that fold to `distance` further on.
  public struct Run: Equatable, Sendable {
    /// The first scalar value.
    public let first: UInt32
    /// The last scalar value.
    public let last: UInt32
    /// From one to the next: 1, or 2 where upper and lower case alternate.
    public let step: UInt32
    /// What is added to fold one.
    public let distance: Int32
  }

  /// All code points that do not fold to themselves, in order.
  public static let all: [Run] = {
    var reader = RunReader(runs)
    var list: [Run] = []
    var first = 0
    while !reader.isAtEnd {
      first += reader.number()
      let shape = reader.number()
      let step = (shape & 1) + 1
      let last = first + (shape >> 1) * step
      list.append(
        Run(first: UInt32(first), last: UInt32(last), step: UInt32(step), distance: Int32(reader.signed())))
    }
    return list
  }()

  /// What `scalar` folds to: itself for most.
  public static func fold(_ scalar: UInt32) -> UInt32 {
    // The last run that begins at or before the scalar; runs of every second code point may lie in each other.
    var low = 0
    var high = all.count
    while low < high {
      let middle = (low + high) / 2
      if all[middle].first <= scalar { low = middle + 1 } else { high = middle }
    }
    for run in all[max(0, low - 2)..<low] where scalar <= run.last && (scalar - run.first) % run.step == 0 {
      return UInt32(Int64(scalar) + Int64(run.distance))
    }
    return scalar
  }

  /// The other code points that fold to the same as `scalar`, in order: of `k`, `K` and the Kelvin sign.
  public static func equivalents(of scalar: UInt32) -> [UInt32] {
    let folded = fold(scalar)
    return ((orbits[folded] ?? []) + [folded]).filter { $0 != scalar }.sorted()
  }

  /// What folds to each code point, other than itself.
  private static let orbits: [UInt32: [UInt32]] = {
    var orbits: [UInt32: [UInt32]] = [:]
    for run in all {
      for scalar in stride(from: run.first, through: run.last, by: Int(run.step)) {
        orbits[UInt32(Int64(scalar) + Int64(run.distance)), default: []].append(scalar)
      }
    }
    return orbits
  }()
}
