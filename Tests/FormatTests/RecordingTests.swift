import Platform
import Testing

@testable import Format

/// Events before the first one that waits for the next flush: what a reader of a prefix must give back.
@Suite struct RecordingTests {
  /// What comes back of `Samples.events`: times in ms, a cut character with its second half.
  static let expected: [Event] = {
    var events = Samples.events
    events[1].microseconds = 500_000
    events[2] = Event(microseconds: 1_001_000, code: .output, bytes: [0x1B, 0x5B, 0x33, 0x31, 0x6D])
    events[3].bytes = [0xE2, 0x94, 0x80, 0x0D, 0x0A]
    return events
  }()

  @Test func aRecordingComesBackWhole() throws {
    let reader = try RecordingReader(Samples.file(Samples.events), name: "sample")
    #expect(reader.container == .sealed)
    #expect(reader.header == Samples.header)
    #expect(reader.started == Samples.started)
    #expect(reader.recording == Samples.recording)
    #expect(reader.summary?.reason == .closed)
    #expect(reader.summary?.microseconds == 5_000_000)
    var events: [Event] = []
    while let event = try reader.nextEvent() { events.append(event) }
    #expect(events == Self.expected)
    #expect(reader.findings == [])
    #expect(reader.summary?.eventCount == events.count)
  }

  @Test func aLongRecordingComesBackWholeWithItsMembersAndChain() throws {
    let bytes = Samples.output(byteCount: 150_000, seed: 1)
    for options in [RecordingWriter.Options.live, .import] {
      let file = Samples.file(
        Samples.events(of: bytes, pieceByteCount: 200, interval: 100_000), options: options,
        limits: Samples.smallMembers)
      let reader = try RecordingReader(file, name: "sample")
      var output: [UInt8] = []
      while let event = try reader.nextEvent() { output += event.bytes }
      #expect(output == bytes)
      #expect(reader.findings == [])
      #expect((reader.summary?.memberCount ?? 0) >= 3)
    }
  }

  @Test func charactersThatNeverEndAreNotLostAtClose() throws {
    let file = Samples.file([Event(microseconds: 10_000, code: .input, bytes: [0x41, 0xF0, 0x9F])])
    let (events, findings) = try Samples.read(file)
    #expect(Samples.bytes(.input, of: events) == [0x41, 0xF0, 0x9F])
    #expect(findings == [])
  }

  @Test func veryLongEventsComeInPieces() throws {
    let bytes =
      [UInt8](repeating: 0x1B, count: 700_000) + Array(repeating: Array("é".utf8), count: 100_000).joined()
    let file = Samples.file([Event(microseconds: 0, code: .marker, bytes: bytes)], options: .import)
    let (events, findings) = try Samples.read(file)
    #expect(events.count == 4)
    #expect(events.allSatisfy { $0.bytes.count <= MemberAssembler.pieceByteCount })
    #expect(Samples.bytes(.marker, of: events) == bytes)
    #expect(findings == [])
  }

