extension SyntaxParser {
  /// A bracketed class. A `]` in first place stands for itself, and so does a `-` first or last.
  mutating func characterClass() throws(PatternError) -> ScalarSet {
    let start = position
    position += 1
    let isNegated = skip("^")
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = true
    while true {
      guard let scalar = current else { throw error(.unclosedClass, at: start) }
      if scalar == "]" && !isFirst { break }
      isFirst = false
      if scalar == "[", peek() == ":", let set = try posixClass() {
        ranges += set.ranges
      } else if scalar == "\\", let next = peek(), let set = Self.shorthand(next) {
        position += 2
        ranges += set.ranges
      } else {
        ranges.append(try classRange())
      }
    }
    position += 1
    var set = ScalarSet(ranges)
    if flags.ignoresCase { set = set.foldingCase() }
    if isNegated { set = set.inverted }
    if set.isEmpty { throw error(.emptyClass, at: start) }
    return set
  }

  /// One character, or two with a dash between them.
  private mutating func classRange() throws(PatternError) -> ClosedRange<UInt32> {
    let start = position
    let first = try classScalar()
    guard current == "-", let after = peek(), after != "]" else { return first.value...first.value }
    if after == "\\", let next = peek(2), Self.shorthand(next) != nil { return first.value...first.value }
    position += 1
    let last = try classScalar()
    guard first <= last else {
      throw error(.reversedRange(String(first), String(last)), at: start)
    }
    return first.value...last.value
  }

  private mutating func classScalar() throws(PatternError) -> Unicode.Scalar {
    if current == "\\" {
      if peek() == "b" {
        position += 2
        return "\u{08}"
      }
      let scalar = try escapedScalar()
      note(scalar)
      return scalar
    }
    let scalar = scalars[position]  // the caller has seen that there is one
    position += 1
    note(scalar)
    return scalar
  }

  /// `[:alpha:]` or `[:^alpha:]` inside a class; nil, and nothing read, where the text is no such name.
  private mutating func posixClass() throws(PatternError) -> ScalarSet? {
    let start = position
    var index = position + 2
    let isNegated = index < scalars.count && scalars[index] == "^"
    if isNegated { index += 1 }
    var name = ""
    while index < scalars.count, scalars[index].value < 0x80, scalars[index].properties.isAlphabetic {
      name.unicodeScalars.append(scalars[index])
      index += 1
    }
    guard index + 1 < scalars.count, scalars[index] == ":", scalars[index + 1] == "]" else { return nil }
    guard let set = ScalarSet.posix(name) else { throw error(.unknownClassName(name), at: start) }
    position = index + 2
    return isNegated ? set.inverted : set
  }
}
