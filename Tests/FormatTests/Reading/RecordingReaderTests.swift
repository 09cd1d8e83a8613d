import Platform
import Testing

@testable import Format

/// Sources that are not ours, and sources that mean harm.
@Suite struct RecordingReaderTests {
  static let v2 =
    #"{"version": 2, "width": 80, "height": 24}"# + "\n[0.5, \"o\", \"a\"]\n\n[1.5, \"o\", \"b\"]"
  static let v3 =
    "\u{FEFF}" + #"{"version":3,"term":{"cols":80,"rows":24}}"#
    + "\r\n# comment\r\n[0.5,\"o\",\"a\"]\r\n[1,\"o\",\"b\"]\r\n"
  static let v1 =
    "{\n \"version\": 1, \"width\": 80, \"height\": 24,\n \"stdout\": [\n[0.5, \"a\"],\n[1.0, \"b\"]]}"

  static func gzip(_ text: [UInt8]) -> [UInt8] {
    [0x1F, 0x8B, 8, 8, 1, 2, 3, 4, 2, 3] + Array("name.cast\0".utf8)
      + MemberCompressor().deflate(text, level: 6) + GzipTrailer.encode(text)
  }

  @Test func everyVersionReadsAlikePlainAndCompressed() throws {
    let expected = [
      Event(microseconds: 500_000, code: .output, text: "a"),
      Event(microseconds: 1_500_000, code: .output, text: "b"),
    ]
    for (version, text) in [(2, v2), (3, v3), (1, v1)].map({ ($0.0, Array($0.1.utf8)) }) {
      for bytes in [
        text, Self.gzip(text), Self.gzip(Array(text.prefix(30))) + Self.gzip(Array(text.dropFirst(30))),
      ] {
        let reader = try RecordingReader(bytes, name: "x")
        #expect(reader.asciicastVersion == version)
        #expect(reader.container == (bytes == text ? .plain : .gzip))
        var events: [Event] = []
        while let event = try reader.nextEvent() { events.append(event) }
        #expect(events == expected)
        #expect(reader.findings == [])
        try reader.seek(toMicroseconds: 1_000_000)
        #expect(try reader.nextEvent() == expected[1])
        try reader.seek(toMicroseconds: 0)
        #expect(try reader.nextEvent() == expected[0])
      }
    }
  }

  private var v1: String { Self.v1 }
  private var v2: String { Self.v2 }
  private var v3: String { Self.v3 }

  @Test func cutAndDamagedGzipIsToldAndReadAsFarAsItGoes() throws {
    let text =
      Array((Self.v2 + "\n").utf8) + (0..<2000).flatMap { Array("[\($0 + 2), \"o\", \"line \($0)\"]\n".utf8) }
    let whole = Self.gzip(text)
    let cut = try Samples.read(Array(whole.dropLast(500)))
    #expect(cut.events.count > 1000)
    #expect(cut.findings.map(\.kind).contains(.unfinished))
    var wrong = whole
    wrong[whole.count - 6] ^= 1
    #expect(try Samples.read(wrong).findings.map(\.kind) == [.damaged])
    #expect(try Samples.read(whole + [1, 2, 3]).findings.map(\.kind) == [.trailingBytes])
    for index in stride(from: 0, to: whole.count, by: 131) {
      var damaged = whole
      damaged[index] ^= 0x40
      _ = try? Samples.read(damaged)
    }
  }

