import Testing

@testable import Format

@Suite struct LineEncoderTests {
  struct Case: Sendable {
    let events: [Event]
    let text: String
    var precision = TimePrecision.milliseconds
    var dialect = LineEncoder.Dialect.v3
  }

  static func output(_ microseconds: Int64, _ bytes: [UInt8], _ code: Event.Code = .output) -> Event {
    Event(microseconds: microseconds, code: code, bytes: bytes)
  }

  static let cases: [Case] = [
    Case(events: [output(0, [0x61])], text: #"[0,"o","a"]"#),
    Case(
      events: [output(1_500_000, Array("\"\\\u{1B}[0m\r\n\t\u{8}\u{C}\u{7F}/".utf8))],
      text: #"[1.5,"o","\"\\\u001b[0m\r\n\t\b\f"# + "\u{7F}/\"]"),
    Case(
      events: [output(999, []), output(1_499, []), output(1_500, []), output(60_000_000, [])],
      text: #"[0.001,"o",""]|[0,"o",""]|[0.001,"o",""]|[59.998,"o",""]"#),
    Case(
      events: [output(1, []), output(1_000_000, [])], text: #"[0.000001,"o",""]|[0.999999,"o",""]"#,
      precision: .microseconds),
    Case(events: [output(5_000_000, []), output(4_000_000, [])], text: #"[5,"o",""]|[0,"o",""]"#),
    // A character cut in two waits for its rest, each stream for its own.
    Case(
      events: [
        output(0, [0x41, 0xE2, 0x94]), output(1000, [0xC3], .input), output(2000, [0x80]),
        output(3000, [0xA9], .input),
      ], text: #"[0,"o","A"]|[0.002,"o","─"]|[0.001,"i","é"]"#),
    Case(
      events: [output(0, [0xE2]), output(1000, [0x94]), output(2000, [0x80, 0xF0, 0x9F])],
      text: #"[0.002,"o","─"]|[0,"o","�"]|[0,"b","8J8="]"#),
    // One U+FFFD for each maximal part, and the exact bytes after it.
    Case(events: [output(0, [0xFF])], text: #"[0,"o","�"]|[0,"b","/w=="]"#),
    Case(
      events: [output(0, [0x61, 0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2, 0x62, 0x80, 0x63])],
      text: #"[0,"o","a���b�c"]|[0,"b","YfGAgOGAwmKAYw=="]"#),
    Case(
      events: [output(0, [0xED, 0xA0, 0x80, 0x21])], text: #"[0,"o","���!"]|[0,"b","7aCAIQ=="]"#),
    Case(events: [output(0, [0xE2, 0x94]), output(0, [0x41])], text: #"[0,"o","�A"]|[0,"b","4pRB"]"#),
    Case(
      events: [output(1_000_000, [0xFF]), output(1_500_000, [0x61])],
      text: #"[1.0, "o", "�"]|[1.5, "o", "a"]"#, precision: .microseconds, dialect: .v2),
  ]

  @Test func linesAreWrittenAsTheFormatSays() {
    for (number, testCase) in Self.cases.enumerated() {
      var encoder = LineEncoder(testCase.dialect, precision: testCase.precision)
      var text: [UInt8] = []
      for event in testCase.events { encoder.append(event, to: &text) }
      _ = encoder.finish(at: testCase.events.last?.microseconds ?? 0, to: &text)
      let lines = String(decoding: text, as: UTF8.self)
      #expect(lines == testCase.text.split(separator: "|").joined(separator: "\n") + "\n", "case \(number)")
    }
  }

  @Test func intervalsNeverDrift() {
    var encoder = LineEncoder(.v3, precision: .milliseconds)
    var decoder = EventDecoder(version: 3, expectsExactBytes: true)
    var numbers = Samples.Numbers(state: 11)
    var log = FindingLog()
    var time: Int64 = 0
    for _ in 0..<5000 {
      time += Int64.random(in: 0..<3000, using: &numbers)
      var text: [UInt8] = []
      encoder.append(Event(microseconds: time, code: .output, text: "x"), to: &text)
      _ = decoder.take(text, 0..<text.count - 1, lineNumber: 1, &log)
    }
    #expect(abs(decoder.microseconds - time) <= 500)
    #expect(log.findings.isEmpty)
  }

  /// Whatever the bytes and wherever they are cut, each stream comes back exactly.
  @Test func anyBytesCutAnywhereComeBack() {
    var numbers = Samples.Numbers(state: 12)
    let pieces: [[UInt8]] = [
      Array("é─😀".utf8), [0xFF], [0xC0, 0x80], [0xF0, 0x9F], Array("ab\u{1B}[0m\"\\".utf8), [0xE2],
      [0x00, 0x80],
    ]
    var wrong = 0
    for _ in 0..<1000 {
      let codes: [Event.Code] = [.output, .input, .standardError, .port, .marker]
      let events = (0..<Int.random(in: 1...12, using: &numbers)).map { index in
        let bytes = (0..<Int.random(in: 0...3, using: &numbers)).flatMap { _ in
          pieces.randomElement(using: &numbers)!
        }
        return Event(
          microseconds: Int64(index) * 1000, code: codes.randomElement(using: &numbers)!,
          bytes: Array(bytes.dropLast(Int.random(in: 0...1, using: &numbers))))
      }
      var encoder = LineEncoder(.v3, precision: .microseconds)
      var text = Array("{\"version\":3,\"term\":{\"cols\":80,\"rows\":24},\"ssm\":{}}\n".utf8)
      for event in events { encoder.append(event, to: &text) }
      _ = encoder.finish(at: 20_000, to: &text)
      guard let read = try? Samples.read(text), read.findings.isEmpty else {
        wrong += 1
        continue
      }
      for code in codes where Samples.bytes(code, of: read.events) != Samples.bytes(code, of: events) {
        wrong += 1
      }
    }
    #expect(wrong == 0)
  }
}
