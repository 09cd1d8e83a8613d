import Platform
import Testing

@testable import Format

@Suite struct SealTests {
  static let chain = Array(repeating: UInt8(7), count: 32)
  static let entry = MemberTable.Entry(
    byteCount: 50_000, microseconds: 12_345_678, textByteCount: 524_288, eventCount: 4321,
    outputByteCount: 400_000)
  static let seals: [Seal] = [
    Seal(
      contents: .first(
        Seal.First(recording: Samples.recording, started: 1_763_700_000_123_456, size: Samples.size))),
    Seal(
      contents: .events(
        Seal.Events(
          recording: Samples.recording, number: 300, started: 0, microseconds: 5_000_000_000,
          size: WindowSize(columns: 65_535, rows: 0), previousByteCount: 70_000)), chain: chain),
    Seal(contents: .table(Seal.Table(entries: [entry, entry])), chain: chain),
    Seal(
      contents: .end(
        Seal.End(
          memberCount: 2, microseconds: 1, eventCount: 0, outputByteCount: 9, reason: .failed,
          entries: [entry, entry], tableByteCount: 0)), chain: chain,
      signature: Array(repeating: 9, count: 64)),
    Seal(
      contents: .end(
        Seal.End(
          memberCount: 1000, microseconds: 1, eventCount: 5, outputByteCount: 9, reason: .imported,
          entries: [],
          tableByteCount: 12_345)), chain: chain),
  ]

  @Test func sealsSurviveARoundTripAndIgnoreWhatLaterVersionsAdd() throws {
    for seal in Self.seals {
      let (again, fields) = try Seal.parse(seal.encoded)
      #expect(again == seal)
      #expect(fields == seal.fields)
      #expect(try Seal.parse(seal.encoded + [1, 2, 3]).seal.fields == seal.fields)
    }
  }

  @Test func cutOffAndForeignSealsAreRefused() {
    for seal in Self.seals {
      for length in 0..<seal.encoded.count {
        #expect(throws: Seal.Problem.malformed) { try Seal.parse(Array(seal.encoded.prefix(length))) }
      }
    }
    #expect(throws: Seal.Problem.unknownLayout(2)) { try Seal.parse([0x20, 1, 2]) }
    #expect(throws: Seal.Problem.malformed) { try Seal.parse([0x17] + Self.chain) }
    // A table that claims a million entries is not believed before they are there.
    #expect(throws: Seal.Problem.malformed) { try Seal.parse([0x12, 0x80, 0x80, 0x40] + Self.chain) }
  }

  /// The bytes of section 4, so that no change of the code changes the format unseen.
  @Test func theFirstSealHasTheBytesOfTheSpecification() {
    #expect(
      Self.seals[0].encoded.hexadecimal
        == "10" + "000102030405060708090a0b0c0d0e0f" + "c0d4fdbfb6829103" + "50" + "18")
    #expect(
      GzipHeader.encode(seal: [1, 2]).hexadecimal == "1f8b080400000000" + "02ff" + "0600" + "5343" + "0200"
        + "0102")
  }

  @Test func varintsAreShortestAndBounded() {
    for value in [0, 1, 127, 128, 300, 1 << 20, Int64.max] as [Int64] {
      var bytes: [UInt8] = []
      bytes.append(varint: value)
      var reader = ByteReader(bytes)
      let again = try? reader.varint()
      #expect(again == value)
      #expect(reader.remaining == 0)
    }
    for bytes in [[0x80], [0x80, 0x00], [0xFF, 0x00], Array(repeating: 0xFF, count: 10)] as [[UInt8]] {
      var reader = ByteReader(bytes)
      let value = try? reader.varint()
      #expect(value == nil)
    }
  }
}
