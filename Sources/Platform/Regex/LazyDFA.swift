/// Tells whether and where some match ends, one table look-up a byte: a deterministic automaton built as texts need it.
///
/// A state is a set of program steps and what the byte before was. Assertions on what follows are decided when the
/// next byte is known, so a match shows one byte late. Memory is capped: a full cache is emptied, and a pattern that
/// fills it again and again is left to the `PikeVM`. Owned by one pattern.
struct LazyDFA {
  /// Entries of the table, 4 bytes each.
  private static let entryLimit = 1 << 20
  /// Program steps held by all states.
  private static let stepLimit = 1 << 21
  /// A cache emptied before each state took so many bytes on the average does not pay.
  private static let bytesPerState = 10

  enum Outcome: Equatable {
    /// A match ends at this offset, and none before.
    case match(Int)
    case none
    /// It cannot tell (Unicode word boundaries, a cache that thrashes): ask the other engine.
    case unknown
  }

  static let unseen: Int32 = -1
  static let matched: Int32 = -2
  static let undecided: Int32 = -3

  private struct Key: Hashable {
    var steps: [Int32]
    var context: UInt8
  }

  private let program: PatternProgram
  /// Bytes that no step tells apart share a class; the last class is the end of the text.
  let classes: [UInt8]
  private let examples: [UInt8]
  let stride: Int
  private let asksForLines: Bool
  private let asksForWords: Bool

  private(set) var table: [Int32] = []
  private var keys: [Key] = []
  private var known: [Key: Int32] = [:]
  private var stepCount = 0
  var bytesSinceFlush = 0
  private(set) var flushCount = 0
  private(set) var hasGivenUp = false
  /// Where it could not tell, after the answer `unknown`: no match ends before.
  var undecidedOffset = 0
  /// Scratch: which steps were followed.
  private var marks: [UInt32]
  private var mark: UInt32 = 0
  private var stack: [Int32] = []

