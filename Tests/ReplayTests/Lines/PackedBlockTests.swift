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

  private func packed(_ block: LineBlock) -> (bytes: [UInt8], plainByteCount: Int) {
    let plain = block.encoded()
    var bytes: [UInt8] = []
    Deflater(level: 5).deflate(plain, flush: .finish, into: &bytes)
    return (bytes, plain.count)
  }

  @Test func readsTextFlagsAndAllOfIt() throws {
    var packedBlock = PackedBlock()
    for count in [0, 1, 2, 3, 40, 2000] {
      let block = block(count, seed: UInt64(count))
      let (bytes, plainByteCount) = packed(block)
      try packedBlock.unpack(bytes, plainByteCount: plainByteCount)
      #expect(packedBlock.text == block.text && packedBlock.count == count)
      #expect(try packedBlock.lines() == block)
      var flags = packedBlock.flags()
      for line in stride(from: 0, to: count, by: 3) {
        #expect(try flags.flags(ofLine: line) == block.facts[line].flags)
      }
      #expect(throws: IndexDamage.self) { try flags.flags(ofLine: count) }
    }
  }

  @Test func whatIsCutOffOrOfAnotherLengthIsRefused() {
    let (bytes, plainByteCount) = packed(block(30, seed: 1))
    var packedBlock = PackedBlock()
    for count in 0..<bytes.count {
      #expect(throws: IndexDamage.self) {
        try packedBlock.unpack(Array(bytes[..<count]), plainByteCount: plainByteCount)
      }
    }
    for other in [0, 1, plainByteCount - 1, plainByteCount + 1] {
      #expect(throws: IndexDamage.self) { try packedBlock.unpack(bytes, plainByteCount: other) }
    }
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x10
      do throws(IndexDamage) {
        try packedBlock.unpack(damaged, plainByteCount: plainByteCount)
        _ = try packedBlock.lines()
      } catch {
        continue
      }
    }
  }

  @Test func countsAsManyLinesAsAreTold() throws {
    let pattern = try CompiledPattern(parsing: ["a[a-f]"], options: .init(isByLine: true))
    for groupsRepeats in [true, false] {
      for seed in 0..<12 {
        let block = block(400, seed: UInt64(seed))
        let (bytes, plainByteCount) = packed(block)
        var packedBlock = PackedBlock()
        try packedBlock.unpack(bytes, plainByteCount: plainByteCount)
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
