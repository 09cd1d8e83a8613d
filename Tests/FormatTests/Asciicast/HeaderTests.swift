import Platform
import Testing

@testable import Format

@Suite struct HeaderTests {
  @Test func aHeaderComesBackWithUnknownKeysInTheirOrder() throws {
    var text: [UInt8] = []
    var header = Samples.header
    header.terminalVersion = "ghostty 1.1"
    header.theme = ["fg": "#aaaaaa", "bg": "#bbbbbb"]
    header.otherTerminalKeys = [JSON.Member("pixels", [640, 480])]
    header.append(to: &text)
    let (again, version) = try Header.parse(try JSON(parsing: text))
    #expect(again == header)
    #expect(version == 3)
  }

  @Test func keysStandInAsciinemasOrder() {
    var text: [UInt8] = []
    Header(
      size: WindowSize(columns: 80, rows: 24), timestamp: Timestamp(microseconds: 1_999_999), title: "t",
      command: "c", terminalType: "xterm", environment: [Header.Variable("A", "b")], idleTimeLimit: 2,
      session: [:]
    ).append(to: &text)
    #expect(
      String(decoding: text, as: UTF8.self)
        == #"{"version":3,"term":{"cols":80,"rows":24,"type":"xterm"},"timestamp":1,"idle_time_limit":2,"command":"c","title":"t","env":{"A":"b"},"ssm":{}}"#
        + "\n")
  }

  @Test func nullsAndOddValuesOfFilesInTheWildAreTaken() throws {
    let text =
      #"{"version": 2, "width": 0, "height": 0, "timestamp": 1599237423.7, "title": null, "env": {"SHELL": null, "TERM": "screen"}, "duration": 3.5, "x": [1]}"#
    let (header, version) = try Header.parse(try JSON(parsing: text))
    #expect(version == 2)
    #expect(header.size == WindowSize(columns: 0, rows: 0))
    #expect(header.timestamp == Timestamp(microseconds: 1_599_237_423_000_000))
    #expect(header.environment == [Header.Variable("TERM", "screen")])
    #expect(header.terminalType == "screen")
    #expect(header.otherKeys == [JSON.Member("x", [1])])
  }

  static let bad: [(String, Header.Problem)] = [
    ("[]", .notAnObject), ("{}", .noVersion), (#"{"version":4}"#, .unknownVersion("4")),
    (#"{"version":"3"}"#, .unknownVersion("\"3\"")), (#"{"version":3,"width":80,"height":24}"#, .badSize),
    (#"{"version":2,"width":80}"#, .badSize), (#"{"version":2,"width":-1,"height":2}"#, .badSize),
    (#"{"version":2,"width":80.5,"height":2}"#, .badSize),
    (#"{"version":2,"width":70000,"height":2}"#, .badSize),
  ]

  @Test func whatIsNoHeaderIsRefusedWithItsCause() throws {
    for (text, problem) in Self.bad {
      let json = try JSON(parsing: text)
      #expect(throws: problem) { try Header.parse(json) }
    }
  }
}
