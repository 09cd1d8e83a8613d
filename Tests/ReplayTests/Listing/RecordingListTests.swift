import Format
import Platform
import Testing

@testable import Replay

@Suite struct RecordingListTests {
  private let session: JSON = [
    "session_id": "bob-0123abcd", "target": "i-0abc", "document": "SSM-Doc", "reason": "Ticket 42",
    "owner": "bob", "recorder": ["user": "alice", "host": "h", "program": "ssmrec start", "version": "1"],
  ]
  private var header: Header {
    Header(size: WindowSize(columns: 80, rows: 24), title: "a title", session: session)
  }
  private let events = [
    Event.output(0, "a"), .output(1, "b"), Event(microseconds: 2_000_000, code: .marker, text: "here"),
    Event(microseconds: 9_000_000, code: .exit, text: "3"),
  ]

  @Test func factsComeFromHeaderAndEnd() throws {
    let folder = try TemporaryFolder()
    let path = try folder.record("a.cast.gz", events, header: header)
    let facts = try RecordingFacts(try RecordingReader(path: path), path: path)
    #expect(facts.state == .finished(.closed))
    #expect(facts.microseconds == 9_000_000)
    #expect(facts.user == "bob")
    let fields = RecordingTable.fields(facts).split(separator: "\t", omittingEmptySubsequences: false)
    #expect(fields.count == 11)
    #expect(
      fields[0] == "2023-11-14T22:13:20Z" && fields[1] == "9" && fields[3] == "closed"
        && fields[9] == "Ticket 42"
        && fields[10] == path)
    #expect(JSON.object(facts.json)["session_id"]?.string == "bob-0123abcd")
    let lines = RecordingTable.lines([facts, facts], style: Style(isOn: false), zone: { _ in 0 })
    #expect(lines.count == 3)
    #expect(lines[1].hasPrefix("2023-11-14 22:13:20    0:09  "))
    #expect(lines[1].hasSuffix("closed  i-0abc  alice as bob  Ticket 42  bob-0123abcd"))
  }

  @Test func onANarrowTerminalTheTableGivesUpWhatIsLeastNeeded() throws {
    let folder = try TemporaryFolder()
    let path = try folder.record("a.cast.gz", events, header: header)
    let facts = try RecordingFacts(try RecordingReader(path: path), path: path)
    let torn = try folder.record("b.cast.gz", events, isClosed: false)
    let unfinished = try RecordingFacts(try RecordingReader(path: torn), path: "b.cast.gz")
    let cases: [(width: Int, line: String)] = [
      (100, "2023-11-14 22:13:20    0:09  578 B  closed      i-0abc  alice as bob  Ticket 42  bob-0123abcd"),
      (76, "2023-11-14 22:13:20    0:09  closed      i-0abc  Ticket 42  bob-0123ab"),
      (52, "2023-11-14 22:13  closed      Ticket 42  bob-0123ab"),
      (40, "2023-11-14 22:13  Ticket 42      bob-0123ab"),
    ]
    for (width, line) in cases {
      let lines = RecordingTable.lines(
        [facts, unfinished], style: Style(isOn: false), zone: { _ in 0 }, width: width)
      let known = lines[1].replacing(ByteCount.text(facts.byteCount ?? 0), with: "578 B")
      #expect(known == line, "\(width): \(known)")
      #expect(lines[2].contains("unfinished"), "\(width): \(lines[2])")
    }
  }

  @Test func aRecordingWithoutAnEndIsUnfinished() throws {
    let folder = try TemporaryFolder()
    let path = try folder.record("a.cast.gz", events, isClosed: false)
    let facts = try RecordingFacts(try RecordingReader(path: path), path: path)
    #expect(facts.state == .unfinished)
    #expect(facts.microseconds == 9_000_000)
    let plain = "{\"version\":2,\"width\":1,\"height\":1}\n[1.5,\"o\",\"x\"]\n"
    let other = try RecordingFacts(try RecordingReader(Array(plain.utf8), name: "p"), path: "p")
    #expect(other.state == .unsealed)
    #expect(other.microseconds == 1_500_000)
    let bad = try RecordingFacts(try RecordingReader(Array((plain + "x\n").utf8), name: "p"), path: "p")
    #expect(bad.state == .damaged)
  }

  @Test func theReportTellsEverything() throws {
    let folder = try TemporaryFolder()
    let path = try folder.record("a.cast.gz", events, header: header)
    let reader = try RecordingReader(path: path)
    let report = RecordingReport(reader, try RecordingContents.read(reader), path: path)
    let json = report.json
    #expect(json["duration"]?.text == "9")
    #expect(json["active"]?.text == "2")
    #expect(json["events"]?.text == #"{"output":2,"marker":1,"exit":1}"#)
    #expect(json["markers"]?.text == #"[{"time":2,"label":"here"}]"#)
    #expect(json["exit_status"]?.string == "3")
    #expect(json["state"]?.string == "closed")
    #expect(json["session"]?["target"]?.string == "i-0abc")
    let text = report.lines(style: Style(isOn: false), zone: { _ in 0 }).joined(separator: "\n")
    for part in [
      "duration", "0:09.0, active 0:02.0", "2 output, 1 marker, 1 exit", "ssmrec start 1, alice@h",
      "Ticket 42",
      "state        finished (closed)", "0:02.0 here",
    ] where !text.contains(part) { Issue.record("\(part) is not in \(text)") }
  }

  @Test func addedMarkersAreToldApartFromTheRecordingsOwn() throws {
    let folder = try TemporaryFolder()
    let path = try folder.record("a.cast.gz", events, header: header)
    let file = MarkerFile(recording: path)
    for index in 0..<22 { try file.append(.init(microseconds: Int64(index) * 1_000_000, label: "m\(index)")) }
    let reader = try RecordingReader(path: path)
    var report = RecordingReport(reader, try RecordingContents.read(reader), path: path)
    #expect(
      report.json["added_markers"]?.array == nil
        && !report.rows { _ in 0 }.contains { $0.0 == "added markers" })
    report.addedMarkers = file.read()
    #expect(report.json["markers"]?.array?.count == 1 && report.json["added_markers"]?.array?.count == 22)
    let row = try #require(report.rows { _ in 0 }.first { $0.0 == "added markers" })
    #expect(row.1.hasPrefix("0:00.0 m0, 0:01.0 m1, ") && row.1.hasSuffix("0:19.0 m19, and 2 more"))
  }

  @Test func everyDamagedByteIsToldOrHarmless() throws {
    let folder = try TemporaryFolder()
    let path = try folder.record("a.cast.gz", events, header: header)
    let bytes = try File.read(path)
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 0x41
      guard let reader = try? RecordingReader(changed, name: "x"),
        let contents = try? RecordingContents.read(reader)
      else { continue }
      _ = RecordingReport(reader, contents, path: "x").json.text
    }
  }

  @Test func filtersTakeWhatTheirPatternsFit() throws {
    func accepts(_ words: [String], _ header: Header? = nil, started: Int64? = 1_700_000_000) throws -> Bool {
      let program = ReplayProgram.program(Environment([:]))
      let arguments = try #require(try program.arguments(parsing: ["ls"] + words))
      let filter = try RecordingFilter(arguments, try Workplace(Environment(["TZ": "UTC"])))
      return filter.accepts(
        header ?? self.header, started: started.map { Timestamp(microseconds: $0 * 1_000_000) })
    }
    let table: [([String], Bool)] = [
      ([], true), (["--target", "i-0abc"], true), (["--target", "i-0"], false), (["--target", "i-*"], true),
      (["--user", "bob"], true), (["--user", "alice"], true), (["--user", "carol"], false),
      (["--document", "SSM-???"], true), (["--reason", "ticket \\d+"], true),
      (["--reason", "Tickets"], false),
      (["--since", "2023-11-14T22:13:20Z"], true), (["--since", "2023-11-14T22:13:21Z"], false),
      (["--until", "2023-11-14T22:13:20Z"], true), (["--until", "2023-11-14T22:13:19Z"], false),
      (["--since", "2h ago"], false), (["--target", "i-*", "--user", "x"], false),
    ]
    for (words, expected) in table where try accepts(words) != expected { Issue.record("\(words)") }
    #expect(try !accepts(["--since", "2020-01-01"], started: nil))
    #expect(try !accepts(["--target", "*x"], Header(size: WindowSize(columns: 1, rows: 1))))
    #expect(throws: ReplayError.moment(.notADate("someday"))) { try accepts(["--since", "someday"]) }
    #expect(throws: ReplayError.pattern(.init(.unclosedGroup, pattern: "(", column: 1))) {
      try accepts(["--reason", "("])
    }
  }

  @Test func globsMatchWholeTextsInLinearTime() {
    let table: [(String, String, Bool)] = [
      ("", "", true), ("", "a", false), ("*", "", true), ("*", "abc", true), ("a*c", "abbc", true),
      ("a*c", "ab", false),
      ("a?c", "abc", true), ("a?c", "ac", false), ("*b*", "abc", true), ("é*", "éa", true),
      ("a**b", "ab", true),
      ("abc", "abc", true), ("abc", "abcd", false), ("[a]", "[a]", true),
    ]
    for (pattern, text, expected) in table where Glob(pattern).matches(text) != expected {
      Issue.record("\(pattern) and \(text)")
    }
    #expect(!Glob(String(repeating: "*a", count: 50) + "b").matches(String(repeating: "a", count: 5000)))
  }
}
