/// The byte sequences of a scalar set as a small acyclic automaton, with equal nodes shared.
///
/// Node 0 is the start. Patterns repeat classes (`\w{64}`), so one automaton is made for each set and copied.
struct UTF8Automaton: Sendable {
  struct Edge: Hashable, Sendable {
    var low: UInt8
    var high: UInt8
    /// A node, or `accept` once the scalar is whole.
    var target: Int32
  }

  static let accept: Int32 = -1

  private(set) var nodes: [[Edge]]

  init(_ set: ScalarSet) {
    var builder = Builder()
    let top = builder.node(for: ArraySlice(Self.sequences(of: set)))
    // Children are numbered before their parents: turning the order round puts the start first.
    let last = Int32(builder.nodes.count - 1)
    precondition(builder.nodes.isEmpty || top == last)
    nodes = builder.nodes.reversed().map { edges in
      edges.map { edge in
        var edge = edge
        if edge.target != Self.accept { edge.target = last - edge.target }
        return edge
      }
    }
  }

  /// Ranges of bytes, one for each byte of an encoded scalar, that together spell a range of scalars.
  typealias ByteRanges = [ClosedRange<UInt8>]

  private struct Builder {
    var nodes: [[Edge]] = []
    var known: [[Edge]: Int32] = [:]

    /// The node that reads `sequences`, which are sorted; sequences that begin alike have the same first range.
    mutating func node(for sequences: ArraySlice<ByteRanges>) -> Int32 {
      var edges: [Edge] = []
      var index = sequences.startIndex
      while index < sequences.endIndex {
        let first = sequences[index][0]
        var end = index
        while end < sequences.endIndex, sequences[end][0] == first { end += 1 }
        var target = UTF8Automaton.accept
        if sequences[index].count > 1 {
          target = node(for: ArraySlice(sequences[index..<end].map { Array($0.dropFirst()) }))
        }
        if let previous = edges.last, previous.target == target, previous.high &+ 1 == first.lowerBound {
          edges[edges.count - 1].high = first.upperBound
        } else {
          edges.append(Edge(low: first.lowerBound, high: first.upperBound, target: target))
        }
        index = end
      }
      if let node = known[edges] { return node }
      nodes.append(edges)
      known[edges] = Int32(nodes.count - 1)
      return Int32(nodes.count - 1)
    }
  }

  /// The set's byte sequences, sorted; the first ranges of two of them are equal or apart.
  private static func sequences(of set: ScalarSet) -> [ByteRanges] {
    var result: [ByteRanges] = []
    for range in set.ranges {
      // Surrogates have no encoding in UTF-8 (RFC 3629, section 3).
      let stretches: [(UInt32, UInt32)] = [
        (0, 0x7F), (0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10_FFFF),
      ]
      for (first, last) in stretches {
        let low = max(range.lowerBound, first)
        let high = min(range.upperBound, last)
        if low <= high { split(low, high, into: &result) }
      }
    }
    return result
  }

  /// Cuts a range of scalars of one encoded length until each byte's range is independent of the others':
  /// only the last bytes of a piece may run over more than one value without those behind them running from 80 to BF.
  private static func split(_ low: UInt32, _ high: UInt32, into result: inout [ByteRanges]) {
    let length = low < 0x80 ? 1 : low < 0x800 ? 2 : low < 0x10000 ? 3 : 4
    for level in stride(from: length - 1, through: 1, by: -1) {
      let mask: UInt32 = 1 << UInt32(6 * level) - 1
      guard low & ~mask != high & ~mask else { continue }
      if low & mask != 0 {
        split(low, low | mask, into: &result)
        split((low | mask) + 1, high, into: &result)
        return
      }
      if high & mask != mask {
        split(low, (high & ~mask) - 1, into: &result)
        split(high & ~mask, high, into: &result)
        return
      }
    }
    let first = encode(low, length)
    let last = encode(high, length)
    result.append(zip(first, last).map { $0...$1 })
  }

  private static func encode(_ scalar: UInt32, _ length: Int) -> [UInt8] {
    if length == 1 { return [UInt8(scalar)] }
    var bytes = [UInt8](repeating: 0, count: length)
    for index in stride(from: length - 1, to: 0, by: -1) {
      bytes[index] = 0x80 | UInt8(scalar >> UInt32(6 * (length - 1 - index)) & 0x3F)
    }
    let marks: [UInt8] = [0, 0, 0xC0, 0xE0, 0xF0]
    bytes[0] = marks[length] | UInt8(scalar >> UInt32(6 * (length - 1)))
    return bytes
  }
}
