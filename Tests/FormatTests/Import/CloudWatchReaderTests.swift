import Platform
import Testing

@testable import Format

@Suite struct CloudWatchReaderTests {
  @Test func eventsComeInTheOrderOfTheirTimes() throws {
    let read = try ForeignSamples.read(Array(ForeignSamples.cloudWatch.utf8))
    #expect(read.format == .cloudWatch)
    #expect(read.events.map(\.text) == ["first\r\n", "second\r\nthird\r\n"])
    #expect(read.times == [0, 2_000_000])
    #expect(read.started == WallClockText.parse("2026-11-21T08:00:00Z"))
    let session = read.header.session
    #expect(session?["session_id"]?.string == "jo-0a1b" && session?["target"]?.string == "i-0123")
    #expect(session?["owner"]?.string == "arn:aws:iam::1:user/jo" && session?["run_as"]?.string == "ssm-user")
    #expect(read.findings == [])
  }

  @Test func whatTheCommandLinePrintsIsReadToo() throws {
    let lines = ForeignSamples.cloudWatch.split(separator: "\n").map(String.init)
    let events = lines.enumerated().map { index, line in
      ["timestamp": JSON(1_795_248_000_000 + index), "message": .string(line), "ingestionTime": JSON(index)]
        as JSON
    }
    let document: JSON = ["events": .array(events), "nextForwardToken": "f/1"]
    for text in [document.text, document.indentedText(), JSON.array(events).text] {
      let read = try ForeignSamples.read(Array(text.utf8))
      #expect(read.format == .cloudWatch && read.output == "first\r\nsecond\r\nthird\r\n")
    }
    let chunks: JSON = ["events": [["timestamp": 1_000, "message": "a\n\u{1B}[1mb\r\n"]]]
    #expect(try ForeignSamples.read(Array(chunks.text.utf8)).output == "a\r\n\u{1B}[1mb\r\n")
  }

  @Test func whatIsNoEventIsLeftOut() throws {
    let text = "{\"sessionData\":[\"x\"],\"eventTime\":\"2026-11-21T08:00:00Z\"}\nlol!\n{\"a\":1}\n"
    let read = try ForeignSamples.read(Array(text.utf8))
    #expect(read.output == "x\r\n" && read.findings.map(\.line) == [2, 3])
  }
}
