import Format
import Platform
import Testing

@testable import Replay

@Suite struct LineSearchTests {
  private func hits(
    _ events: [Event], _ pattern: String, _ change: (inout SearchQuery) -> Void = { _ in }
  ) throws -> [SearchHit] {
    var query = SearchQuery(pattern: try CompiledPattern(parsing: [pattern], options: .init(isByLine: true)))
    change(&query)
    var source = LineSource(query.source, Header(size: WindowSize(columns: 80, rows: 24), title: "the title"))
    var search = LineSearch(query, Pattern(query.pattern))
    var hits: [SearchHit] = []
    for event in events {
      _ = source.append(event)
      for block in source.takeBlocks() { hits += search.take(block) }
    }
    source.finish()
    for block in source.takeBlocks() { hits += search.take(block) }
    return hits
  }

  private func texts(_ hits: [SearchHit]) -> [String] {
    hits.map { "\($0.row)\($0.isContext ? "-" : ":")" + String(decoding: $0.text, as: UTF8.self) }
  }

  private let session = [
    Event.output(0, "$ "), .output(1, "e"), .output(2, "ch"), .output(3, "o hi\r\n"), .output(4, "hi\r\n$ "),
    .output(10, "false\r\n$ "), .output(20, "\u{1B}[31merr\u{1B}[1mor\u{1B}[0m: x\r\n"),
    .output(21, "end\r\n"),
  ]

  @Test func findsTextAcrossEventsAndColors() throws {
    let echo = try hits(session, "echo")
    #expect(texts(echo) == ["1:$ echo hi"])
    #expect(echo[0].spans == [2..<6])
    #expect(echo[0].microseconds == 3_000_000)
    #expect(try hits(session, "ech")[0].microseconds == 2_000_000)
    #expect(texts(try hits(session, "error")) == ["4:$ error: x"])
    #expect(texts(try hits(session, "^\\$ ")) == ["1:$ echo hi", "3:$ false", "4:$ error: x"])
  }

  @Test func whereNoMoreIsShownTheFirstSpanIsAllThereIs() throws {
    for needsAll in [true, false] {
      let found = try hits(session, "[a-z]+") { $0.needsAllSpans = needsAll }
      #expect(found[0].spans == (needsAll ? [2..<6, 7..<9] : [2..<6]))
      #expect(found[0].microseconds == 3_000_000)
      #expect(found.map(\.microseconds) == (try hits(session, "[a-z]+")).map(\.microseconds))
    }
  }

