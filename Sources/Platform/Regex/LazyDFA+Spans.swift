/// Where the preferred match lies: its end by one run forward, its start by one backward from there.
///
/// Both are one look-up a byte. The first run keeps its steps in order of preference and drops those behind one that
/// has matched, so the last end it sees is the preferred match's. Of all places from which a way leads to that end, the
/// leftmost is where it begins: a match that begins further left would have been preferred.
extension LazyDFA {
  /// The end of the leftmost match that begins at `from` or later, of those at one place the preferred.
  mutating func preferredEnd(in text: Span<UInt8>, from: Int) -> Outcome {
    if hasGivenUp { return .unknown }
    var position = from
    var state = startState(in: text, at: position)
    var end = -1
    while true {
      let before = position
      runForward(text, &state, &position, &end)
      bytesSinceFlush += position - before
      let isAtEnd = position >= text.count
      let column = isAtEnd ? stride - 1 : Int(classes[Int(text[position])])
      let entry = entry(from: state, column)
      switch entry {
      case Self.undecided: return .unknown
      case Self.dead: return end < 0 ? .none : .match(end)
      case Self.lastMatch: return .match(position)
      default: if entry & Self.matchBit != 0 { end = position }
      }
      if isAtEnd { return end < 0 ? .none : .match(end) }
      state = entry & ~Self.matchBit
      position += 1
    }
  }

  private func runForward(_ text: Span<UInt8>, _ state: inout Int32, _ position: inout Int, _ end: inout Int)
  {
    (state, position, end) = table.withUnsafeBufferPointer { table in
      classes.withUnsafeBufferPointer { classes in
        text.withUnsafeBufferPointer { text in
          var (state, position, end) = (state, position, end)
          while position < text.count {
            let next = table[Int(state) &+ Int(classes[Int(text[position])])]
            if next < 0 { break }
            if next & Self.matchBit != 0 { end = position }
            state = next & ~Self.matchBit
            position &+= 1
          }
          return (state, position, end)
        }
      }
    }
  }

  /// The leftmost place, `from` or later, at which a match begins that ends at `end`, in the program reversed.
  mutating func furthestStart(in text: Span<UInt8>, from: Int, endingAt end: Int) -> Outcome {
    if hasGivenUp { return .unknown }
    var position = end
    var state = startState(in: text, at: position)
    var start = -1
    while true {
      let before = position
      runBackward(text, from, &state, &position, &start)
      bytesSinceFlush += before - position
      let column = position == 0 ? stride - 1 : Int(classes[Int(text[position - 1])])
      let entry = entry(from: state, column)
      switch entry {
      case Self.undecided: return .unknown
      case Self.dead: return start < 0 ? .none : .match(start)
      case Self.lastMatch: return .match(position)
      default: if entry & Self.matchBit != 0 { start = position }
      }
      if position <= from { return start < 0 ? .none : .match(start) }
      state = entry & ~Self.matchBit
      position -= 1
    }
  }

  private func runBackward(
    _ text: Span<UInt8>, _ from: Int, _ state: inout Int32, _ position: inout Int, _ start: inout Int
  ) {
    (state, position, start) = table.withUnsafeBufferPointer { table in
      classes.withUnsafeBufferPointer { classes in
        text.withUnsafeBufferPointer { text in
          var (state, position, start) = (state, position, start)
          while position > from {
            let next = table[Int(state) &+ Int(classes[Int(text[position &- 1])])]
            if next < 0 { break }
            if next & Self.matchBit != 0 { start = position }
            state = next & ~Self.matchBit
            position &-= 1
          }
          return (state, position, start)
        }
      }
    }
  }
}
