import Platform
import Testing

@testable import Format

/// What goes out in a format comes back from it, exactly where the format can hold it.
@Suite struct RoundTripTests {
  struct Exported {
    var main: [UInt8]
    var companions: Exporter.Companions
    var losses: Exporter.Losses
  }

  static func export(
    _ format: Exporter.Format, _ header: Header, _ events: [Event], started: Timestamp? = nil
  ) -> Exported {
    var exporter = Exporter(format, name: "name")
    var bytes: [UInt8] = []
    exporter.begin(header, started: started, into: &bytes)
    for event in events { exporter.append(event, into: &bytes) }
    exporter.finish(into: &bytes)
    return Exported(main: bytes, companions: exporter.companions, losses: exporter.losses)
  }

  static func readScript(_ exported: Exported) throws -> ForeignSamples.Result {
    let input = exported.companions.input
    return try ForeignSamples.read(
      try ScriptReader(
        data: try ForeignSamples.source(exported.main),
        timing: try ForeignSamples.source(exported.companions.timing),
        input: input.isEmpty ? nil : try ForeignSamples.source(input)), .script)
  }

  /// Output with bytes that are no UTF-8, cut characters, empty events, times in microseconds.
  static let output: [Event] = [
    Event(microseconds: 1, code: .output, text: "$ \u{1B}[1m\"q\"\\"),
    Event(microseconds: 1, code: .output, text: ""),
    Event(microseconds: 2_500_003, code: .output, bytes: [0xFF, 0x00, 0xE2, 0x94]),
    Event(microseconds: 3_999_999, code: .output, bytes: [0x80, 0x0A]),
    Event(microseconds: 86_400_000_000, code: .output, text: "é😀\nScript done on x\n"),
  ]

  @Test func ttyrecHoldsOutputToTheByteAndMicrosecond() throws {
    let header = Header(size: Samples.size, timestamp: Samples.started)
    let exported = Self.export(.ttyrec, header, Self.output, started: Samples.started)
    #expect(exported.losses.isEmpty)
    let read = try ForeignSamples.read(exported.main)
    #expect(read.events == Self.output && read.findings == [])
    #expect(read.started == Samples.started && read.header.size == Samples.size)
  }

  @Test func scriptHoldsOutputInputSizesSignalsAndTheStatus() throws {
    let events =
      Self.output.filter { !$0.bytes.isEmpty } + [
        Event(microseconds: 86_400_000_001, code: .input, text: "ls\r"),
        Event(microseconds: 86_400_000_002, code: .resize, text: "132x50"),
        Event(microseconds: 86_400_000_003, code: .state, text: #"{"state":"signal","signal":"SIGTERM"}"#),
        Event(microseconds: 86_400_000_003, code: .input, text: "x"),
        Event(microseconds: 86_401_000_000, code: .exit, text: "130"),
      ]
    var header = Header(
      size: Samples.size, timestamp: Samples.started, command: "vi \"a b\"", terminalType: "xterm")
    header.timestamp = Timestamp(microseconds: Samples.started.seconds * 1_000_000)
    let exported = Self.export(.script, header, events)
    #expect(exported.losses.isEmpty)
    let read = try Self.readScript(exported)
    #expect(read.events == events && read.findings == [])
    #expect(read.header == header)
  }

  @Test func classicScriptHoldsOutputAndTheStatusAndCountsTheRest() throws {
    let exported = Self.export(.scriptClassic, Samples.header, Samples.events)
    #expect(
      exported.losses.omittedEvents == [
        .input: 1, .resize: 1, .state: 1, .marker: 1, Event.Code(rawValue: UInt8(ascii: "z")): 1,
      ])
    #expect(exported.losses.mergedEvents == 1)
    #expect(
      exported.losses.omittedFacts == [
        "title", "environment", "idle time limit", "session", "other keys",
      ])
    let read = try Self.readScript(exported)
    #expect(read.codes == "oooox")
    let shown = Samples.events.filter { $0.code == .output || $0.code == .standardError }.flatMap(\.bytes)
    #expect(Samples.bytes(.output, of: read.events) == shown)
  }

  @Test func version1HoldsTextAndMicroseconds() throws {
    let events = Self.output.filter { $0.microseconds < 2 || $0.microseconds > 4_000_000 }
    let header = Header(
      size: Samples.size, title: "t", command: "c", terminalType: "xterm",
      environment: [Header.Variable("TERM", "xterm")])
    let exported = Self.export(.v1, header, events)
    #expect(exported.losses.isEmpty)
    let reader = try RecordingReader(exported.main, name: "v1")
    #expect(reader.asciicastVersion == 1 && reader.header == header)
    var read: [Event] = []
    while let event = try reader.nextEvent() { read.append(event) }
    #expect(read == events)
    #expect(Self.export(.v1, header, Self.output).losses.replacedEvents == 1)
    #expect(try JSON(parsing: Self.export(.v1, header, []).main)["duration"]?.integer == 0)
  }

  /// Sources whose bytes come back from our recording unchanged.
  static let sources: [(Exporter.Format, [UInt8])] = [
    (.ttyrec, ForeignSamples.ttyrec), (.ttyrec, ForeignSamples.frame(7, "\u{1B}[8;30;100tx")),
    (.ttyrec, ForeignSamples.frame(7, "no size") + ForeignSamples.frame(7, "")),
    (.ttyrec, ForeignSamples.frame(0x1_2345_6789 * 1_000_000 + 5, "late")),
    (.raw, Array("\u{1B}[8;30;100tx\u{1B}[1my".utf8)), (.raw, Array("x\u{1B}[1my".utf8)),
    (.raw, Array("\u{1B}[8;030;100tx".utf8)),
  ]

  @Test func importingAndExportingGivesTheSameFile() throws {
    for (format, bytes) in Self.sources {
      let importer = try Importer(bytes, name: "source")
      let folder = try SourceSetTests.Folder([:])
      let path = folder.path + "/r.cast.gz"
      _ = try importer.write(
        to: try File.open(path, for: .creating(permissions: 0o600)), recording: .random())
      let reader = try RecordingReader(path: path)
      var events: [Event] = []
      while let event = try reader.nextEvent() { events.append(event) }
      let exported = Self.export(format, reader.header, events, started: reader.started)
      #expect(exported.main == bytes, "\(format): \(String(decoding: bytes.prefix(40), as: UTF8.self))")
    }
  }

  @Test(.enabled(if: CorpusTests.folder != nil, CorpusTests.isAbsent))
  func ttyrecsAndVersion1FilesOfTheCorpusComeBack() throws {
    for entry in try CorpusTests.entries() {
      let format: Exporter.Format? =
        entry.format == "ttyrec" ? .ttyrec : entry.format == "asciicast-v1" ? .v1 : nil
      guard let format else { continue }
      let read = try ForeignSamples.read(try SourceReader(path: entry.path, options: ForeignSamples.options))
      let exported = Self.export(format, read.header, read.events, started: read.started)
      let bytes = try File.read(entry.path)
      if format == .ttyrec {
        #expect(bytes.starts(with: exported.main), "\(entry.path)")
        #expect(exported.main.count == bytes.count || !read.findings.isEmpty)
      } else {
        let again = try ForeignSamples.read(exported.main)
        #expect(again.events == read.events && again.header == read.header, "\(entry.path)")
      }
    }
  }
}
