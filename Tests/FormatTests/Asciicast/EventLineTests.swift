import Testing

@testable import Format

@Suite struct EventLineTests {
  static func parse(_ text: String) -> Result<EventLine, EventLine.Problem> {
    parse(Array(text.utf8))
  }

  static func parse(_ bytes: [UInt8]) -> Result<EventLine, EventLine.Problem> {
    do throws(EventLine.Problem) {
      return .success(try EventLine(parsing: bytes.span, in: 0..<bytes.count))
    } catch {
      return .failure(error)
    }
  }

  static let times: [(String, Int64)] = [
    ("0", 0), ("1", 1_000_000), ("1.5", 1_500_000), ("0.000001", 1), ("0.0000019", 1),
    ("12.3456789", 12_345_678),
    ("-1.0", -1_000_000), ("1e-3", 1000), ("1.5E2", 150_000_000), ("2e+1", 20_000_000), ("0.1e1", 1_000_000),
    ("00012", 12_000_000), ("14194.195", 14_194_195_000),
  ]

  @Test func timesAreMicrosecondsInAnyForm() {
    for (digits, microseconds) in Self.times {
      #expect(
        Self.parse("[\(digits), \"o\", \"\"]")
          == .success(
            EventLine(microseconds: microseconds, code: .output, bytes: [])), "\(digits)")
    }
  }

  static let strings: [(String, [UInt8])] = [
    (#""plain""#, Array("plain".utf8)), (#""\"\\\/\b\f\n\r\t""#, [0x22, 0x5C, 0x2F, 8, 12, 10, 13, 9]),
    (#""\u001b\u00e9\u2500\u0000""#, [0x1B, 0xC3, 0xA9, 0xE2, 0x94, 0x80, 0]),
    (#""\ud83d\ude00\uD83D\uDE00""#, [0xF0, 0x9F, 0x98, 0x80, 0xF0, 0x9F, 0x98, 0x80]),
    (#""\ud83dx""#, [0xEF, 0xBF, 0xBD, 0x78]), (#""\ude00""#, [0xEF, 0xBF, 0xBD]),
    (#""\ud83d\u0041""#, [0xEF, 0xBF, 0xBD, 0x41]), ("\"\u{1B}\t\u{7F}é\"", Array("\u{1B}\t\u{7F}é".utf8)),
    ("0", [0x30]), ("-12", Array("-12".utf8)),
  ]

  @Test func stringsHoldEscapesAndRawControls() {
    for (json, bytes) in Self.strings {
      #expect(
        Self.parse("[1,\"x\",\(json)]")
          == .success(
            EventLine(microseconds: 1_000_000, code: .exit, bytes: bytes)), "\(json)")
    }
    #expect(
      Self.parse([0x5B, 0x31, 0x2C] + Array("\"o\",\"".utf8) + [0xFF, 0x22, 0x5D])
        == .success(
          EventLine(microseconds: 1_000_000, code: .output, bytes: [0xFF])))
  }

  /// Strings are read eight bytes at a time, whatever stands where.
  @Test func escapesAreReadWhereverTheyStand() {
    let escapes: [(String, [UInt8])] = [
      (#"\n"#, [10]), (#"\r"#, [13]), (#"\t"#, [9]), (#"\b"#, [8]), (#"\f"#, [12]), (#"\""#, [0x22]),
      (#"\\"#, [0x5C]),
      (#"\/"#, [0x2F]), (#"\u001b"#, [0x1B]), (#"\u001B"#, [0x1B]), (#"\u004a"#, [0x4A]),
      (#"\u007f"#, [0x7F]),
      (#"\u0080"#, [0xC2, 0x80]), (#"\u00E9"#, [0xC3, 0xA9]), (#"\u0100"#, [0xC4, 0x80]),
      (#"\ud83d\ude00"#, [0xF0, 0x9F, 0x98, 0x80]),
    ]
    for (escape, bytes) in escapes {
      for before in 0..<18 {
        for after in 0..<10 {
          let (head, tail) = (String(repeating: "a", count: before), String(repeating: "é", count: after))
          let expected = Array(head.utf8) + bytes + bytes + Array(tail.utf8)
          let found = Self.parse("[1,\"o\",\"\(head)\(escape)\(escape)\(tail)\"]")
          if found != .success(EventLine(microseconds: 1_000_000, code: .output, bytes: expected)) {
            Issue.record("\(before) \(escape) \(after): \(found)")
          }
        }
        let head = String(repeating: "a", count: before)
        for length in 1..<escape.utf8.count where escape.utf8.count < 12 {
          let cut = Self.parse("[1,\"o\",\"\(head)\(escape.prefix(length))")
          if cut != .failure(.cutOff) { Issue.record("\(before) \(escape.prefix(length)): \(cut)") }
        }
        for (bad, place) in [
          (#"\u00g1"#, 4), (#"\u001g"#, 5), (#"\u00:0"#, 4), (#"\u001:"#, 5), (#"\u008/"#, 5), (#"\a"#, 0),
        ] {
          let found = Self.parse("[1,\"o\",\"\(head)\(bad)aaaaaaaa\"]")
          if found != .failure(.badEscape(byte: 8 + before + place)) {
            Issue.record("\(before) \(bad): \(found)")
          }
        }
      }
    }
  }

  @Test func whiteSpaceAndLongCodesAreTaken() {
    let line = " [ 1.0\t,  \"output\" ,\"x\" ] \r"
    #expect(Self.parse(line) == .success(EventLine(microseconds: 1_000_000, code: .output, bytes: [0x78])))
  }

  static let bad: [(String, EventLine.Problem)] = [
    ("", .cutOff), ("lol!", .expected("[", byte: 0)), ("[", .badTime), ("[x,\"o\",\"\"]", .badTime),
    ("[1.,\"o\",\"\"]", .badTime),
    ("[.5,\"o\",\"\"]", .badTime), ("[1e,\"o\",\"\"]", .badTime), ("[99999999999,\"o\",\"\"]", .badTime),
    ("[123456789012345678901234567890,\"o\",\"\"]", .badTime), ("[1e300,\"o\",\"\"]", .badTime),
    ("[1 \"o\",\"\"]", .expected(",", byte: 3)), ("[1,\"\",\"\"]", .badCode), ("[1,\"é\",\"\"]", .badCode),
    ("[1,o,\"\"]", .expected("\"", byte: 3)), ("[1,\"o\",null]", .expected("\"", byte: 7)),
    ("[1,\"o\",\"", .cutOff),
    ("[1,\"o\",\"\\x\"]", .badEscape(byte: 8)), ("[1,\"o\",\"\\u12g4\"]", .badEscape(byte: 12)),
    ("[1,\"o\",\"\\u12", .cutOff),
    ("[1,\"o\",\"a\"", .cutOff), ("[1,\"o\",\"a\"] x", .trailingBytes(byte: 12)),
    ("[1,\"o\",\"a\",\"b\"]", .expected("]", byte: 10)),
  ]

  @Test func whatIsNoEventIsToldWithItsPlace() {
    for (text, problem) in Self.bad {
      #expect(Self.parse(text) == .failure(problem), "\(text)")
    }
  }

  @Test func everyPrefixAndEveryFlippedBitIsSurvived() {
    let line = Array(#"[1.25e1,"o","a\u001b\ud83d\ude00\"é"]"#.utf8)
    for length in 0..<line.count { _ = Self.parse(Array(line.prefix(length))) }
    for bit in 0..<line.count * 8 {
      var damaged = line
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      _ = Self.parse(damaged)
    }
  }
}
