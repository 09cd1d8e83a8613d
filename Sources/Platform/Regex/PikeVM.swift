/// Runs a program over a text in time proportional to text times program, whatever the pattern (Pike's method).
///
/// All ways through the automaton are followed side by side, in the order in which a backtracking engine would
/// try them; so the first to match is the match such an engine would report. Owned by one pattern.
struct PikeVM {
  /// The places reached at one byte, in order of preference.
  private struct Threads {
    var steps: [Int32] = []
    var starts: [Int] = []
    /// The place of a step in `steps`, valid where that entry names the step (a sparse set).
    var slots: [Int32]

    init(count: Int) { slots = [Int32](repeating: 0, count: count) }

    func contains(_ step: Int32) -> Bool {
      let slot = Int(slots[Int(step)])
      return slot < steps.count && steps[slot] == step
    }

    mutating func append(_ step: Int32, start: Int) {
      slots[Int(step)] = Int32(steps.count)
      steps.append(step)
      starts.append(start)
    }

    mutating func removeAll() {
      steps.removeAll(keepingCapacity: true)
      starts.removeAll(keepingCapacity: true)
    }
  }

  private let program: PatternProgram
  private let firstBytes: [Bool]?
  private var current: Threads
  private var next: Threads
  private var stack: [Int32] = []

  init(_ program: PatternProgram) {
    self.program = program
    firstBytes = program.firstBytes()
    current = Threads(count: program.instructions.count)
    next = Threads(count: program.instructions.count)
  }

  /// The leftmost match that begins at `from` or later, of those at one place the preferred.
  mutating func firstMatch(in text: Span<UInt8>, from: Int) -> Range<Int>? {
    firstMatch(in: text, from: from, upTo: text.count)
  }

  /// The same, of those that end at `end` or before, where the text has a line feed or its end.
  mutating func firstMatch(in text: Span<UInt8>, from: Int, upTo end: Int) -> Range<Int>? {
    var found: Range<Int>?
    var position = from
    current.removeAll()
    while position <= end {
      if current.steps.isEmpty {
        if found != nil { break }
        if let firstBytes {
          while position < text.count, !firstBytes[Int(text[position])] { position += 1 }
          if position == text.count || position > end { break }
        }
      }
      // A match begins at a character, not inside one (UTF-8's continuation bytes are 10xxxxxx).
      if found == nil, position == text.count || text[position] & 0xC0 != 0x80 {
        Self.follow(program, program.start, start: position, text, position, into: &current, &stack)
      }
      if let matched = step(text, position) { found = matched }
      swap(&current, &next)
      next.removeAll()
      position += 1
    }
    return found
  }

  /// Moves every thread over the byte at `position`. A thread that has matched ends those less preferred.
  private mutating func step(_ text: Span<UInt8>, _ position: Int) -> Range<Int>? {
    let byte = position < text.count ? text[position] : 0
    let isAtEnd = position >= text.count
    for index in 0..<current.steps.count {
      let start = current.starts[index]
      switch program.instructions[Int(current.steps[index])] {
      case .match: return start..<position
      case .bytes(let low, let high, let target):
        if !isAtEnd, low <= byte, byte <= high {
          Self.follow(program, target, start: start, text, position + 1, into: &next, &stack)
        }
      case .table(let first, let count):
        if !isAtEnd, let target = target(of: byte, first, count) {
          Self.follow(program, target, start: start, text, position + 1, into: &next, &stack)
        }
      case .split, .assertion: continue  // followed when they were reached
      }
    }
    return nil
  }

  private func target(of byte: UInt8, _ first: Int32, _ count: Int32) -> Int32? {
    var low = Int(first)
    var high = Int(first + count)
    while low < high {
      let middle = (low + high) / 2
      let edge = program.edges[middle]
      if byte < edge.low {
        high = middle
      } else if byte > edge.high {
        low = middle + 1
      } else {
        return edge.next
      }
    }
    return nil
  }

  /// Adds `step` and all that can be reached from it without reading a byte.
  private static func follow(
    _ program: PatternProgram, _ step: Int32, start: Int, _ text: Span<UInt8>, _ position: Int,
    into threads: inout Threads, _ stack: inout [Int32]
  ) {
    stack.append(step)
    while let step = stack.popLast() {
      if threads.contains(step) { continue }
      threads.append(step, start: start)
      switch program.instructions[Int(step)] {
      case .split(let preferred, let other):
        stack.append(other)
        stack.append(preferred)
      case .assertion(let assertion, let next):
        if assertion.holds(in: text, at: position) { stack.append(next) }
      case .bytes, .table, .match: continue
      }
    }
  }
}

extension Syntax.Assertion {
  func holds(in text: Span<UInt8>, at position: Int) -> Bool {
    switch self {
    case .textStart: return position == 0
    case .textEnd: return position == text.count
    case .lineStart: return position == 0 || text[position - 1] == 0x0A
    case .lineEnd: return position == text.count || text[position] == 0x0A
    default: break
    }
    let before = Self.isWord(endingAt: position, in: text)
    let after = Self.isWord(startingAt: position, in: text)
    return switch self {
    case .wordBoundary: before != after
    case .notWordBoundary: before == after
    case .wordStart: !before && after
    case .wordEnd: before && !after
    case .noWordBefore: !before
    default: !after
    }
  }

  private static func isWord(startingAt position: Int, in text: Span<UInt8>) -> Bool {
    guard position < text.count else { return false }
    let lead = text[position]
    if lead < 0x80 { return Unicode.Scalar(lead).isWord }
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard lead >= 0xC2, position + length <= text.count else { return false }
    var value = UInt32(lead) & (0xFF >> UInt32(length + 1))
    for index in 1..<length {
      guard text[position + index] & 0xC0 == 0x80 else { return false }
      value = value << 6 | UInt32(text[position + index] & 0x3F)
    }
    return Unicode.Scalar(value)?.isWord ?? false
  }

  private static func isWord(endingAt position: Int, in text: Span<UInt8>) -> Bool {
    var start = position - 1
    while start > 0, position - start < 4, text[start] & 0xC0 == 0x80 { start -= 1 }
    return start >= 0 && isWord(startingAt: start, in: text)
  }
}
