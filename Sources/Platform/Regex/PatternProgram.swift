/// A compiled pattern: steps of a nondeterministic automaton over bytes (Thompson's construction).
struct PatternProgram: Sendable {
  /// Patterns that compile to more steps than this are refused: time for each byte grows with the steps.
  static let instructionLimit = 1 << 18

  enum Instruction: Equatable, Sendable {
    /// One byte from `low` through `high`, then on at `next`.
    case bytes(low: UInt8, high: UInt8, next: Int32)
    /// One byte of several ranges: `count` edges from `first` on in `edges`.
    case table(first: Int32, count: Int32)
    /// Both ways, `preferred` first.
    case split(preferred: Int32, other: Int32)
    case assertion(Syntax.Assertion, next: Int32)
    case match
  }

  struct Edge: Equatable, Sendable {
    var low: UInt8
    var high: UInt8
    var next: Int32
  }

  var instructions: [Instruction] = []
  var edges: [Edge] = []
  var start: Int32 = 0

  /// Which bytes a match can begin with; nil where a match may be empty or begins with an assertion on what follows.
  func firstBytes() -> [Bool]? {
    var bytes = [Bool](repeating: false, count: 256)
    var seen = [Bool](repeating: false, count: instructions.count)
    var waiting = [start]
    while let index = waiting.popLast() {
      guard !seen[Int(index)] else { continue }
      seen[Int(index)] = true
      switch instructions[Int(index)] {
      case .bytes(let low, let high, _):
        for byte in low...high { bytes[Int(byte)] = true }
      case .table(let first, let count):
        for edge in edges[Int(first)..<Int(first + count)] {
          for byte in edge.low...edge.high { bytes[Int(byte)] = true }
        }
      case .split(let preferred, let other): waiting += [preferred, other]
      case .assertion(_, let next): waiting.append(next)
      case .match: return nil
      }
    }
    return bytes
  }
}