  @Test func everyPrefixGivesBackWhatWasFlushedBeforeTheCut() throws {
    let events = Samples.events(
      of: Samples.output(byteCount: 3000, seed: 2), pieceByteCount: 100, interval: 400_000)
    var file: [UInt8] = []
    var flushes: [(byteCount: Int, output: [UInt8])] = [(0, [])]
    for step in Samples.steps(events, options: .live, closing: nil) {
      step.apply(to: &file)
      flushes.append((file.count, Samples.bytes(.output, of: try Samples.read(file).events)))
    }
    #expect(flushes.last?.output.count ?? 0 > 2500)
    var wrong = 0
    for length in 1..<file.count {
      let expected = flushes.last { $0.byteCount <= length }?.output ?? []
      do {
        let (events, findings) = try Samples.read(Array(file.prefix(length)))
        if !Samples.bytes(.output, of: events).starts(with: expected) { wrong += 1 }
        if !findings.contains(where: { $0.kind == .unfinished }) { wrong += 1 }
      } catch is FormatError {
        if !expected.isEmpty { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }

  @Test func everyPrefixOfAFinishedFileIsReadAndCalledUnfinished() throws {
    let file = Samples.file(Samples.events)
    for length in 1..<file.count {
      guard let read = try? Samples.read(Array(file.prefix(length))) else { continue }
      #expect(read.findings.contains { $0.kind == .unfinished }, "length \(length)")
      #expect(read.events.count <= Self.expected.count)
    }
  }

  @Test func everyFlippedBitIsSurvivedAndNoticed() throws {
    let file = Samples.file(Samples.events)
    var unnoticed: [Int] = []
    for index in file.indices {
      for bit in 0..<8 {
        var damaged = file
        damaged[index] ^= 1 << UInt8(bit)
        guard let read = try? Samples.read(damaged) else { continue }
        if read.findings.isEmpty { unnoticed.append(index * 8 + bit) }
      }
    }
    #expect(unnoticed == [])
  }

  @Test func randomBytesNeverCrashTheReader() {
    var numbers = Samples.Numbers(state: 3)
    let file = Samples.file(Samples.events)
    for round in 0..<2000 {
      var bytes = (0..<Int.random(in: 1...400, using: &numbers)).map { _ in
        UInt8.random(in: 0...255, using: &numbers)
      }
      if round % 2 == 0 { bytes = Array(file.prefix(Int.random(in: 1...120, using: &numbers))) + bytes }
      _ = try? Samples.read(bytes)
    }
  }

  @Test func damageInTheMiddleCostsOnlyItsMember() throws {
    let bytes = Samples.output(byteCount: 100_000, seed: 4)
    var file = Samples.file(
      Samples.events(of: bytes, pieceByteCount: 50, interval: 50_000), options: .import,
      limits: Samples.smallMembers)
    let whole = try Samples.read(file).events
    let table = try #require(try EndLocator.locate(InputWindow(file, name: "sample"))?.table)
    let place = table.entries[0].byteCount + table.entries[1].byteCount / 2
    for index in place..<place + 50 { file[index] ^= 0x5A }
    let (events, findings) = try Samples.read(file)
    #expect(findings.map(\.kind) == [.damaged])
    #expect(findings.first?.member == 1)
    #expect(findings.first?.offset == Int64(table.entries[0].byteCount))
    #expect(findings.first?.microseconds == table.entries[1].microseconds...table.entries[2].microseconds)
    let kept = table.entries[0].eventCount
    #expect(Array(events.prefix(kept)) == Array(whole.prefix(kept)))
    let tail = whole.suffix(whole.count - kept - table.entries[1].eventCount)
    #expect(Array(events.suffix(tail.count)) == Array(tail))
  }

  @Test func membersCannotBeDroppedSwappedOrMovedUnseen() throws {
    let events = Samples.events(
      of: Samples.output(byteCount: 80_000, seed: 5), pieceByteCount: 50, interval: 50_000)
    let file = Samples.file(events, options: .import, limits: Samples.smallMembers)
    let table = try #require(try EndLocator.locate(InputWindow(file, name: "sample"))?.table)
    var parts: [[UInt8]] = []
    var rest = file[...]
    for entry in table.entries {
      parts.append(Array(rest.prefix(entry.byteCount)))
      rest = rest.dropFirst(entry.byteCount)
    }
    let end = Array(rest)
    let dropped = try Samples.read(Array((parts[0] + parts.dropFirst(2).joined() + end)))
    #expect(dropped.findings.contains { $0.kind == .missing && $0.member == 1 })
    let swapped = try Samples.read(Array(parts[0] + parts[2] + parts[1] + parts.dropFirst(3).joined() + end))
    #expect(swapped.findings.contains { $0.kind == .missing })
    #expect(swapped.findings.contains { $0.kind == .foreign })
    let doubled = try Samples.read(Array(parts[0] + parts[0] + parts.dropFirst(1).joined() + end))
    #expect(doubled.events.count == events.count)
  }

  @Test func anAlteredMemberWithARightChecksumIsNoticed() throws {
    let events = Samples.events(
      of: Samples.output(byteCount: 60_000, seed: 6), pieceByteCount: 50, interval: 50_000)
    let file = Samples.file(events, options: .import, limits: Samples.smallMembers)
    let entry = try #require(try EndLocator.locate(InputWindow(file, name: "sample"))?.table?.entries[0])
    let header = try GzipHeader(parsing: file, at: 0)
    let reader = MemberReader(window: InputWindow(file, name: "sample"), recording: Samples.recording)
    var text = try reader.inflate(header).text
    text[text.count - 4] ^= 1
    let forged =
      Array(file[..<header.byteCount]) + MemberCompressor().deflate(text, level: 9) + GzipTrailer.encode(text)
    let findings = try Samples.read(forged + file[entry.byteCount...]).findings
    #expect(findings.contains { $0.kind == .altered && $0.member == 0 })
  }

  @Test func seekingGoesToTheFirstEventAtOrAfterATime() throws {
    let events = Samples.events(
      of: Samples.output(byteCount: 80_000, seed: 7), pieceByteCount: 50, interval: 50_000)
    let file = Samples.file(events, options: .import, limits: Samples.smallMembers)
    let reader = try RecordingReader(file, name: "sample")
    for time in [0, 49_999, 50_000, 30_000_000, 10_000_001, 78_000_000, 20_000_000] as [Int64] {
      try reader.seek(toMicroseconds: time)
      let expected = events.first { $0.microseconds >= time }
      #expect(try reader.nextEvent()?.microseconds == expected?.microseconds)
    }
    try reader.seek(toMicroseconds: .max)
    #expect(try reader.nextEvent() == nil)
    try reader.seek(toMicroseconds: 0)
    #expect(try reader.nextEvent() == events.first)
  }

  @Test func aTableOfManyMembersIsFoundInItsOwnMembers() throws {
    var table = MemberTable()
    for number in 0..<4000 {
      table.entries.append(
        MemberTable.Entry(
          byteCount: 40_000 + number, microseconds: Int64(number) * 1_000_000, textByteCount: 500_000,
          eventCount: 1000, outputByteCount: 400_000))
    }
    let seal = Seal(
      contents: .table(Seal.Table(entries: Array(table.entries.prefix(1500)))), chain: Seal.zeroChain)
    let parsed = try Seal.parse(seal.encoded)
    #expect(parsed.seal == seal)
    #expect(seal.encoded.count < 65_000)
    #expect(parsed.fields == seal.fields)
  }
}
