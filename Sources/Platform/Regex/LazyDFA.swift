/// Tells whether and where some match ends, one table look-up a byte: a deterministic automaton built as texts need it.
///
/// A state is a set of program steps and what the byte before was. Assertions on what follows are decided when the
/// next byte is known, so a match shows one byte late. Memory is capped: a full cache is emptied, and a pattern that
/// fills it again and again is left to the `PikeVM`. Owned by one pattern.
struct LazyDFA {
  /// What it looks for.
  enum Aim: Equatable, Sendable {
    /// The first end of any match.
    case anyEnd
    /// Where the leftmost match ends that the pattern's operators prefer.
    case preferredEnd
    /// Going backward, in a reversed program, from where a match ends: the furthest place where one begins.
    case furthestStart
  }

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
  /// No match ends from here on.
  static let dead: Int32 = -4
  /// A match ends here, and none of those that are wanted goes on.
  static let lastMatch: Int32 = -5
  /// Set in the transition to a state: a match ends here (begins, going backward), before the byte it is for.
  static let matchBit: Int32 = 1 << 30

  private struct Key: Hashable {
    var steps: [Int32]
    var context: UInt8
  }

  private let program: PatternProgram
  private let aim: Aim
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
  /// The states a search begins in, by what the byte before was.
  private var startStates: [Int32]
  var bytesSinceFlush = 0
  private(set) var flushCount = 0
  private(set) var hasGivenUp = false
  /// Where it could not tell, after the answer `unknown`: no match ends before.
  var undecidedOffset = 0
  /// Scratch: which steps were followed.
  private var marks: [UInt32]
  private var mark: UInt32 = 0
  private var stack: [Int32] = []

  init(_ program: PatternProgram, _ aim: Aim) {
    self.program = program
    self.aim = aim
    startStates = Self.noStartStates
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
    // Where nothing at all may match, a match begins between characters.
    if aim != .furthestStart, program.firstBytes() == nil { cut(0x80, 0xBF) }
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
      let entry = entry(from: state, column)
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
    var context: UInt8
    if aim == .furthestStart {
      context = position == text.count ? edgeContext : self.context(after: text[position])
    } else {
      context = position == 0 ? edgeContext : self.context(after: text[position - 1])
      context |= Self.searches
    }
    let known = startStates[Int(context)]
    if known >= 0 { return known }
    let state = state(Key(steps: aim == .furthestStart ? [program.start] : [], context: context))
    startStates[Int(context)] = state
    return state
  }

  // MARK: Building

  private static let afterLine: UInt8 = 1
  private static let afterWord: UInt8 = 2
  private static let atStart: UInt8 = 4
  /// The byte before belongs to a character that is not ASCII.
  private static let afterOther: UInt8 = 8
  /// A match may begin here.
  private static let searches: UInt8 = 16
  private static let noStartStates = [Int32](repeating: unseen, count: 32)

  /// What is beyond the end of the text that a search comes from.
  private var edgeContext: UInt8 { asksForLines ? Self.afterLine | Self.atStart : 0 }

  @inline(__always)
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

  /// The transition of a state, found now if it was not yet; `undecided` where it gave up over it.
  @inline(__always)
  mutating func entry(from state: Int32, _ column: Int) -> Int32 {
    let known = table[Int(state) + column]
    return known == Self.unseen ? step(from: Int(state), column) : known
  }

  /// Finds the transition of a state and notes it.
  private mutating func step(from state: Int, _ column: Int) -> Int32 {
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
    startStates = Self.noStartStates
    stepCount = 0
    if key.steps.count > Self.stepLimit / 8 { hasGivenUp = true }
    return hasGivenUp ? Self.undecided : transition(key, column == stride - 1 ? nil : examples[column])
  }

  private mutating func transition(_ key: Key, _ byte: UInt8?) -> Int32 {
    nextMark()
    var reached: [Int32] = []
    stack.removeAll(keepingCapacity: true)
    // A match begins at a character, not inside one (UTF-8's continuation bytes are 10xxxxxx).
    if key.context & Self.searches != 0, byte.map({ $0 & 0xC0 != 0x80 }) ?? true {
      stack.append(program.start)
    }
    for step in key.steps.reversed() { stack.append(step) }
    var isMatched = false
    search: while let step = stack.popLast() {
      if marks[Int(step)] == mark { continue }
      marks[Int(step)] = mark
      switch program.instructions[Int(step)] {
      case .match:
        isMatched = true
        // What was to be followed after it is less preferred; going backward, further is better.
        if aim != .furthestStart { break search }
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
    if isMatched, aim == .anyEnd { return Self.matched }
    let searches = isMatched ? 0 : key.context & Self.searches
    if reached.isEmpty, searches == 0 { return isMatched ? Self.lastMatch : Self.dead }
    let context = searches | (byte.map { self.context(after: $0) } ?? 0)
    return state(Key(steps: unique(reached), context: context)) | (isMatched ? Self.matchBit : 0)
  }

  /// Makes all steps unmarked.
  private mutating func nextMark() {
    mark &+= 1
    if mark == 0 {
      marks = [UInt32](repeating: 0, count: marks.count)
      mark = 1
    }
  }

  /// Each step once: where it matters which match it is in order of preference, else sorted.
  private mutating func unique(_ reached: [Int32]) -> [Int32] {
    var steps: [Int32] = []
    if aim == .preferredEnd {
      nextMark()
      for step in reached where marks[Int(step)] != mark {
        marks[Int(step)] = mark
        steps.append(step)
      }
    } else {
      for step in reached.sorted() where step != steps.last { steps.append(step) }
    }
    return steps
  }

  /// Whether an assertion holds between what was and what comes; nil: that depends on characters beyond ASCII.
  private func holds(_ assertion: Syntax.Assertion, _ context: UInt8, _ byte: UInt8?) -> Bool? {
    let isBackward = aim == .furthestStart
    let followsLine = context & Self.afterLine != 0
    let followsEdge = context & Self.atStart != 0
    let isAtLine = byte == nil || byte == 0x0A
    switch assertion {
    case .textStart: return isBackward ? byte == nil : followsEdge
    case .textEnd: return isBackward ? followsEdge : byte == nil
    case .lineStart: return isBackward ? isAtLine : followsLine
    case .lineEnd: return isBackward ? followsLine : isAtLine
    default: break
    }
    if context & Self.afterOther != 0 { return nil }
    if let byte, byte >= 0x80 { return nil }
    let (behind, ahead) = (context & Self.afterWord != 0, byte.map(Self.isWord) ?? false)
    let (before, after) = isBackward ? (ahead, behind) : (behind, ahead)
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
