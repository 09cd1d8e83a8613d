/// Going through many lines in four places at once.
///
/// Each look-up waits for the one before it, so that a processor has time for others meanwhile: four lanes take a third
/// of the time of one. A lane begins at the beginning of a line, where the automaton is in the state it starts in: of
/// a pattern that matches within lines nothing is left over from the line before.
extension LazyDFA {
  private static let laneCount = 4
  /// So many bytes are gone through alone first: where matches are frequent, what other lanes saw would be lost.
  private static let aloneByteCount = 1024
  /// Texts must have so many bytes for lanes to pay.
  private static let leastByteCount = 8192

  private struct Lane {
    let start: Int
    let end: Int
    var position: Int
    var state: Int32 = 0
    var outcome: Outcome?
  }

  /// `firstEnd` for patterns whose matches lie within lines.
  mutating func firstEndOfLines(in text: Span<UInt8>, _ range: Range<Int>) -> Outcome {
    guard range.count >= Self.leastByteCount, !hasGivenUp,
      let first = Self.lineFeed(in: text, range.lowerBound + Self.aloneByteCount..<range.upperBound)
    else { return firstEnd(in: text, range) }
    let outcome = firstEnd(in: text, range.lowerBound..<first)
    if outcome != .none { return outcome }
    let rest = first + 1..<range.upperBound
    let flushes = flushCount
    guard var lanes = lanes(in: text, rest), flushCount == flushes else { return firstEnd(in: text, rest) }
    var current = 0
    while true {
      while current < lanes.count, lanes[current].outcome == Outcome.none { current += 1 }
      guard current < lanes.count else { return .none }
      if let outcome = lanes[current].outcome {
        undecidedOffset = lanes[current].position
        return outcome
      }
      if lanes.allSatisfy({ $0.outcome == nil }) {
        runTogether(text, &lanes)
        for index in lanes.indices { advance(&lanes[index], in: text) }
      } else {
        let before = lanes[current].position
        (lanes[current].state, lanes[current].position) = run(
          text, lanes[current].state, before, lanes[current].end)
        bytesSinceFlush += lanes[current].position - before
        advance(&lanes[current], in: text)
      }
      // The states of an emptied cache are gone.
      if flushCount != flushes { return firstEnd(in: text, lanes[current].start..<range.upperBound) }
    }
  }

  private static func lineFeed(in text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var position = range.lowerBound
    while position < range.upperBound, text[position] != 0x0A { position += 1 }
    return position < range.upperBound ? position : nil
  }

  /// Parts of about one length, cut at line feeds; nil where lines are too long for that.
  private mutating func lanes(in text: Span<UInt8>, _ range: Range<Int>) -> [Lane]? {
    var lanes: [Lane] = []
    var start = range.lowerBound
    for number in 1...Self.laneCount {
      var end = range.upperBound
      if number < Self.laneCount {
        let wanted = range.lowerBound + range.count * number / Self.laneCount
        guard wanted > start, let cut = Self.lineFeed(in: text, wanted..<range.upperBound) else { return nil }
        end = cut
      }
      lanes.append(Lane(start: start, end: end, position: start, state: startState(in: text, at: start)))
      start = end + 1
    }
    return start > range.upperBound + 1 ? nil : lanes
  }

  /// Takes one byte of a lane, by a transition that may not be known yet.
  private mutating func advance(_ lane: inout Lane, in text: Span<UInt8>) {
    if lane.outcome != nil { return }
    let flushes = flushCount
    let isAtEnd = lane.position >= lane.end
    let column = isAtEnd && lane.position >= text.count ? stride - 1 : Int(classes[Int(text[lane.position])])
    let entry = entry(from: lane.state, column)
    if flushCount != flushes { return }
    switch entry {
    case Self.matched: lane.outcome = .match(lane.position)
    case Self.undecided: lane.outcome = .unknown
    default:
      lane.state = entry
      if isAtEnd { lane.outcome = Outcome.none } else { lane.position += 1 }
    }
  }

  /// Follows known transitions in all lanes, up to the first that is not known.
  private mutating func runTogether(_ text: Span<UInt8>, _ lanes: inout [Lane]) {
    var states = (lanes[0].state, lanes[1].state, lanes[2].state, lanes[3].state)
    let count = lanes.reduce(Int.max) { min($0, $1.end - $1.position) }
    let starts = (lanes[0].position, lanes[1].position, lanes[2].position, lanes[3].position)
    var done = 0
    table.withUnsafeBufferPointer { table in
      classes.withUnsafeBufferPointer { classes in
        text.withUnsafeBufferPointer { text in
          guard let table = table.baseAddress, let classes = classes.baseAddress,
            let text = text.baseAddress
          else { return }
          let texts = (text + starts.0, text + starts.1, text + starts.2, text + starts.3)
          while done < count {
            let a = table[Int(states.0) &+ Int(classes[Int(texts.0[done])])]
            let b = table[Int(states.1) &+ Int(classes[Int(texts.1[done])])]
            let c = table[Int(states.2) &+ Int(classes[Int(texts.2[done])])]
            let d = table[Int(states.3) &+ Int(classes[Int(texts.3[done])])]
            if a | b | c | d < 0 { break }
            states = (a, b, c, d)
            done &+= 1
          }
        }
      }
    }
    bytesSinceFlush += done * Self.laneCount
    for index in lanes.indices { lanes[index].position += done }
    (lanes[0].state, lanes[1].state, lanes[2].state, lanes[3].state) = states
  }
}
