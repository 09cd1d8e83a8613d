/// Which trigrams a text must hold so that a pattern can match in it: what an index is asked before any text is read.
///
/// Trigrams are three bytes of UTF-8 in 24 bits, the first one highest, ASCII letters in lower case.
public indirect enum TrigramQuery: Hashable, Sendable {
  /// Every text may match.
  case all
  /// No text can.
  case none
  /// The three bytes, the first in the highest place.
  case trigram(UInt32)
  /// All of these.
  case and([TrigramQuery])
  /// One of these.
  case or([TrigramQuery])

  /// Queries of more parts say no more than they cost.
  private static let sizeLimit = 4000

  init(_ syntax: Syntax) {
    var analysis = TrigramAnalysis(syntax)
    let query = analysis.finish()
    self = query.size > Self.sizeLimit ? .all : query
  }

  /// The trigrams of a text, ASCII letters in lower case; none where it is shorter than three bytes.
  public static func of(_ bytes: [UInt8]) -> TrigramQuery {
    guard bytes.count >= 3 else { return .all }
    var parts: [TrigramQuery] = []
    for index in 0..<bytes.count - 2 {
      let part = TrigramQuery.trigram(
        UInt32(fold(bytes[index])) << 16 | UInt32(fold(bytes[index + 1])) << 8
          | UInt32(fold(bytes[index + 2])))
      if !parts.contains(part) { parts.append(part) }
    }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  /// An ASCII letter in lower case.
  @inline(__always)
  public static func fold(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  func and(_ other: TrigramQuery) -> TrigramQuery {
    switch (self, other) {
    case (.none, _), (_, .none): return .none
    case (.all, let rest), (let rest, .all): return rest
    default: break
    }
    var parts: [TrigramQuery] = []
    for part in self.conjuncts + other.conjuncts where !parts.contains(part) { parts.append(part) }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  func or(_ other: TrigramQuery) -> TrigramQuery {
    switch (self, other) {
    case (.all, _), (_, .all): return .all
    case (.none, let rest), (let rest, .none): return rest
    default: break
    }
    if self == other { return self }
    return .or(self.disjuncts + other.disjuncts)
  }

  private var conjuncts: [TrigramQuery] { if case .and(let parts) = self { parts } else { [self] } }
  private var disjuncts: [TrigramQuery] { if case .or(let parts) = self { parts } else { [self] } }

  private var size: Int {
    switch self {
    case .all, .none, .trigram: 1
    case .and(let parts), .or(let parts): parts.reduce(1) { $0 + $1.size }
    }
  }
}