  init(_ program: PatternProgram) {
    self.program = program
    var asksForLines = false
    var asksForWords = false
    var borders = [Bool](repeating: false, count: 257)
    func cut(_ low: Int, _ high: Int) {
      borders[low] = true
      borders[high + 1] = true
    }
    for instruction in program.instructions {
      switch instruction {
      case .bytes(let low, let high, _): cut(Int(low), Int(high))
      case .assertion(let assertion, _):
        switch assertion {
        case .textStart, .textEnd, .lineStart, .lineEnd: asksForLines = true
        default: asksForWords = true
        }
      case .table, .split, .match: continue
      }
    }
    for edge in program.edges { cut(Int(edge.low), Int(edge.high)) }
    if asksForLines { cut(0x0A, 0x0A) }
    if asksForWords {
      for (low, high) in [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0x80, 0xFF)] {
        cut(low, high)
      }
    }
    var classes = [UInt8](repeating: 0, count: 256)
    var examples: [UInt8] = [0]
    for byte in 1..<256 {
      if borders[byte] { examples.append(UInt8(byte)) }
      classes[byte] = UInt8(examples.count - 1)
    }
    self.classes = classes
    self.examples = examples
    stride = examples.count + 1
    self.asksForLines = asksForLines
    self.asksForWords = asksForWords
    marks = [UInt32](repeating: 0, count: program.instructions.count)
  }

  // MARK: Running

  /// The first end of a match that begins at `range.lowerBound` or later and ends within the range. At the range's
  /// end the byte behind it counts, or the end of the text.
  mutating func firstEnd(in text: Span<UInt8>, _ range: Range<Int>) -> Outcome {
    undecidedOffset = range.lowerBound
    if hasGivenUp { return .unknown }
    var position = range.lowerBound
    var state = startState(in: text, at: position)
    while true {
      let from = position
      (state, position) = run(text, state, position, range.upperBound)
      bytesSinceFlush += position - from
      let isAtEnd = position >= range.upperBound
      let column = isAtEnd && position >= text.count ? stride - 1 : Int(classes[Int(text[position])])
      var entry = table[Int(state) + column]
      if entry == Self.unseen {
        entry = step(from: Int(state), column)
        if hasGivenUp { return .unknown }
      }
      if entry == Self.matched { return .match(position) }
      if entry == Self.undecided {
        undecidedOffset = position
        return .unknown
      }
      if isAtEnd { return .none }
      state = entry
      position += 1
    }
  }

  /// Follows known transitions; the answer is the state in which, and the byte at which, none is known.
  func run(_ text: Span<UInt8>, _ state: Int32, _ position: Int, _ end: Int) -> (Int32, Int) {
    table.withUnsafeBufferPointer { table in
      classes.withUnsafeBufferPointer { classes in
        text.withUnsafeBufferPointer { text in
          var state = state
          var position = position
          while position < end {
            let next = table[Int(state) &+ Int(classes[Int(text[position])])]
            if next < 0 { break }
            state = next
            position &+= 1
          }
          return (state, position)
        }
      }
    }
  }

  mutating func startState(in text: Span<UInt8>, at position: Int) -> Int32 {
    let context: UInt8
    if position == 0 {
      context = asksForLines ? Self.afterLine | Self.atStart : 0
    } else {
      context = self.context(after: text[position - 1])
    }
    return state(Key(steps: [program.start], context: context))
  }

  // MARK: Building

  private static let afterLine: UInt8 = 1
  private static let afterWord: UInt8 = 2
  private static let atStart: UInt8 = 4
  /// The byte before belongs to a character that is not ASCII.
  private static let afterOther: UInt8 = 8

  private func context(after byte: UInt8) -> UInt8 {
    var context: UInt8 = 0
    if asksForLines, byte == 0x0A { context |= Self.afterLine }
    if asksForWords {
      if byte >= 0x80 { context |= Self.afterOther } else if Self.isWord(byte) { context |= Self.afterWord }
    }
    return context
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x5F
  }

  private mutating func state(_ key: Key) -> Int32 {
    if let state = known[key] { return state }
    let state = Int32(table.count)
    table += repeatElement(Self.unseen, count: stride)
    keys.append(key)
    known[key] = state
    stepCount += key.steps.count
    return state
  }

  /// Finds the transition of a state and notes it.
  mutating func step(from state: Int, _ column: Int) -> Int32 {
    if table.count + 2 * stride > Self.entryLimit || stepCount > Self.stepLimit {
      return flush(keeping: state, column)
    }
    let key = keys[state / stride]
    let byte: UInt8? = column == stride - 1 ? nil : examples[column]
    let entry = transition(key, byte)
    table[state + column] = entry
    return entry
  }

  /// Empties the cache; the transition is then found in a new one.
  private mutating func flush(keeping state: Int, _ column: Int) -> Int32 {
    let key = keys[state / stride]
    flushCount += 1
    if flushCount > 2, bytesSinceFlush < keys.count * Self.bytesPerState { hasGivenUp = true }
    bytesSinceFlush = 0
    table.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    known.removeAll(keepingCapacity: true)
    stepCount = 0
    if key.steps.count > Self.stepLimit / 8 { hasGivenUp = true }
    return hasGivenUp ? Self.undecided : transition(key, column == stride - 1 ? nil : examples[column])
  }

  private mutating func transition(_ key: Key, _ byte: UInt8?) -> Int32 {
    mark &+= 1
    if mark == 0 {
      marks = [UInt32](repeating: 0, count: marks.count)
      mark = 1
    }
    var reached: [Int32] = []
    stack.removeAll(keepingCapacity: true)
    for step in key.steps.reversed() { stack.append(step) }
    while let step = stack.popLast() {
      if marks[Int(step)] == mark { continue }
      marks[Int(step)] = mark
      switch program.instructions[Int(step)] {
      case .match: return Self.matched
      case .split(let preferred, let other):
        stack.append(other)
        stack.append(preferred)
      case .assertion(let assertion, let next):
        switch holds(assertion, key.context, byte) {
        case .some(true): stack.append(next)
        case .some(false): continue
        case nil: return Self.undecided
        }
      case .bytes(let low, let high, let next):
        if let byte, low <= byte, byte <= high { reached.append(next) }
      case .table(let first, let count):
        if let byte {
          for edge in program.edges[Int(first)..<Int(first + count)]
          where edge.low <= byte && byte <= edge.high {
            reached.append(edge.next)
          }
        }
      }
    }
    // No order: which match it is, is not asked.
    reached.append(program.start)
    reached.sort()
    var steps: [Int32] = []
    for step in reached where step != steps.last { steps.append(step) }
    return state(Key(steps: steps, context: byte.map { context(after: $0) } ?? 0))
  }

  /// Whether an assertion holds between what was and what comes; nil: that depends on characters beyond ASCII.
  private func holds(_ assertion: Syntax.Assertion, _ context: UInt8, _ byte: UInt8?) -> Bool? {
    switch assertion {
    case .textStart: return context & Self.atStart != 0
    case .textEnd: return byte == nil
    case .lineStart: return context & Self.afterLine != 0
    case .lineEnd: return byte == nil || byte == 0x0A
    default: break
    }
    if context & Self.afterOther != 0 { return nil }
    if let byte, byte >= 0x80 { return nil }
    let before = context & Self.afterWord != 0
    let after = byte.map(Self.isWord) ?? false
    return switch assertion {
    case .wordBoundary: before != after
    case .notWordBoundary: before == after
    case .wordStart: !before && after
    case .wordEnd: before && !after
    case .noWordBefore: !before
    default: !after
    }
  }
}
