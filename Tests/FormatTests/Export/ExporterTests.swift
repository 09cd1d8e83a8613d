import Platform
import Testing

@testable import Format

@Suite struct ExporterTests {
  static func export(_ format: Exporter.Format, _ events: [Event] = RecordingTests.expected) -> (
    String, Exporter.Losses
  ) {
    var exporter = Exporter(format)
    var bytes: [UInt8] = []
    exporter.begin(Header(size: Samples.size, terminalType: "xterm"), into: &bytes)
    for event in events { exporter.append(event, into: &bytes) }
    exporter.finish(into: &bytes)
    return (String(decoding: bytes, as: UTF8.self), exporter.losses)
  }

  @Test func v3KeepsEverything() throws {
    let (text, losses) = Self.export(.v3)
    #expect(losses.isEmpty)
    #expect(try Samples.read(Array(text.utf8)).events == RecordingTests.expected)
  }

  @Test func v2HasAbsoluteTimesAndSaysWhatItLost() {
    let (text, losses) = Self.export(.v2)
    let lines = text.split(separator: "\n")
    #expect(lines[0] == #"{"version":2,"width":80,"height":24,"env":{"TERM":"xterm"}}"#)
    #expect(lines[1] == #"[0.0, "o", "$ "]"#)
    #expect(lines[2] == #"[0.5, "i", "ls\r"]"#)
    #expect(lines.contains { $0.hasPrefix(#"[2.0, "o", "�A��"]"#) })
    #expect(losses == Exporter.Losses(omittedEvents: [.state: 1], replacedEvents: 1, mergedEvents: 1))
  }

  @Test func rawIsWhatTheTerminalGot() {
    let (text, losses) = Self.export(.raw, Array(RecordingTests.expected.prefix(4)))
    #expect(text == "\u{1B}[8;24;80t$ \u{1B}[31m─\r\n")
    #expect(losses.omittedEvents == [.input: 1])
  }

  static let texts: [(String, String)] = [
    ("a\r\nb", "a\nb\n"), ("\u{1B}[1;31mred\u{1B}[0m\r\n", "red\n"), ("10%\r20%\r\u{1B}[K30%\r\n", "30%\n"),
    ("abc\u{8}\u{8}X\n", "aXc\n"),
    ("\u{1B}]0;title\u{7}x\u{1B}]8;;http://h\u{1B}\\link\u{1B}]8;;\u{1B}\\\n", "xlink\n"),
    ("a\tb\n", "a       b\n"),
    ("\u{1B}(B\u{1B}=\u{1B}Pq#0\u{1B}\\done  \n", "done\n"), ("é─😀\n", "é─😀\n"), ("\u{9B}31mx\n", "x\n"),
    ("a\u{1B}[2Kb\n", " b\n"),
    ("\u{1B}[3\u{1B}[4mx\n", "x\n"), ("\u{1B}]0;never ends", ""),
  ]

  @Test func textHasNoEscapeSequences() {
    for (output, expected) in Self.texts {
      let bytes = Array(output.utf8)
      for split in 0...bytes.count {
        let events = [Array(bytes[..<split]), Array(bytes[split...])].map {
          Event(microseconds: 0, code: .output, bytes: $0)
        }
        #expect(Self.export(.txt, events).0 == expected, "\(output) at \(split)")
      }
    }
  }
}
