/// Bytes that are part of every match: a text without them needs no engine.
struct RequiredLiteral: Equatable, Sendable {
  var bytes: [UInt8]
  /// Every match begins with the bytes.
  var isPrefix: Bool
  /// Every match is these bytes and nothing more.
  var isWhole: Bool

  /// The longest run of single scalars that stand side by side in every match; nil where there is none.
  init?(in syntax: Syntax) {
    let parts: [Syntax] = if case .sequence(let parts) = syntax { parts } else { [syntax] }
    var best: Range<Int> = 0..<0
    var start = 0
    for (index, part) in parts.enumerated() {
      if Self.scalar(part) == nil { start = index + 1 }
      // A tie goes to the later run only if nothing was found: a prefix saves more than an inner run.
      if index + 1 - start > best.count { best = start..<index + 1 }
    }
    if best.isEmpty {
      for part in parts {
        guard case .repeated(let inner, let count) = part, count.minimum > 0, let found = Self(in: inner)
        else { continue }
        (bytes, isPrefix, isWhole) = (found.bytes, false, false)
        return
      }
      return nil
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: parts[best].compactMap(Self.scalar))
    bytes = Array(String(text).utf8)
    isPrefix = best.lowerBound == 0
    isWhole = best.count == parts.count
  }

  private static func scalar(_ syntax: Syntax) -> Unicode.Scalar? {
    guard case .set(let set) = syntax, let value = set.single else { return nil }
    return Unicode.Scalar(value)
  }
}
