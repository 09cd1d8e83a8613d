import Platform
import Testing

@testable import Format

@Suite struct TlogReaderTests {
  static let lax = ImportOptions(isLax: true, environment: .current)

  @Test func textAndBytesAreTakenByTurns() throws {
    let read = try ForeignSamples.read(Array(ForeignSamples.tlog.utf8))
    #expect(read.format == .tlog)
    #expect(read.header.size == WindowSize(columns: 80, rows: 24) && read.header.terminalType == "xterm")
    #expect(read.codes == "oiroio" || read.codes == "oiroOi" || read.codes == "oirooi", "\(read.codes)")
    #expect(read.events[0].bytes == [0x61, 0x62, 200, 201, 0x63])
    #expect(read.events[1].text == "l€\r")
    #expect(read.events[2].text == "100x30" && read.events[3].text == "é")
    #expect(read.events[5].bytes == [255])
    #expect(read.times == [10_000, 10_000, 15_000, 15_000, 345_000, 345_000])
    #expect(read.started?.microseconds == 1_512_942_573_250_000)
    #expect(read.header.session?["session_id"]?.string == "e84-22c2")
    #expect(read.findings == [])
  }

  @Test func aGapIsRefusedUnlessItIsAllowed() throws {
    let gap = Array(ForeignSamples.tlog.utf8String.replacing("\"id\":2", "\"id\":5").utf8)
    #expect {
      try ForeignSamples.read(gap)
    } throws: { error in
      guard case ImportError.refused(_, .line(2), let cause) = error else { return false }
      return cause.contains("messages 2 to 4 are missing") && cause.contains("--lax")
    }
    let read = try ForeignSamples.read(gap, options: Self.lax)
    #expect(read.findings.map(\.kind) == [.missing])
    #expect(read.codes == "oirosoi")
  }

  @Test func otherWrappingsAreSeenThrough() throws {
    let lines = ForeignSamples.tlog.split(separator: "\n").map(String.init)
    let wholes = [
      lines.map { "Nov 21 08:00:00 box tlog-rec-session[7]: " + $0 }.joined(separator: "\n"),
      lines.map { JSON.object([JSON.Member("PRIORITY", "6"), JSON.Member("MESSAGE", .string($0))]).text }
        .joined(separator: "\n"),
    ]
    for text in wholes {
      let read = try ForeignSamples.read(
        Array(text.utf8), options: ImportOptions(format: .tlog, environment: .current))
      #expect(read.events.count == 6 && read.findings == [])
    }
    #expect(try ForeignSamples.read(Array(wholes[0].utf8)).format == .tlog)
  }

  @Test func whatIsWrongIsToldWithItsLine() throws {
    let cases: [(String, String, Finding.Kind)] = [
      ("\"timing\":\"+0>4", "\"timing\":\"+0>5", .badLine), ("\"timing\":\"+0>4", "\"timing\":\"?", .badLine),
      ("\"id\":2", "\"id\":\"x\"", .badLine),
      (
        "e84-22c2\",\"user\":\"john\",\"term\":\"xterm\",\"session\":324,\"id\":2", "other\",\"id\":1",
        .foreign
      ),
      ("\"id\":2", "\"id\":1", .deviation), ("\"pos\":345", "\"pos\":1", .timeStepsBack),
    ]
    for (old, new, kind) in cases {
      let read = try ForeignSamples.read(Array(ForeignSamples.tlog.utf8String.replacing(old, new).utf8))
      #expect(read.findings.first?.kind == kind && read.findings.first?.line == 2, "\(new): \(read.findings)")
    }
    let version = ForeignSamples.tlog.utf8String.replacing("\"ver\":\"2.3\"", "\"ver\":\"3.0\"")
    #expect(
      throws: ImportError.refused(
        name: "sample", .line(1), cause: "tlog's format version 3.0 is not known (1 and 2 are)")
    ) { try ForeignSamples.read(Array(version.utf8)) }
  }
}

extension String {
  var utf8String: String { self }

  /// The text with each `old` replaced.
  func replacing(_ old: String, _ new: String) -> String {
    var bytes = Array(utf8)
    var index = 0
    while let found = ByteSearch.first(Array(old.utf8), in: bytes, from: index) {
      bytes.replaceSubrange(found..<found + old.utf8.count, with: new.utf8)
      index = found + new.utf8.count
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
