/// A pattern as a tree, before it is compiled. Case folding is already in it.
indirect enum Syntax: Equatable, Sendable {
  case empty
  /// One scalar of the set. An empty set matches nothing.
  case set(ScalarSet)
  case assertion(Assertion)
  case sequence([Syntax])
  /// The first alternative that leads to a match wins.
  case alternatives([Syntax])
  case repeated(Syntax, Repeat)

  struct Repeat: Equatable, Sendable {
    var minimum: Int
    /// nil: without limit.
    var maximum: Int?
    /// Whether longer matches are tried first.
    var isGreedy: Bool
  }

  /// A condition on a place between two bytes.
  enum Assertion: UInt8, Equatable, Sendable {
    case textStart, textEnd, lineStart, lineEnd
    case wordBoundary, notWordBoundary, wordStart, wordEnd
    /// No word character before; what -w puts in front.
    case noWordBefore
    /// No word character after; what -w puts behind.
    case noWordAfter
  }
}

extension Syntax {
  /// A sequence without empty parts and without sequences inside.
  static func joined(_ parts: [Syntax]) -> Syntax {
    var flat: [Syntax] = []
    for part in parts {
      switch part {
      case .empty: continue
      case .sequence(let inner): flat += inner
      default: flat.append(part)
      }
    }
    return flat.isEmpty ? .empty : flat.count == 1 ? flat[0] : .sequence(flat)
  }

  /// The scalars of a text, one after the other.
  static func literal(_ text: String, ignoringCase: Bool) -> Syntax {
    .joined(
      text.unicodeScalars.map { scalar in
        let set = ScalarSet(scalar.value...scalar.value)
        return .set(ignoringCase ? set.foldingCase() : set)
      })
  }

  /// Whether a match may have no characters.
  var matchesEmpty: Bool {
    switch self {
    case .empty, .assertion: true
    case .set: false
    case .sequence(let parts): parts.allSatisfy(\.matchesEmpty)
    case .alternatives(let branches): branches.contains(where: \.matchesEmpty)
    case .repeated(let inner, let count): count.minimum == 0 || inner.matchesEmpty
    }
  }
}
