/// How far apart two spellings are, for "did you mean".
public enum EditDistance {
  /// The fewest insertions, deletions, substitutions and swaps of neighbors that make one from the other.
  public static func between(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var before: [Int] = []
    var previous = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var best = min(previous[column + 1] + 1, current[column] + 1)
        best = min(best, previous[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          best = min(best, before[column - 1] + 1)
        }
        current.append(best)
      }
      (before, previous) = (previous, current)
    }
    return previous[right.count]
  }

  /// The name that `word` was most likely meant to be; nil where none is near.
  ///
  /// Near is one change for each three letters, at least one and at most three; or `word` begins the name.
  /// Of equally near names the first wins. Letter case is ignored.
  public static func nearest(to word: String, among names: [String]) -> String? {
    let wanted = word.lowercased()
    guard !wanted.isEmpty else { return nil }
    var best: (name: String, distance: Int)?
    for name in names {
      let candidate = name.lowercased()
      // A word of a megabyte is not compared letter by letter.
      guard abs(candidate.count - wanted.count) <= 3 || candidate.hasPrefix(wanted) else { continue }
      let distance = wanted.count > 1 && candidate.hasPrefix(wanted) ? 1 : between(wanted, candidate)
      if distance < best?.distance ?? Int.max { best = (name, distance) }
    }
    guard let best, best.distance <= min(3, max(1, wanted.count / 3)) else { return nil }
    return best.name
  }
}
