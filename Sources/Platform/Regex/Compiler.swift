/// Turns a pattern's tree into a program, from its end to its start, so that every step knows its successor.
struct Compiler {
  private var program = PatternProgram()
  private var automata: [ScalarSet: UTF8Automaton] = [:]
  private let tooLarge: PatternError

  private init(pattern: String) { tooLarge = PatternError(.tooLarge, pattern: pattern, column: 1) }

  /// - Throws: `.tooLarge` as soon as the program passes its limit.
  static func compile(_ syntax: Syntax, pattern: String) throws(PatternError) -> PatternProgram {
    var compiler = Compiler(pattern: pattern)
    let match = try compiler.add(.match)
    compiler.program.start = try compiler.add(syntax, before: match)
    return compiler.program
  }

  private mutating func add(_ instruction: PatternProgram.Instruction) throws(PatternError) -> Int32 {
    if program.instructions.count + program.edges.count >= PatternProgram.instructionLimit { throw tooLarge }
    program.instructions.append(instruction)
    return Int32(program.instructions.count - 1)
  }

  /// Adds the steps of `syntax`, which lead to `next`; the answer is where they begin.
  private mutating func add(_ syntax: Syntax, before next: Int32) throws(PatternError) -> Int32 {
    switch syntax {
    case .empty: return next
    case .set(let set): return try add(set, before: next)
    case .assertion(let assertion): return try add(.assertion(assertion, next: next))
    case .sequence(let parts):
      var start = next
      for part in parts.reversed() { start = try add(part, before: start) }
      return start
    case .alternatives(let branches):
      if let start = try addDispatch(branches, before: next) { return start }
      var start = try add(branches[branches.count - 1], before: next)
      for branch in branches.dropLast().reversed() {
        let preferred = try add(branch, before: next)
        start = try add(.split(preferred: preferred, other: start))
      }
      return start
    case .repeated(let inner, let count): return try add(inner, repeated: count, before: next)
    }
  }

  /// One step for alternatives that begin with different ASCII characters: the next byte tells which one it is.
  private mutating func addDispatch(_ branches: [Syntax], before next: Int32) throws(PatternError) -> Int32? {
    var edges: [PatternProgram.Edge] = []
    var taken = [Bool](repeating: false, count: 128)
    var heads: [(ScalarSet, Syntax)] = []
    for branch in branches {
      guard let (first, rest) = branch.headAndTail, let last = first.ranges.last, last.upperBound < 0x80
      else {
        return nil
      }
      for byte in first.ranges.joined() {
        if taken[Int(byte)] { return nil }
        taken[Int(byte)] = true
      }
      heads.append((first, rest))
    }
    for (first, rest) in heads {
      let target = try add(rest, before: next)
      edges += first.ranges.map {
        .init(low: UInt8($0.lowerBound), high: UInt8($0.upperBound), next: target)
      }
    }
    edges.sort { $0.low < $1.low }
    let begin = Int32(program.edges.count)
    program.edges += edges
    return try add(.table(first: begin, count: Int32(edges.count)))
  }

  private mutating func add(
    _ inner: Syntax, repeated count: Syntax.Repeat, before next: Int32
  ) throws(PatternError) -> Int32 {
    var start = next
    if let maximum = count.maximum {
      // x{2,4} is xx(x(x)?)?: leaving at any of the optional places leads straight to what follows.
      for _ in count.minimum..<max(maximum, count.minimum) {
        let body = try add(inner, before: start)
        start = try add(
          count.isGreedy ? .split(preferred: body, other: next) : .split(preferred: next, other: body))
      }
    } else {
      // The split comes first, since the body leads back to it.
      let split = try add(.split(preferred: next, other: next))
      let body = try add(inner, before: split)
      program.instructions[Int(split)] =
        count.isGreedy ? .split(preferred: body, other: next) : .split(preferred: next, other: body)
      start = body
      if count.minimum == 0 {
        // (x*)* has to leave the loop after an empty round before it tries other ways of one: as (x+)? it does.
        start =
          !inner.matchesEmpty
          ? split
          : try add(
            count.isGreedy ? .split(preferred: body, other: next) : .split(preferred: next, other: body))
      }
    }
    let copies = count.maximum == nil ? count.minimum - 1 : count.minimum
    for _ in 0..<max(0, copies) { start = try add(inner, before: start) }
    return start
  }

  private mutating func add(_ set: ScalarSet, before next: Int32) throws(PatternError) -> Int32 {
    if let single = set.single, single < 0x80 {
      return try add(.bytes(low: UInt8(single), high: UInt8(single), next: next))
    }
    let automaton = automata[set] ?? UTF8Automaton(set)
    automata[set] = automaton
    let first = Int32(program.instructions.count)
    for node in automaton.nodes {
      func target(_ edge: UTF8Automaton.Edge) -> Int32 {
        edge.target == UTF8Automaton.accept ? next : first + edge.target
      }
      if node.count == 1 {
        _ = try add(.bytes(low: node[0].low, high: node[0].high, next: target(node[0])))
      } else {
        let begin = Int32(program.edges.count)
        program.edges += node.map { .init(low: $0.low, high: $0.high, next: target($0)) }
        _ = try add(.table(first: begin, count: Int32(node.count)))
      }
    }
    return first
  }
}
