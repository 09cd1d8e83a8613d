import Platform
import Testing

@Suite struct JSONTests {
  static let samples = [
    #"{"version":3,"term":{"cols":80,"rows":24},"timestamp":1763700000,"tags":["a","b"],"x":null}"#,
    #"[0.248848, "o", "\u001b[1;31mHello \u001b[32mWorld!\u001b[0m\n"]"#,
    #"{"a":{"b":[true,false,null,{"c":[]}]},"ä":"\ud83d\ude00","e":-1.5e-3}"#,
    #" [ 1 , 2.50 , -0 , 1E+2 , "" , {} , [ ] ] "#,
  ]

  @Test func valuesAreReadAsTheyStand() throws {
    let cases: [(String, JSON)] = [
      ("null", nil), ("true", true), (" false\n", false), ("\"\"", ""), ("0", 0), ("-12", -12),
      ("1.50", .number("1.50")), ("6e3", .number("6e3")), ("-0.0E-10", .number("-0.0E-10")),
      ("123456789012345678901234567890", .number("123456789012345678901234567890")),
      ("[]", []), ("[1,[2]]", [1, [2]]), ("{}", [:]), (#"{"b":1,"a":2,"b":3}"#, ["b": 1, "a": 2, "b": 3]),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""A\u00e9\u6f22""#, "Aé漢"),
      (#""\uD83D\uDE00""#, "\u{1F600}"), (#""\ud83d""#, "\u{FFFD}"), (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
      (#""\ud83dA""#, "\u{FFFD}A"), (#""\ud83d\n""#, "\u{FFFD}\n"),
      (#""\ud83d\ud83d\ude00""#, "\u{FFFD}\u{1F600}"),
      ("\"a\nb\"", "a\nb"), (#""\u0000""#, "\0"),
    ]
    for (text, value) in cases {
      let found = try JSON(parsing: text)
      #expect(found == value, "\(text)")
    }
  }

  @Test func bytesThatAreNoUTF8BecomeReplacementCharacters() throws {
    #expect(try JSON(parsing: [0x22, 0xFF, 0x41, 0xE6, 0x22]) == "\u{FFFD}A\u{FFFD}")
  }

  @Test func whatIsNoJSONIsRefusedAtItsByte() {
    let cases: [(String, JSONError.Problem, Int)] = [
      ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[1,]", .unexpectedByte(0x5D), 3),
      ("[1 2]", .unexpectedByte(0x32), 3),
      ("{\"a\"}", .unexpectedByte(0x7D), 4), ("{a:1}", .unexpectedByte(0x61), 1),
      ("{\"a\":1,}", .unexpectedByte(0x7D), 7),
      ("tru", .unexpectedEnd, 3), ("trux", .unexpectedByte(0x78), 3), ("nul!", .unexpectedByte(0x21), 3),
      ("01", .badNumber, 2), ("-", .badNumber, 1), ("1.", .badNumber, 2), ("1e", .badNumber, 2),
      ("1e+", .badNumber, 3),
      (".5", .unexpectedByte(0x2E), 0), ("+1", .unexpectedByte(0x2B), 0), ("NaN", .unexpectedByte(0x4E), 0),
      ("\"abc", .unexpectedEnd, 4), ("\"\\x\"", .badEscape, 2), ("\"\\u12g4\"", .badEscape, 5),
      ("\"\\u12", .unexpectedEnd, 5),
      ("\"\\", .unexpectedEnd, 2), ("1 1", .trailingBytes, 2), ("{} x", .trailingBytes, 3),
      ("'a'", .unexpectedByte(0x27), 0),
    ]
    for (text, problem, offset) in cases {
      do throws(JSONError) {
        _ = try JSON(parsing: text)
        Issue.record("read: \(text)")
      } catch {
        #expect(error.problem == problem && error.offset == offset, "\(text): \(error)")
      }
    }
  }

  @Test func nestingIsLimited() throws {
    let limit = JSON.maximumDepth
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      let deepest =
        String(repeating: open, count: limit - 1) + "1" + String(repeating: close, count: limit - 1)
      _ = try JSON(parsing: deepest)
      let deeper = String(repeating: open, count: limit) + "1" + String(repeating: close, count: limit)
      let error = #expect(throws: JSONError.self) { try JSON(parsing: deeper) }
      #expect(error?.problem == .tooDeep(limit: limit))
      #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: open, count: 1_000_000)) }
    }
  }

  @Test func everyPrefixIsReadOrRefusedWithinItself() {
    for sample in Self.samples {
      let bytes = Array(sample.utf8)
      for count in 0..<bytes.count {
        check(Array(bytes[..<count]), mayBeRead: bytes[count...].allSatisfy { $0 == 0x20 })
      }
    }
  }

  @Test func flippedAndRandomBytesAreReadOrRefusedWithinThemselves() {
    for sample in Self.samples {
      var bytes = Array(sample.utf8)
      for index in bytes.indices {
        for bit in 0..<8 {
          bytes[index] ^= 1 << bit
          check(bytes)
          bytes[index] ^= 1 << bit
        }
      }
    }
    var random = SeededGenerator(seed: 1)
    let alphabet = Array(#"{}[]",:\u0123456789eE+-. truefalsn"#.utf8) + [0, 0x1B, 0x80, 0xFF]
    for _ in 0..<5000 {
      let count = Int.random(in: 0...40, using: &random)
      check((0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 })
    }
  }

  /// What is read must come out and be read again the same; an error must lie within the bytes.
  private func check(_ bytes: [UInt8], mayBeRead: Bool = true) {
    do throws(JSONError) {
      let value = try JSON(parsing: bytes)
      let again = try JSON(parsing: value.encoded())
      let indented = try JSON(parsing: value.indentedText())
      if !mayBeRead || again != value || indented != value { Issue.record("\(bytes)") }
    } catch {
      if !(0...bytes.count).contains(error.offset) { Issue.record("\(error) for \(bytes)") }
    }
  }

  @Test func writingKeepsOrderAndDigitsAndEscapesOnlyWhatItMust() throws {
    for sample in Self.samples {
      let value = try JSON(parsing: sample)
      #expect(try JSON(parsing: value.text) == value)
    }
    let value: JSON = [
      "z": .number("1.50"), "a": ["x", nil, true], "t\u{1}\"\\": "\u{1B}é/\u{7F}\n", "e": [:], "l": [],
    ]
    #expect(
      value.text == #"{"z":1.50,"a":["x",null,true],"t\u0001\"\\":"\u001bé/"# + "\u{7F}"
        + #"\n","e":{},"l":[]}"#)
    let indented = """
      {
        "z": 1.50,
        "a": [
          "x",
          null,
          true
        ],
        "e": {}
      }
      """
    #expect((["z": .number("1.50"), "a": ["x", nil, true], "e": [:]] as JSON).indentedText() == indented)
  }

  @Test func membersAndNumbersAreAskedFor() {
    let value: JSON = [
      "Name": "x", "n": 5, "f": .number("1.5"), "big": .number("1e400"), "b": true, "n": 6, "l": [1],
    ]
    #expect(value["n"]?.integer == 6 && value["none"] == nil && (5 as JSON)["x"] == nil)
    #expect(value.member(ignoringCase: "nAME")?.string == "x" && value.member(ignoringCase: "nam") == nil)
    #expect(value["f"]?.double == 1.5 && value["f"]?.integer == nil && value["big"]?.double == nil)
    #expect(value["b"]?.bool == true && value["l"]?.array == [1] && value.members?.count == 7)
    #expect(JSON(nil as String?) == nil && JSON(UInt8(7)) == 7)
    #expect((.number("9223372036854775808") as JSON).integer == nil)
  }
}
