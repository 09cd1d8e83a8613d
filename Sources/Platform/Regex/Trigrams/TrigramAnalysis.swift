/// Finds the trigrams that every match of a pattern holds, from the parts to the whole (R. Cox, "Regular Expression
/// Matching with a Trigram Index", 2012): for each part the texts it matches while those are few, else what they begin
/// and end with, and what is known of what lies between.
struct TrigramAnalysis {
  /// More exact texts than this are kept as beginnings and ends only.
  private static let exactLimit = 7
  /// More beginnings or ends than this are shortened until they are fewer.
  private static let setLimit = 20
  /// Classes of more characters tell nothing.
  private static let classLimit = 100

  typealias Texts = Set<[UInt8]>

  private var canBeEmpty = false
  /// All texts it matches; nil: too many.
  private var exact: Texts?
  private var prefixes: Texts = []
  private var suffixes: Texts = []
  private var query = TrigramQuery.all

  private init(exact: Texts, canBeEmpty: Bool) {
    self.exact = exact
    self.canBeEmpty = canBeEmpty
  }

  private init(anythingOrNothing canBeEmpty: Bool) {
    self.canBeEmpty = canBeEmpty
    prefixes = [[]]
    suffixes = [[]]
  }

  init(_ syntax: Syntax) {
    switch syntax {
    case .empty, .assertion: self.init(exact: [[]], canBeEmpty: true)
    case .set(let set):
      let count = set.ranges.reduce(0) { $0 + $1.count }
      if count > Self.classLimit {
        self.init(anythingOrNothing: false)
        return
      }
      var texts: Texts = []
      for value in set.ranges.joined() {
        guard let scalar = Unicode.Scalar(value) else { continue }
        texts.insert(Array(String(scalar).utf8).map(TrigramQuery.fold))
      }
      self.init(exact: texts, canBeEmpty: false)
      if texts.isEmpty { query = .none }
      simplify(isFinal: false)
    case .sequence(let parts):
      self.init(exact: [[]], canBeEmpty: true)
      for part in parts { self = joined(with: TrigramAnalysis(part)) }
    case .alternatives(let branches):
      self = TrigramAnalysis(branches[0])
      for branch in branches.dropFirst() { self = alternated(with: TrigramAnalysis(branch)) }
    case .repeated(let inner, let count): self = Self.repeated(TrigramAnalysis(inner), count)
    }
  }

  private static func repeated(_ once: TrigramAnalysis, _ count: Syntax.Repeat) -> TrigramAnalysis {
    if count.maximum == 0 { return TrigramAnalysis(exact: [[]], canBeEmpty: true) }
    if count.minimum == 0 {
      return count.maximum == 1
        ? once.alternated(with: TrigramAnalysis(exact: [[]], canBeEmpty: true))
        : TrigramAnalysis(anythingOrNothing: true)
    }
    var result = once
    // What a few rounds say, all say; the rest only moves the ends apart.
    let rounds = min(count.minimum, 4)
    for _ in 1..<max(rounds, 1) { result = result.joined(with: once) }
    if count.maximum != count.minimum || rounds < count.minimum { result = result.open(once) }
    return result
  }

  /// More rounds may follow: the beginnings stay, the ends are those of one round.
  private func open(_ once: TrigramAnalysis) -> TrigramAnalysis {
    var result = self
    result.addExact()
    if let exact = result.exact {
      result.prefixes = exact
      result.suffixes = once.exact ?? once.suffixes
      result.exact = nil
    } else {
      result.suffixes = once.exact ?? once.suffixes
    }
    result.simplify(isFinal: false)
    return result
  }

  /// The query of the whole pattern.
  mutating func finish() -> TrigramQuery {
    simplify(isFinal: true)
    addExact()
    return query
  }

  private func joined(with next: TrigramAnalysis) -> TrigramAnalysis {
    var result = TrigramAnalysis(anythingOrNothing: canBeEmpty && next.canBeEmpty)
    result.query = query.and(next.query)
    if let exact, let more = next.exact {
      result.exact = Self.cross(exact, more)
      result.prefixes = []
      result.suffixes = []
    } else {
      if let exact {
        result.prefixes = Self.cross(exact, next.prefixes)
      } else {
        result.prefixes = canBeEmpty ? prefixes.union(next.exact ?? next.prefixes) : prefixes
      }
      if let more = next.exact {
        result.suffixes = Self.cross(suffixes, more)
      } else {
        result.suffixes = next.canBeEmpty ? next.suffixes.union(exact ?? suffixes) : next.suffixes
      }
      if exact == nil, next.exact == nil, suffixes.count <= Self.setLimit,
        next.prefixes.count <= Self.setLimit
      {
        result.require(Self.cross(suffixes, next.prefixes))
      }
    }
    result.simplify(isFinal: false)
    return result
  }

  private func alternated(with other: TrigramAnalysis) -> TrigramAnalysis {
    var (left, right) = (self, other)
    var result = TrigramAnalysis(anythingOrNothing: canBeEmpty || other.canBeEmpty)
    if let first = left.exact, let second = right.exact {
      result.exact = first.union(second)
      result.prefixes = []
      result.suffixes = []
    } else {
      result.prefixes = (left.exact ?? left.prefixes).union(right.exact ?? right.prefixes)
      result.suffixes = (left.exact ?? left.suffixes).union(right.exact ?? right.suffixes)
      left.addExact()
      right.addExact()
    }
    result.query = left.query.or(right.query)
    result.simplify(isFinal: false)
    return result
  }

  private mutating func addExact() { if let exact { require(exact) } }

  private mutating func simplify(isFinal: Bool) {
    if let texts = exact {
      let shortest = texts.lazy.map(\.count).min() ?? 0
      if texts.count > Self.exactLimit || shortest >= 3 && isFinal || shortest >= 4 {
        addExact()
        for text in texts {
          prefixes.insert(Array(text.prefix(text.count < 3 ? text.count : 2)))
          suffixes.insert(Array(text.suffix(text.count < 3 ? text.count : 2)))
        }
        exact = nil
      }
    }
    if exact == nil {
      shorten(\.prefixes) { Array($0.prefix($1)) }
      shorten(\.suffixes) { Array($0.suffix($1)) }
    }
  }

  /// Takes the trigrams of a set into the query, and shortens its texts to two bytes, or fewer where they are many.
  private mutating func shorten(
    _ path: WritableKeyPath<TrigramAnalysis, Texts>, _ cut: ([UInt8], Int) -> [UInt8]
  ) {
    require(self[keyPath: path])
    var length = 2
    repeat {
      self[keyPath: path] = Set(self[keyPath: path].map { $0.count > length ? cut($0, length) : $0 })
      length -= 1
    } while length >= 0 && self[keyPath: path].count > Self.setLimit
  }

  /// One of `texts` is in every match.
  private mutating func require(_ texts: Texts) {
    guard !texts.isEmpty, texts.allSatisfy({ $0.count >= 3 }) else { return }
    var any = TrigramQuery.none
    for text in texts.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      // A text around another one asks for more than that one, and either will do.
      let isImplied =
        texts.count <= Self.setLimit
        && texts.contains { $0.count < text.count && ByteSearch.first($0, in: text) != nil }
      if !isImplied { any = any.or(.of(text)) }
    }
    query = query.and(any)
  }

  private static func cross(_ first: Texts, _ second: Texts) -> Texts {
    var result: Texts = []
    for left in first { for right in second { result.insert(left + right) } }
    return result
  }
}
