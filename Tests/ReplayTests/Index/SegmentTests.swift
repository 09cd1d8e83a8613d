import Format
import Platform
import Testing

@testable import Replay

@Suite struct SegmentTests {
  private func session(_ number: Int, _ texts: [String]) -> IndexedSession {
    var block = LineBlock()
    for (index, text) in texts.enumerated() {
      block.append(SettledLine(Array(text.utf8), at: Int64(index * 100)))
    }
    let indexed = SessionIndexer().block(block, .screen)
    let header = Header(size: WindowSize(columns: 80, rows: 24), title: "t\(number)")
    return IndexedSession(
      path: Array("s\(number).cast".utf8), identity: UInt64(number) &* 77,
      facts: .init(header, started: nil, byteCount: 5),
      blocks: [indexed])
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = try File.makeTemporaryDirectory(prefix: "segment")
    defer { try? File.removeTree(folder) }
    try body(folder)
  }

  private func lines(of block: Segment.Block, in segment: Segment) throws -> LineBlock {
    var packed = PackedBlock()
    try segment.read(block, into: &packed, behind: segment.dictionary())
    return try packed.lines()
  }

  @Test func blocksSurviveARoundTrip() throws {
    var block = LineBlock()
    block.append(SettledLine(Array("héllo".utf8), at: 5, flags: .command))
    block.append(
      SettledLine(
        text: Array("$ ls".utf8), runs: [.init(end: 2, milliseconds: 10), .init(end: 4, milliseconds: 7)],
        first: 7,
        last: 90, flags: [.alternate, .scrolled]))
    let bytes = block.encodedFacts()
    let flags = block.facts.map(\.flags)
    func decode(_ bytes: [UInt8]) throws -> LineBlock {
      try LineBlock(flags: flags, facts: bytes, text: block.text)
    }
    #expect(try decode(bytes) == block)
    for count in 0..<bytes.count {
      #expect(throws: IndexDamage.self) { try decode(Array(bytes[..<count])) }
    }
    for index in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << UInt8(bit)
        _ = try? decode(damaged)
      }
    }
  }

  @Test func postingListsSurviveARoundTrip() throws {
    var random = SeededRandom(seed: 4)
    for count in [1, 7, 64, 65, 300] {
      for _ in 0..<30 {
        let share = Double.random(in: 0...1, using: &random)
        var set = BlockSet(count: count)
        var numbers: [UInt32] = []
        for block in 0..<count where Double.random(in: 0..<1, using: &random) < share {
          set.insert(block)
          numbers.append(UInt32(block))
        }
        #expect(
          try PostingList.decode(PostingList.encode(numbers[...], blockCount: count), blockCount: count)
            == set)
      }
    }
  }

  @Test func aSegmentTellsWhichBlocksMayMatchAndReadsThem() throws {
    try inFolder { folder in
      let sessions = (0..<20).map {
        session($0, ["common line", "needle number \($0)", $0 == 7 ? "only Here" : "x"])
      }
      try File.write(SegmentWriter.write(sessions).bytes, to: folder + "/a.segment", permissions: 0o600)
      let segment = try Segment(folder, "a.segment")
      try segment.verify()
      #expect(segment.identities == sessions.map(\.identity))
      #expect(try segment.sessions().map(\.path) == sessions.map(\.path))
      func blocks(_ pattern: String) throws -> [Int]? {
        let query = try CompiledPattern(parsing: [pattern], options: .init(caseRule: .ignored)).trigrams
        return try segment.candidates(query).map { set in (0..<20).filter { set.contains($0) } }
      }
      #expect(try blocks("only here") == [7])
      #expect(try blocks("common") == Array(0..<20))
      #expect(try blocks("absent words") == [])
      #expect(try blocks("number 1[0-3]")?.contains(12) == true)
      #expect(try blocks("x") == nil)
      #expect(try blocks("only|absent") == [7])
      let lines = try lines(of: try segment.blocks()[7], in: segment)
      #expect(lines.count == 3 && String(decoding: lines[2].text, as: UTF8.self) == "only Here")
    }
  }

  /// Whatever a byte is changed to, a segment says that it is damaged, or reads as it was.
  @Test func everyFlippedByteAndEveryPrefixIsNoticed() throws {
    try inFolder { folder in
      let whole = SegmentWriter.write((0..<3).map { session($0, ["some text \($0)", "more"]) }).bytes
      let query = try CompiledPattern(parsing: ["some text"], options: .init()).trigrams
      func look(_ bytes: [UInt8]) throws -> [[UInt8]] {
        try File.write(bytes, to: folder + "/a.segment", permissions: 0o600)
        let segment = try Segment(folder, "a.segment")
        try segment.verify()
        _ = try segment.candidates(query)
        let sessions = try segment.sessions()
        let blocks = try segment.blocks()
        return try sessions.map(\.path) + blocks.map { try lines(of: $0, in: segment).text }
      }
      let expected = try look(whole)
      for index in stride(from: 0, to: whole.count, by: 3) {
        var damaged = whole
        damaged[index] ^= 0x5A
        if let found = try? look(damaged), found != expected { Issue.record("byte \(index)") }
        if index % 9 == 0, (try? look(Array(whole[..<index]))) != nil { Issue.record("prefix \(index)") }
      }
    }
  }
}
