extension Syntax {
  /// The pattern for texts that are searched line by line: no class holds the line feed, and the text's ends are the
  /// line's. nil where a line feed is asked for, which no line has.
  var byLine: Syntax? {
    switch self {
    case .empty: return self
    case .set(let set):
      guard set.contains(0x0A) else { return self }
      let rest = set.subtracting(ScalarSet(0x0A...0x0A))
      return rest.isEmpty ? nil : .set(rest)
    case .assertion(.textStart): return .assertion(.lineStart)
    case .assertion(.textEnd): return .assertion(.lineEnd)
    case .assertion: return self
    case .sequence(let parts): return Self.each(parts).map { .sequence($0) }
    case .alternatives(let branches): return Self.each(branches).map { .alternatives($0) }
    case .repeated(let inner, let count): return inner.byLine.map { .repeated($0, count) }
    }
  }

  private static func each(_ parts: [Syntax]) -> [Syntax]? {
    var result: [Syntax] = []
    for part in parts {
      guard let line = part.byLine else { return nil }
      result.append(line)
    }
    return result
  }
}
