extension Syntax {
  /// Alternatives with what they begin with in common taken out: `abc|abd|x` is `ab(?:c|d)|x`.
  ///
  /// Lists of words (grep's -f) then cost the same at each byte, however long they are. The preferred match stays the
  /// same: branches only change places with those that cannot begin at the same character.
  static func factored(_ branches: [Syntax]) -> Syntax {
    var order: [ScalarSet] = []
    var rests: [ScalarSet: [Syntax]] = [:]
    for branch in branches {
      guard let (first, rest) = branch.headAndTail else { return .alternatives(branches) }
      if rests[first] == nil { order.append(first) }
      rests[first, default: []].append(rest)
    }
    guard branches.count > 1, areDisjoint(order) else { return .alternatives(branches) }
    let merged = order.map { first -> Syntax in
      let tails = rests[first] ?? []
      return .joined([.set(first), tails.count == 1 ? tails[0] : factored(tails)])
    }
    return merged.count == 1 ? merged[0] : .alternatives(merged)
  }

  /// The set every match begins with, and what follows it; nil where it begins otherwise.
  var headAndTail: (ScalarSet, Syntax)? {
    switch self {
    case .set(let set): return (set, .empty)
    case .sequence(let parts):
      guard case .set(let set)? = parts.first else { return nil }
      return (set, .joined(Array(parts.dropFirst())))
    default: return nil
    }
  }

  private static func areDisjoint(_ sets: [ScalarSet]) -> Bool {
    let ranges = sets.flatMap(\.ranges).sorted { $0.lowerBound < $1.lowerBound }
    return zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
  }
}
