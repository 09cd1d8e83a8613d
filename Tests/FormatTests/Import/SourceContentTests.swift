import Platform
import Testing

@testable import Format

@Suite struct SourceContentTests {
  static func content(_ text: String) -> SourceContent? { SourceContent(Array(text.utf8), isWhole: true) }

  static let cases: [(String, SourceContent?)] = [
    ("{\"version\": 2, \"width\": 80}", .recording(.asciicast)),
    ("\n  {\n  \"version\": 1,", .recording(.asciicast)),
    ("\u{FEFF}{\"version\":3}", .recording(.asciicast)), ("{}", .recording(.asciicast)),
    (ForeignSamples.typescript, .recording(.script)), ("[BEGIN TYPESCRIPT]\nx", .recording(.script)),
    (ForeignSamples.classicTiming, .scriptTiming), (ForeignSamples.advancedTiming, .scriptTiming),
    ("0,5 12\n", .scriptTiming), ("4 0.08 32\n", .sudoPart), ("4 1 32\n", .sudoPart),
    ("1645151020:u:root::tty:24:80\n/\nid\n", .sudoPart), ("1645151020:u:root::tty\n", .sudoPart),
    (ForeignSamples.tlog, .recording(.tlog)), (ForeignSamples.cloudWatch, .recording(.cloudWatch)),
    ("plain text\nof two lines\n", nil), ("", nil), ("12 13\n", nil), ("a\u{1B}[1mb", .recording(.raw)),
    ("\u{1B}]0;t\u{7}", .recording(.raw)), ("\u{1B}[1m\0\0\0\0\0\0", nil), ("[1,2]", nil),
    ("[{\"sessionData\":[]}]", .recording(.cloudWatch)),
  ]

  @Test func contentTellsTheFormat() {
    for (text, expected) in Self.cases { #expect(Self.content(text) == expected, "\(text.prefix(30))") }
    #expect(SourceContent(ForeignSamples.ttyrec, isWhole: true) == .recording(.ttyrec))
    #expect(SourceContent([UInt8](repeating: 0, count: 200), isWhole: true) != .recording(.raw))
  }

  @Test func ourOwnFilesAreAsciicasts() throws {
    let file = Samples.file(Samples.events)
    let read = try ForeignSamples.read(file)
    #expect(read.format == .asciicast && read.formatName == "ssmcast")
    #expect(read.events == RecordingTests.expected)
    // Found by a later member where the beginning is damaged.
    let events = Samples.events(
      of: Samples.output(byteCount: 60_000, seed: 3), pieceByteCount: 500, interval: 1000)
    var damaged = Samples.file(events, limits: MemberAssembler.Limits(textTarget: 8000, textLimit: 16_000))
    damaged[0] = 0
    let rest = try ForeignSamples.read(damaged)
    #expect(rest.format == .asciicast && rest.events.count > 50 && rest.findings.contains { $0.isDamage })
  }

  @Test func textIsRefusedUnlessItIsSaidToBeOutput() throws {
    #expect(throws: ImportError.unrecognized(name: "notes.txt")) {
      try ForeignSamples.read(Array("hello\n".utf8), name: "notes.txt")
    }
    let options = ImportOptions(format: .raw, environment: .current)
    #expect(try ForeignSamples.read(Array("hello\n".utf8), options: options).output == "hello\n")
    #expect(throws: ImportError.recording(.empty(name: "sample"))) { try ForeignSamples.read([]) }
  }

  @Test func absoluteTimesInVersion3AreRecognizedAndSaid() throws {
    let header = #"{"version":3,"term":{"cols":80,"rows":24}}"# + "\n"
    let absolute = (1...12).map { "[\(Double($0) * 1.5),\"o\",\"x\"]" }.joined(separator: "\n")
    let read = try ForeignSamples.read(Array((header + absolute).utf8))
    #expect(read.events.last?.microseconds == 18_000_000)
    #expect(read.findings.map(\.kind) == [.deviation])
    let even = (1...12).map { _ in "[1.5,\"o\",\"x\"]" }.joined(separator: "\n")
    #expect(try ForeignSamples.read(Array((header + even).utf8)).events.last?.microseconds == 18_000_000)
    #expect(try ForeignSamples.read(Array((header + even).utf8)).findings == [])
    let hinted =
      #"{"version":3,"term":{"cols":80,"rows":24},"width":80,"height":24}"#
      + "\n[0.5,\"o\",\"\"]\n[1,\"o\",\"\"]\n[2,\"o\",\"\"]"
    #expect(try ForeignSamples.read(Array(hinted.utf8)).events.last?.microseconds == 2_000_000)
  }
}
