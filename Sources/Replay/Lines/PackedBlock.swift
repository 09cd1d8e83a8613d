import Format
import Platform

/// A block as the index keeps it, of which a search reads no more than it needs: nearly always the text alone.
///
/// Its memory is used again for the next block. Owned by one thread.
struct PackedBlock {
  private static let part = "text blocks"
  /// Enough for the numbers in front.
  private static let headByteCount = 20

  /// The lines' texts, a line feed after each.
  private(set) var text: [UInt8] = []
  private(set) var count = 0
  /// The block up to its text, and where the facts are in it.
  private var head: [UInt8] = []
  private var facts = 0..<0
  private let inflater = Inflater()

  /// Takes the next block: `bytes`, raw deflate of `plainByteCount` bytes.
  mutating func unpack(_ bytes: [UInt8], plainByteCount: Int) throws(IndexDamage) {
    inflater.reset()
    head.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    var taken = 0
    var isEnded = false
    func inflate(_ limit: Int, into output: inout [UInt8]) throws(IndexDamage) {
      let result = inflater.inflate(bytes, taken..<bytes.count, limit: limit, into: &output)
      taken += result.taken
      isEnded = result.outcome == .ended
      if !isEnded, result.outcome != .outputFull { throw .badNumber(part: Self.part) }
    }
    try inflate(min(Self.headByteCount, plainByteCount), into: &head)
    (count, facts) = try LineBlock.head(of: head, plainByteCount: plainByteCount)
    if facts.upperBound < head.count {
      text += head[facts.upperBound...]
    } else if facts.upperBound > head.count, !isEnded {
      try inflate(facts.upperBound - head.count, into: &head)
    }
    let textByteCount = plainByteCount - facts.upperBound
    // One byte more than there should be shows whether there is one.
    if !isEnded { try inflate(textByteCount - text.count + 1, into: &text) }
    guard isEnded, text.count == textByteCount, head.count >= facts.upperBound, text.last ?? 0x0A == 0x0A
    else {
      throw .badNumber(part: Self.part)
    }
  }

  /// All of it.
  func lines() throws(IndexDamage) -> LineBlock {
    try LineBlock(count: count, facts: head, facts, text: text)
  }

  /// Reads the lines' flags, one after the other.
  func flags() -> FlagReader { FlagReader(reader: IndexReader(head, facts, part: Self.part)) }

  struct FlagReader {
    fileprivate var reader: IndexReader
    private var next = 0

    fileprivate init(reader: IndexReader) { self.reader = reader }

    /// The flags of a line behind those that were asked for before.
    mutating func flags(ofLine line: Int) throws(IndexDamage) -> SettledLine.Flags {
      while true {
        // First time, how long it stood; then of each stretch its time and, but for the last, its length.
        _ = try reader.varint()
        _ = try reader.varint()
        let flags = try reader.fixed(UInt8.self)
        let more = try reader.number(upTo: reader.end - reader.position)
        for _ in 0..<2 * more + 1 { _ = try reader.varint() }
        next += 1
        if next > line { return SettledLine.Flags(rawValue: flags) }
      }
    }
  }
}
