extension SyntaxParser {
  /// A bracketed class. A `]` in first place stands for itself, and so does a `-` first or last. Classes may lie in each
  /// other, and `&&`, `--` and `~~` make what both sides, only the left, or only one of them has.
  mutating func characterClass(depth: Int = 0) throws(PatternError) -> ScalarSet {
    let start = position
    if depth > 50 { throw error(.tooDeep, at: start) }
    position += 1
    let isNegated = skip("^")
    var set = try classItems(startingAt: start, depth: depth, isFirst: true)
    while let sign = current, sign != "]" {
      position += 2
      let other = try classItems(startingAt: start, depth: depth, isFirst: false)
      switch sign {
      case "&": set = set.intersection(other)
      case "-": set = set.subtracting(other)
      default: set = set.union(other).subtracting(set.intersection(other))
      }
    }
    position += 1
    if isNegated { set = set.inverted }
    if set.isEmpty { throw error(.emptyClass, at: start) }
    return set
  }

  /// Items up to the closing bracket or the next operator.
  private mutating func classItems(
    startingAt start: Int, depth: Int, isFirst: Bool
  ) throws(PatternError) -> ScalarSet {
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = isFirst
    while true {
      guard let scalar = current else { throw error(.unclosedClass, at: start) }
      if scalar == "]" && !isFirst { break }
      if !isFirst, peek() == scalar, ["&", "-", "~"].contains(scalar), peek(2) != "]" { break }
      isFirst = false
      if scalar == "[", peek() == ":", let set = try posixClass() {
        ranges += set.ranges
      } else if scalar == "[" {
        ranges += try characterClass(depth: depth + 1).ranges
      } else if scalar == "\\", peek() == "p" || peek() == "P" {
        ranges += try property().ranges
      } else if scalar == "\\", let next = peek(), let set = Self.shorthand(next) {
        position += 2
        ranges += set.ranges
      } else if flags.ignoresSpace, scalar.properties.isWhitespace {
        position += 1
      } else {
        ranges.append(try classRange())
      }
    }
    let set = ScalarSet(ranges)
    return flags.ignoresCase ? set.foldingCase() : set
  }

  /// One character, or two with a dash between them.
  private mutating func classRange() throws(PatternError) -> ClosedRange<UInt32> {
    let start = position
    let first = try classScalar()
    guard current == "-", let after = peek(), after != "]", after != "-" else {
      return first.value...first.value
    }
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