  @Test func contextIsCountedInLinesOrSeconds() throws {
    #expect(
      texts(try hits(session, "false") { ($0.before, $0.after) = (.lines(1), .lines(1)) })
        == ["2-hi", "3:$ false", "4-$ error: x"])
    #expect(
      texts(try hits(session, "error") { ($0.before, $0.after) = (.time(11_000_000), .time(1_000_000)) })
        == ["3-$ false", "4:$ error: x", "5-end"])
    let hits = try hits(session, "^hi|end") { $0.before = .lines(1) }
    #expect(texts(hits) == ["1-$ echo hi", "2:hi", "4-$ error: x", "5:end"])
    #expect(hits.map(\.followsGap) == [false, false, true, false])
  }

  @Test func theNumberOfLinesIsLimited() throws {
    #expect(texts(try hits(session, "h") { $0.maximum = 1 }) == ["1:$ echo hi"])
    let limited = try hits(session, "h") { ($0.maximum, $0.after) = (1, .lines(1)) }
    #expect(texts(limited) == ["1:$ echo hi", "2-hi"])
    #expect(try hits(session, "h") { $0.maximum = 0 } == [])
  }

  @Test func invertedFindsTheLinesWithout() throws {
    #expect(texts(try hits(session, "[$]") { $0.isInverted = true }) == ["2:hi", "5:end"])
  }

  @Test func whatWasReadableAndThenWrittenOverIsFound() throws {
    let events = [Event.output(0, "10% of it\r"), .output(2, "done\u{1B}[K\r\n"), .output(3, "next\r\n")]
    #expect(texts(try hits(events, "10%")) == ["1:10% of it"])
    #expect(texts(try hits(events, "done")) == ["2:done"])
    #expect(texts(try hits(events, "10%|next") { $0.isInverted = true }) == ["2:done"])
  }

  @Test func otherTextsOfARecordingAreSearchedToo() throws {
    let events = [
      Event.output(0, "\u{1B}]0;vim notes\u{7}a\u{8}b\r\n"),
      Event(microseconds: 1_000_000, code: .input, text: "lss\u{7F} -l\r"),
    ]
    #expect(texts(try hits(events, ".") { $0.source = .screen }) == ["1:b"])
    #expect(texts(try hits(events, ".") { $0.source = .output }) == ["1:ab"])
    #expect(texts(try hits(events, ".") { $0.source = .input }) == ["1:ls -l"])
    #expect(texts(try hits(events, ".") { $0.source = .title }) == ["1:the title", "2:vim notes"])
  }

  @Test func extentsAreLinesOrSeconds() {
    #expect(SearchQuery.Extent("3") == .lines(3))
    #expect(SearchQuery.Extent("5s") == .time(5_000_000))
    #expect(SearchQuery.Extent("1m5s") == .time(65_000_000))
    for text in ["", "x", "-1", "5x", "1:20", "50%", "s", "99999999"] {
      #expect(SearchQuery.Extent(text) == nil)
    }
  }

  @Test func reportsForPeoplePipesAndPrograms() throws {
    let hit = try hits(session, "ec|hi")[0]
    let started = Timestamp(microseconds: 1_700_000_000_000_000)
    func text(_ form: SearchReport.Form, isColored: Bool = false, only: Bool = false) -> String {
      let report = SearchReport(
        form, style: Style(isOn: isColored), showsOnlyMatches: only, hasContext: false)
      return report.lines(hit, file: "a.cast", started: started)
    }
    #expect(text(.lines) == "a.cast@2.000:$ echo hi\n")
    #expect(text(.lines, only: true) == "a.cast@2.000:ec\na.cast@3.000:hi\n")
    #expect(text(.headings) == "  0:02.0  $ echo hi\n")
    #expect(
      text(.headings, isColored: true).hasSuffix("$ \u{1B}[1;31mec\u{1B}[0mho \u{1B}[1;31mhi\u{1B}[0m\n"))
    #expect(
      text(.json)
        == #"{"type":"match","file":"a.cast","time":2,"row":1,"text":"$ echo hi","spans":[[2,4],[7,9]],"#
        + #""at":"2023-11-14T22:13:22Z"}"# + "\n")
    var apart = hit
    apart.followsGap = true
    // A gap is before the line, not between its matches.
    #expect(
      SearchReport(.lines, style: Style(isOn: false), showsOnlyMatches: true, hasContext: true)
        .lines(apart, file: "a.cast", started: started) == "--\na.cast@2.000:ec\na.cast@3.000:hi\n")
    var report = SearchReport(
      .headings, style: Style(isOn: false), showsOnlyMatches: false, hasContext: false)
    let header = Header(size: WindowSize(columns: 1, rows: 1), title: "t\u{1B}[2J")
    #expect(
      report.heading("a", header, started: started, zone: { _ in 60 })
        == "a  2023-11-14 23:13:20  t\\x1b[2J\n")
    #expect(report.heading("b", header, started: nil, zone: { _ in 0 }) == "\nb  t\\x1b[2J\n")
  }

  @Test func theSummarySaysHowCompleteTheAnswerIs() {
    var summary = SearchSummary()
    (summary.searched, summary.scanned, summary.matched, summary.matches) = (3, 1, 1, 2)
    summary.skipped = [.init(file: "x", cause: "no")]
    #expect(
      summary.json.text
        == #"{"type":"summary","searched":3,"scanned":1,"matched":1,"matches":2,"filtered":0,"#
        + #""skipped":[{"file":"x","cause":"no"}],"damaged":[],"gone":0,"damaged_index":[],"blocks":0,"#
        + #""block_bytes":0,"elapsed":0}"#)
    #expect(summary.hasProblems)
  }

  @Test func titlesAreFoundWhateverStandsRoundThem() {
    let table: [(pieces: [String], titles: [String])] = [
      (["\u{1B}]0;one\u{7}x"], ["one"]), (["\u{1B}]2;two\u{1B}\\"], ["two"]), (["\u{1B}]1;icon\u{7}"], []),
      (["\u{1B}", "]0;cut\u{7}"], ["cut"]), (["\u{1B}]0;c", "u", "t\u{7}"], ["cut"]),
      (["\u{1B}[1m\u{1B}[", "3\u{1B}]0;after\u{7}"], ["after"]), (["\u{9D}0;c1\u{7}"], ["c1"]),
      (["é\u{A0}\u{C2}\u{9D}0;lead\u{9C}"], ["lead"]), (["\u{1B}(\u{1B}]0;set\u{7}"], ["set"]),
      (["\u{1B}\n]0;broken by a control\u{7}"], ["broken by a control"]),
      (["\u{1B}P0;\u{1B}]0;in a string\u{7}"], ["in a string"]), (["\u{1B}[]0;final\u{7}"], []),
      (["\u{1B}Ptext ]0;no\u{7}\u{1B}\\", "\u{1B}]0;yes\u{7}"], ["yes"]),
    ]
    for (pieces, titles) in table {
      var reader = TitleReader()
      for piece in pieces { reader.append(Array(piece.utf8), at: 0) }
      let found = reader.lines.map { String(decoding: $0.text, as: UTF8.self) }
      if found != titles { Issue.record("\(pieces.map(\.debugDescription)): \(found)") }
    }
  }
}
