extension PatternProgram {
  /// The program that reads from the end of a match to its start: each step leads to those that lead to it here.
  ///
  /// Of the order in which ways are preferred nothing is left; assertions stand where they stood.
  var reversed: PatternProgram {
    var readers = [[Edge]](repeating: [], count: instructions.count)
    var others = [[Instruction]](repeating: [], count: instructions.count)
    var matches: [Int32] = []
    for (index, instruction) in instructions.enumerated() {
      let source = Int32(index)
      switch instruction {
      case .bytes(let low, let high, let next):
        readers[Int(next)].append(.init(low: low, high: high, next: source))
      case .table(let first, let count):
        for edge in edges[Int(first)..<Int(first + count)] {
          readers[Int(edge.next)].append(.init(low: edge.low, high: edge.high, next: source))
        }
      case .split(let preferred, let other):
        others[Int(preferred)].append(.split(preferred: source, other: source))
        others[Int(other)].append(.split(preferred: source, other: source))
      case .assertion(let assertion, let next): others[Int(next)].append(.assertion(assertion, next: source))
      case .match: matches.append(source)
      }
    }
    var result = PatternProgram()
    result.instructions = instructions
    for index in instructions.indices {
      let first = Int32(result.edges.count)
      result.edges += readers[index]
      var ways = others[index]
      if !readers[index].isEmpty || ways.isEmpty && index != start {
        ways.append(.table(first: first, count: Int32(readers[index].count)))
      }
      if index == start { ways.append(.match) }
      result.place(ways, at: index)
    }
    result.start = Int32(result.instructions.count)
    result.instructions.append(.match)
    result.place(matches.map { .split(preferred: $0, other: $0) }, at: Int(result.start))
    return result
  }

  /// Puts the choice between `ways`, of which there is at least one, at a step.
  private mutating func place(_ ways: [Instruction], at index: Int) {
    var index = index
    for way in ways.dropLast() {
      let choice = Int32(instructions.count)
      instructions += [way, .match]
      instructions[index] = .split(preferred: choice, other: choice + 1)
      index = Int(choice) + 1
    }
    instructions[index] = ways[ways.count - 1]
  }
}