  static let refused: [(String, FormatError)] = [
    ("", .empty(name: "x")),
    (
      "hello\n",
      .notARecording(
        name: "x", line: 1,
        cause:
          "it begins as none of the formats that are known: asciicast, ttyrec, script, sudo, tlog, CloudWatch"
      )
    ),
    ("{\"version\": 9}\n", .unknownVersion(name: "x", version: "9")),
    ("{\"a\": 1}\n", .notARecording(name: "x", line: 1, cause: "the header has no \"version\"")),
    (
      "{\"version\": 2}\n",
      .notARecording(name: "x", line: 1, cause: "the header's terminal size is missing or no size")
    ),
    (
      "{\"version\": 1, \"width\": 1, \"height\": 1}\n",
      .notARecording(name: "x", line: 1, cause: "this asciicast v1 has no \"stdout\"")
    ),
    (
      "{\n\"version\": 2, \"width\": 1, \"height\": 1}\n",
      .notARecording(name: "x", line: 1, cause: "an asciicast v2 header must stand on one line")
    ),
  ]

  @Test func whatIsNoRecordingIsRefusedWithItsCause() {
    for (text, error) in Self.refused {
      #expect(throws: error) { try RecordingReader(Array(text.utf8), name: "x") }
    }
    #expect(throws: FormatError.cannotOpen(path: "/nonexistent/x", .noSuchFile)) {
      try RecordingReader(path: "/nonexistent/x")
    }
    let newer = GzipHeader.encode(seal: [0x20, 1, 2, 3]) + GzipTrailer.emptyBody
    #expect(throws: FormatError.unknownLayout(name: "x", layout: 2)) { try RecordingReader(newer, name: "x") }
  }

  @Test func badLinesAndTimesAreFindingsWithLineNumbers() throws {
    let text =
      Self.v2 + "\nlol!\n[1.0, \"o\", \"c\"]\n[9999999999999, \"o\", \"d\"]\n[2.0, \"b\", \"AA==\"]\n"
    let (events, findings) = try Samples.read(Array(text.utf8))
    #expect(events.map(\.text) == ["a", "b", "c", "AA=="])
    #expect(events.map(\.microseconds) == [500_000, 1_500_000, 1_500_000, 2_000_000])
    #expect(findings.map(\.kind) == [.badLine, .timeStepsBack, .badLine])
    #expect(findings.map(\.line) == [5, 6, 7])
  }

  @Test func exactBytesThatFitNothingAreDamageInOurFiles() throws {
    let header = #"{"version":3,"term":{"cols":80,"rows":24},"ssm":{}}"# + "\n"
    let (events, findings) = try Samples.read(Array((header + "[0,\"o\",\"a\"]\n[0,\"b\",\"/w==\"]\n").utf8))
    #expect(events.map(\.text) == ["a"])
    #expect(findings.map(\.kind) == [.badLine])
  }

  @Test func findingsAreBounded() throws {
    let (_, findings) = try Samples.read(Array((Self.v2 + "\n" + String(repeating: "x\n", count: 3000)).utf8))
    #expect(findings.count == 1000)
  }

  @Test func aMemberThatInflatesWithoutEndStopsAtTheLimit() throws {
    let seal = Seal(
      contents: .first(Seal.First(recording: Samples.recording, started: 0, size: Samples.size)))
    var text = Array((#"{"version":3,"term":{"cols":80,"rows":24}}"# + "\n[0,\"o\",\"a\"]\n").utf8)
    text += [UInt8](repeating: 0x20, count: 20 << 20)
    let bomb =
      GzipHeader.encode(seal: seal.encoded) + MemberCompressor().deflate(text, level: 1)
      + GzipTrailer.encode(text)
    let (events, findings) = try Samples.read(bomb)
    #expect(events.count == 1)
    #expect(findings.map(\.kind) == [.overLimit, .unfinished])
  }

  @Test func aLineBeyondTheLimitIsSkipped() throws {
    let long = "[0,\"o\",\"" + String(repeating: "x", count: 17 << 20) + "\"]\n"
    let text = Array(
      (#"{"version":3,"term":{"cols":80,"rows":24}}"# + "\n" + long + "[1,\"o\",\"a\"]\n").utf8)
    let (events, findings) = try Samples.read(text)
    #expect(events.map(\.text) == ["a"])
    #expect(findings.map(\.kind) == [.overLimit])
  }
}
