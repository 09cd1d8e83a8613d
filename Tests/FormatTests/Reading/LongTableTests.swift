import Platform
import Testing

@testable import Format

/// A file made by the letter of `docs/format.md`, by hand: more members than the end's table holds.
@Suite struct LongTableTests {
  static let memberCount = 2000

  /// Header, `memberCount` members of one event each, two table members, the end.
  static func file() -> [UInt8] {
    var file: [UInt8] = []
    var chain = [UInt8](repeating: 0, count: 32)
    var last: [UInt8] = []
    var entries: [MemberTable.Entry] = []
    func add(_ contents: Seal.Contents, _ text: String) {
      var seal = Seal(contents: contents)
      if !last.isEmpty {
        chain = SHA256.hash(chain + last + seal.fields)
        seal.chain = chain
      }
      let bytes = Array(text.utf8)
      // One stored block (RFC 1951 §3.2.4), or the empty fixed one.
      let stored = [1, UInt8(bytes.count), 0, ~UInt8(bytes.count), 0xFF] + bytes
      last =
        GzipHeader.encode(seal: seal.encoded) + (bytes.isEmpty ? [3, 0] : stored) + GzipTrailer.encode(bytes)
      file += last
    }
    for number in 0..<memberCount {
      let header = number == 0 ? #"{"version":3,"term":{"cols":80,"rows":24}}"# + "\n" : ""
      let text = header + "[1,\"o\",\"x\"]\n"
      let time = Int64(number) * 1_000_000
      add(
        number == 0
          ? .first(Seal.First(recording: Samples.recording, started: 0, size: Samples.size))
          : .events(
            Seal.Events(
              recording: Samples.recording, number: number, started: 0, microseconds: time,
              size: Samples.size,
              previousByteCount: Int64(last.count))), text)
      entries.append(
        MemberTable.Entry(
          byteCount: last.count, microseconds: time, textByteCount: text.utf8.count, eventCount: 1,
          outputByteCount: 1))
    }
    let tablesStart = file.count
    add(.table(Seal.Table(entries: Array(entries[..<1500]))), "")
    add(.table(Seal.Table(entries: Array(entries[1500...]))), "")
    add(
      .end(
        Seal.End(
          memberCount: memberCount, microseconds: Int64(memberCount) * 1_000_000, eventCount: memberCount,
          outputByteCount: Int64(memberCount), reason: .closed, entries: [],
          tableByteCount: Int64(file.count - tablesStart))), "")
    return file
  }

  @Test func aLongTableIsReadFromItsMembersAndUsedToSeek() throws {
    let file = Self.file()
    let reader = try RecordingReader(file, name: "long")
    #expect(reader.summary?.memberCount == Self.memberCount)
    try reader.seek(toMicroseconds: 1_800_000_000)
    #expect(try reader.nextEvent()?.microseconds == 1_800_000_000)
    #expect(reader.byteOffset > Int64(file.count / 2))
    let (events, findings) = try Samples.read(file)
    #expect(events.count == Self.memberCount)
    #expect(events.last?.microseconds == 2_000_000_000)
    #expect(findings == [])
  }

  @Test func aTableThatDoesNotFitIsNotUsed() throws {
    var file = Self.file()
    let table = try #require(try EndLocator.locate(InputWindow(file, name: "long"))?.table)
    let members = table.entries.reduce(0) { $0 + $1.byteCount }
    file[members + 19] ^= 1  // the first entry's length
    let reader = try RecordingReader(file, name: "long")
    #expect(reader.findings.map(\.kind) == [.badTable])
    try reader.seek(toMicroseconds: 1_800_000_000)
    #expect(try reader.nextEvent()?.microseconds == 1_800_000_000)
  }
}
