import Format
import Platform
import Testing

@testable import Replay

@Suite struct PackedBlockTests {
  private func block(_ count: Int, seed: UInt64) -> LineBlock {
    var random = SeededRandom(seed: seed)
    var block = LineBlock()
    for index in 0..<count {
      let length = Int.random(in: 1...70, using: &random)
      let cut = Int.random(in: 1...length, using: &random)
      var runs = [SettledLine.Run(end: length, milliseconds: Int64(index * 3))]
      if cut < length { runs.insert(.init(end: cut, milliseconds: Int64(index * 3 + 500)), at: 0) }
      block.append(
        SettledLine(
          text: (0..<length).map { _ in UInt8.random(in: 0x61...0x7A, using: &random) }, runs: runs,
          first: Int64(index * 3), last: Int64(index * 3 + 900),
          flags: SettledLine.Flags(rawValue: UInt8.random(in: 0..<32, using: &random))))
    }
    return block
  }

  private static let dictionary = SharedDictionary(Array("abcdefghijklmnopqrstuvwxyz\n".utf8))

  private func packed(_ block: LineBlock) -> (bytes: [UInt8], shape: PackedBlock.Shape) {
    var bytes: [UInt8] = []
    var encoder = LZ4Encoder(Self.dictionary)
    encoder.encode(block.text, into: &bytes)
    var shape = PackedBlock.Shape()
    shape.packedTextByteCount = bytes.count
    shape.textByteCount = block.text.count
    let flags = block.encodedFlags()
    let facts = block.encodedFacts()
    shape.flagByteCount = flags.count
    shape.factByteCount = facts.count
    shape.lineCount = block.count
    bytes += flags
    Deflater(level: 5).deflate(facts, flush: .finish, into: &bytes)
    return (bytes, shape)
  }

  @Test func readsTextFlagsAndAllOfIt() throws {
    var packedBlock = PackedBlock()
    for count in [0, 1, 2, 3, 40, 2000] {
      let block = block(count, seed: UInt64(count))
      let (bytes, shape) = packed(block)
      try packedBlock.unpack(bytes, shape, behind: Self.dictionary)
      #expect(Array(packedBlock.text[packedBlock.start...]) == block.text)
      #expect(try packedBlock.lines() == block)
      #expect(try packedBlock.flags() == block.facts.map(\.flags))
    }
  }

  @Test func whatIsCutOffOrOfAnotherLengthIsRefused() {
    let (bytes, shape) = packed(block(30, seed: 1))
    var packedBlock = PackedBlock()
    func read(_ bytes: [UInt8], _ shape: PackedBlock.Shape) throws(IndexDamage) {
      try packedBlock.unpack(bytes, shape, behind: Self.dictionary)
      _ = try packedBlock.lines()
    }
    for count in 0..<bytes.count {
      #expect(throws: IndexDamage.self) { try read(Array(bytes[..<count]), shape) }
    }
    let paths: [WritableKeyPath<PackedBlock.Shape, Int>] = [
      \.packedTextByteCount, \.textByteCount, \.flagByteCount, \.factByteCount, \.lineCount,
    ]
    for path in paths {
      for other in [0, 1, shape[keyPath: path] - 1, shape[keyPath: path] + 1] {
        var wrong = shape
        wrong[keyPath: path] = other
        #expect(throws: IndexDamage.self) { try read(bytes, wrong) }
      }
    }
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x10
      do throws(IndexDamage) { try read(damaged, shape) } catch { continue }
    }
  }

  @Test func countsAsManyLinesAsAreTold() throws {
    let pattern = try CompiledPattern(parsing: ["a[a-f]"], options: .init(isByLine: true))
    for groupsRepeats in [true, false] {
      for seed in 0..<12 {
        let block = block(400, seed: UInt64(seed))
        let (bytes, shape) = packed(block)
        var packedBlock = PackedBlock()
        try packedBlock.unpack(bytes, shape, behind: Self.dictionary)
        var query = SearchQuery(pattern: pattern)
        query.groupsRepeats = groupsRepeats
        query.maximum = seed % 3 == 0 ? 17 : nil
        var told = LineSearch(query, Pattern(pattern))
        let hits = told.take(block)
        var counted = LineSearch(query, Pattern(pattern), keepsHits: false)
        #expect(try counted.take(packedBlock, firstRow: 0).isEmpty)
        #expect(counted.count == told.count && told.count == hits.count && told.count > 0)
      }
    }
  }
}
