import Format
import Platform

/// A block as the index keeps it, of which a search reads no more than it needs: nearly always the text alone.
///
/// Its memory is used again for the next block. Owned by one thread.
struct PackedBlock {
  /// How a block's bytes are to be read.
  struct Shape: Equatable, Sendable {
    /// The text, an LZ4 block behind a dictionary, comes first; the flags follow it, then raw deflate of the facts.
    var packedTextByteCount = 0
    var textByteCount = 0
    var flagByteCount = 0
    var factByteCount = 0
    var lineCount = 0

    /// Bytes before the facts.
    fileprivate var factStart: Int { packedTextByteCount + flagByteCount }
  }

  private var decoder = LZ4Decoder()
  private var bytes: [UInt8] = []
  private(set) var shape = Shape()

  /// The lines' texts are in it from `start` on, a line feed after each. What is before ends with a line feed, too.
  var text: [UInt8] { decoder.bytes }
  var start: Int { decoder.start }

  /// Takes the next block.
  mutating func unpack(
    _ bytes: [UInt8], _ shape: Shape, behind dictionary: SharedDictionary
  ) throws(IndexDamage) {
    decoder.use(dictionary)
    guard shape.factStart <= bytes.count,
      decoder.decode(bytes, 0..<shape.packedTextByteCount, count: shape.textByteCount),
      shape.textByteCount == 0 || text.last == 0x0A
    else { throw .badNumber(part: LineBlock.part) }
    self.bytes = bytes
    self.shape = shape
  }

  /// All of it.
  func lines() throws(IndexDamage) -> LineBlock {
    var facts: [UInt8] = []
    // One byte more than there should be shows whether there is one.
    let (outcome, _) = Inflater().inflate(
      bytes, shape.factStart..<bytes.count, limit: shape.factByteCount + 1, into: &facts)
    guard outcome == .ended, facts.count == shape.factByteCount else {
      throw .badNumber(part: LineBlock.part)
    }
    return try LineBlock(flags: try flags(), facts: facts, text: Array(text[start...]))
  }

  /// Whether all its lines are plain output.
  func isPlain() throws(IndexDamage) -> Bool {
    var reader = IndexReader(bytes, shape.packedTextByteCount..<shape.factStart, part: LineBlock.part)
    while !reader.isAtEnd {
      _ = try reader.varint()
      if !SettledLine.Flags(rawValue: try reader.fixed(UInt8.self)).contains(.scrolled) { return false }
    }
    return true
  }

  /// The flags of each line.
  func flags() throws(IndexDamage) -> [SettledLine.Flags] {
    try LineBlock.flags(bytes, shape.packedTextByteCount..<shape.factStart, count: shape.lineCount)
  }

  /// Flags and facts as they are kept.
  var packedFlags: [UInt8] { Array(bytes[shape.packedTextByteCount..<shape.factStart]) }
  var packedFacts: [UInt8] { Array(bytes[shape.factStart...]) }
}
