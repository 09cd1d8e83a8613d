import Format
import Platform
import Testing

@testable import Replay

@Suite struct ConversionTests {
  private let events = [
    Event.output(0, "one\r\n"), Event(microseconds: 1_000_000, code: .resize, text: "100x30"),
    Event(microseconds: 1_500_000, code: .input, text: "x"), .output(2, "tw\u{8}wo\r\n"), .output(3, "three"),
  ]

  private func convert(_ format: Exporter.Format, _ part: Conversion.Part = .init()) -> String {
    let header = Header(
      size: WindowSize(columns: 80, rows: 24), timestamp: Timestamp(microseconds: 1_700_000_000_000_000))
    var bytes: [UInt8] = []
    var conversion = Conversion(format, part, header, started: nil, name: nil, into: &bytes)
    for event in events { guard conversion.append(event, into: &bytes) else { break } }
    _ = conversion.finish(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func theWholeRecordingComesOutInEachFormat() {
    #expect(convert(.raw) == "\u{1B}[8;24;80tone\r\ntw\u{8}wo\r\nthree")
    #expect(convert(.txt) == "one\ntwo\nthree\n")
    #expect(convert(.v2).split(separator: "\n").count == 6)
    #expect(convert(.v3).split(separator: "\n").count == 6)
  }

  @Test func aPartBeginsWithTheRightPicture() {
    let part = Conversion.Part(start: 2_000_000, end: 2_500_000)
    #expect(convert(.raw, part) == "\u{1B}[8;24;80tone\r\ntw\u{8}wo\r\n")
    #expect(convert(.txt, part) == "two\n")
    let lines = convert(.v2, part).split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0].contains("1700000002"))
    #expect(lines[1].hasPrefix("[0"))
    #expect(!lines.contains { $0.contains("\"i\"") })
    #expect(
      convert(.txt, .init(start: 9_000_000)) == "three\n" || convert(.txt, .init(start: 9_000_000)) == "")
  }

  @Test func whatWasLostIsPutInWords() {
    var losses = Exporter(.txt).losses
    #expect(losses.words(.v2) == nil)
    losses.omittedEvents = [.input: 2, .state: 1, Event.Code(rawValue: 0x7A): 1]
    losses.replacedEvents = 1
    #expect(
      losses.words(.v2)
        == "v2 cannot hold 2 input events, 1 state event, 1 other event, the exact bytes of 1 event that are no UTF-8"
    )
  }

  @Test func anOutputFileIsThereWholeOrNotAtAll() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/out"
    do {
      let file = try OutputFile(path, overwrites: false)
      try file.write([1])
      #expect(!File.exists(path))
    }
    #expect(try File.names(in: folder.path) == [])
    let file = try OutputFile(path, overwrites: false)
    try file.write([2, 3])
    try file.keep()
    #expect(try File.read(path) == [2, 3])
    #expect(throws: ReplayError.outputExists(path)) { try OutputFile(path, overwrites: false) }
    let other = try OutputFile(path, overwrites: true)
    try other.write([4])
    try other.keep()
    #expect(try File.read(path) == [4])
    #expect(try File.names(in: folder.path) == ["out"])
  }

  @Test func sizesOfResizeEventsAreChecked() {
    #expect(WindowSize(resize: Array("100x30".utf8)) == WindowSize(columns: 100, rows: 30))
    for text in ["", "x", "1x", "0x1", "1x2x3", "70000x1", "-1x2", "999999x1", "1x٣"] {
      #expect(WindowSize(resize: Array(text.utf8)) == nil)
    }
  }
}
