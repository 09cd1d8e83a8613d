import Format
import Platform
import Testing

@testable import Replay

@Suite struct LineTrackerTests {
  private func lines(
    _ events: [Event], columns: Int = 20, rows: Int = 4, transients: Bool = false
  ) -> [SettledLine] {
    var session = SessionLines(
      Header(size: WindowSize(columns: columns, rows: rows)), keepsTransients: transients)
    var lines: [SettledLine] = []
    for event in events {
      session.append(event)
      lines += session.takeLines().all
    }
    session.finish()
    return lines + session.takeLines().all
  }

  private func texts(_ lines: [SettledLine]) -> [String] {
    lines.map { String(decoding: $0.text, as: UTF8.self) }
  }

  private func output(_ seconds: Double, _ text: String) -> Event {
    Event(microseconds: Int64(seconds * 1_000_000), code: .output, text: text)
  }

  @Test func whatCountsAsALineThatWasRead() {
    let table: [(String, [Event], [String])] = [
      (
        "typed text is one line", [output(0, "$ "), output(1, "l"), output(2, "s"), output(3, "\r\n")],
        ["$ ls"]
      ),
      (
        "corrected text is what was left", [output(0, "lz"), output(0.1, "\u{8}\u{1B}[K"), output(0.2, "s")],
        ["ls"]
      ),
      (
        "a burst that scrolls by", [output(0, (1...9).map { "line \($0)\r\n" }.joined())],
        (1...9).map { "line \($0)" }
      ),
      ("overwritten at once", [output(0, "ghost\rtruth")], ["truth"]),
      ("overwritten after a flash", [output(0, "flash"), output(0.1, "\r\u{1B}[Kafter")], ["after"]),
      (
        "overwritten after a second", [output(0, "stood"), output(1, "\r\u{1B}[Kafter")], ["stood", "after"]
      ),
      (
        "a wrapped line is one", [output(0, "abcdefghijklmnopqrstuvwxyz\r\n")], ["abcdefghijklmnopqrstuvwxyz"]
      ),
      ("cleared after a second", [output(0, "seen"), output(1, "\u{1B}[H\u{1B}[2J")], ["seen"]),
      ("a title is no line", [output(0, "\u{1B}]0;title\u{7}x")], ["x"]),
      (
        "the alternate screen",
        [output(0, "a\r\n"), output(1, "\u{1B}[?1049h\u{1B}[Hvim"), output(2, "\u{1B}[?1049l")],
        ["vim", "a"]
      ),
      (
        "scrolled off the alternate screen",
        [output(0, "\u{1B}[?1049h\u{1B}[H1\r\n2\r\n3\r\n4\r\n5\r\n6"), output(0.1, "\u{1B}[?1049l")],
        ["1", "2"]
      ),
    ]
    for (name, events, expected) in table {
      let found = texts(lines(events))
      if found != expected { Issue.record("\(name): \(found)") }
    }
  }

  /// A program that goes to the other screen and scrolls there in one event scrolls nothing off the first.
  @Test func whatStoodBeforeAFullScreenProgramIsNotLost() {
    let paper = (1...6).map { "\($0)\r\n" }.joined()
    for enter in [
      "\u{1B}[?1049h", "\u{1B}[?1047h", "\u{1B}[?47h", "\u{1B}[?1049h\u{1B}[H\u{1B}[2J", "\u{1B}[?1;1049h",
    ] {
      for end in [[], [output(5, "\u{1B}[?1049l\u{1B}[?47l"), output(6, "$ ")]] {
        let found = texts(lines([output(0, "stood"), output(1, "\r\n"), output(3, enter + paper)] + end))
        let count = found.count { $0 == "stood" }
        if enter.contains("1;") ? count == 0 : count != 1 {
          Issue.record("\(enter.debugDescription): \(found)")
        }
        #expect((1...6).allSatisfy { found.contains("\($0)") })
      }
    }
    let back = lines([
      output(0, "stood\r\n"), output(1, "\u{1B}[?1049h" + paper), output(2, "\u{1B}[?1049l" + paper),
    ])
    #expect(texts(back).count { $0 == "stood" } == 1)
    #expect(back.first { $0.text == Array("stood".utf8) }?.first == 0)
  }

  @Test func aWrappedLineThatScrollsOffInPartsStaysOne() {
    let text = String(repeating: "abcdefghij", count: 12)
    let found = lines([
      output(0, String(text.prefix(70))), output(1, String(text.dropFirst(70)) + "\r\n"),
      output(2, "next\r\n\r\n\r\n\r\n"),
    ])
    #expect(texts(found) == [text, "next"])
    #expect(found[0].milliseconds(of: 0..<70) == 0)
    #expect(found[0].milliseconds(of: 60..<80) == 1000)
  }

  @Test func aSizeThatIsNoOtherOneChangesNothing() {
    let text = String(repeating: "abcdefghij", count: 12)
    let found = lines([
      output(0, "first\r\n" + String(text.prefix(70))),
      Event(microseconds: 500_000, code: .resize, text: "20x4"),
      output(1, String(text.dropFirst(70)) + "\r\n"), output(2, "next\r\n\r\n\r\n\r\n"),
    ])
    #expect(texts(found) == ["first", text, "next"])
    #expect(found[1].milliseconds(of: 0..<70) == 0)
  }

  @Test func everyStretchKnowsItsTime() {
    let line = lines([output(0, "$ "), output(1, "ec"), output(2.0001, "ho"), output(3, "\r\n")])[0]
    #expect(line.milliseconds(of: 2..<4) == 1000)
    #expect(line.milliseconds(of: 2..<6) == 2001)
    #expect(line.first == 0 && line.last == 3000)
  }

  @Test func whatWasTypedAndRemovedIsToldOnRequest() {
    var events = [output(0, "$ ")]
    var time = 1.0
    for letter in ["s", "e", "c", "r", "e", "t"] {
      events.append(output(time, letter))
      time += 0.1
    }
    for _ in 0..<6 {
      events.append(output(time, "\u{8}\u{1B}[K"))
      time += 0.05
    }
    events.append(output(3, "ls\r\n"))
    #expect(!texts(lines(events)).contains { $0.contains("secret") })
    let transient = lines(events, transients: true).filter { $0.flags.contains(.transient) }
    #expect(texts(transient) == ["$ secret"])
  }

  @Test func aRecordingThatTellsNoSizeIsReadAsItIsShown() {
    var session = SessionLines(Header(size: WindowSize(columns: 0, rows: 0)))
    for (second, word) in ["three", " words", " typed"].enumerated() {
      session.append(output(Double(second), word))
    }
    session.finish()
    #expect(texts(session.takeLines().all) == ["three words typed"])
  }

  @Test func aResizeLosesNothing() {
    let found = lines([
      output(0, "one\r\ntwo\r\n"), Event(microseconds: 1_000_000, code: .resize, text: "30x3"),
      output(2, "three\r\nfour\r\nfive\r\n"),
    ])
    #expect(Set(texts(found)) == ["one", "two", "three", "four", "five"])
    #expect(found.count == 5)
  }

  /// What scrolls off in the middle of a burst goes another way than what was looked at before.
  @Test func aBurstAndItsPiecesTellTheSameLines() {
    var random = SeededRandom(seed: 31)
    let parts = [
      "word", "  ", "é", "日本", "\u{1B}[1;31m", "\u{1B}[m", "e\u{301}", "a-very-long-word-that-wraps", "1",
    ]
    for round in 0..<60 {
      let pieces = (0..<Int.random(in: 1...40, using: &random)).map { _ in
        (0..<Int.random(in: 0...6, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
          .joined() + "\r\n"
      }
      let before = [output(0, "$ "), output(1, "ls"), output(2, "\r\n")]
      let whole = lines(before + [output(3, pieces.joined())])
      let single = lines(before + pieces.map { output(3, $0) })
      // Of one time, they come as they went.
      if whole != single { Issue.record("round \(round): \(texts(whole)) and \(texts(single))") }
    }
  }

  /// Letters of every kind at every column: text is taken from the cells eight at a time.
  @Test func aLineSaysWhatItsRowShows() {
    var random = SeededRandom(seed: 12)
    let letters = [
      "a", "Z", "~", " ", "\u{1B}[C", "\u{1B}[31mb\u{1B}[m", "é", "日", "e\u{301}", "\u{1B}[1\"qc\u{1B}[0\"q",
    ]
    for round in 0..<300 {
      // Plain, or mostly so.
      let others = Int.random(in: 0...2, using: &random)
      let text = (0..<Int.random(in: 1...50, using: &random)).map { _ in
        letters[
          Int.random(in: 0..<10, using: &random) >= others
            ? Int.random(in: 0..<6, using: &random) : Int.random(in: 6..<10, using: &random)]
      }.joined()
      var terminal = TerminalScreen(columns: 80, rows: 4)
      terminal.feed(Array(text.utf8))
      let shown = terminal.text(row: 0)
      let stood = lines([output(0, text)], columns: 80)
      let scrolled = lines([output(0, text + "\r\n\n\n\n\n")], columns: 80)
      let expected = shown.isEmpty ? [] : [shown]
      if texts(stood) != expected || texts(scrolled) != expected {
        Issue.record("round \(round): \(shown.debugDescription), \(texts(stood)), \(texts(scrolled))")
      }
    }
  }

  @Test func randomOutputNeverCrashesAndGivesCleanLines() {
    var random = SeededRandom(seed: 9)
    let parts = [
      "a", "é", "日", "\r\n", "\n", "\r", "\u{8}", "\u{1B}[2J", "\u{1B}[H", "\u{1B}[K", "\u{1B}[3J",
      "\u{1B}[?1049h",
      "\u{1B}[?1049l", "\u{1B}[2;3r", "\u{1B}[r", "\u{1B}[L", "\u{1B}[M", "\u{1B}[5S", "\u{1B}[2T", "\u{1B}c",
      "\u{1B}[?2004h", "\u{1B}[?2004l", "\u{1B}]133;A\u{7}", "\u{1B}]133;B\u{7}", "\u{1B}]133;C\u{7}",
      "\u{1B}]133;D;1\u{7}", "wwwwwwwwwwwwwwwwwwwwwwwww",
    ]
    for _ in 0..<60 {
      var time = 0.0
      var events: [Event] = []
      for _ in 0..<Int.random(in: 0...80, using: &random) {
        time += Double.random(in: 0...0.5, using: &random)
        if Int.random(in: 0..<20, using: &random) == 0 {
          let size = "\(Int.random(in: 1...40, using: &random))x\(Int.random(in: 1...12, using: &random))"
          events.append(Event(microseconds: Int64(time * 1e6), code: .resize, text: size))
        }
        let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in
          parts.randomElement(using: &random) ?? ""
        }
        events.append(output(time, text.joined()))
      }
      for line in lines(events) {
        let isClean =
          !line.text.isEmpty && !line.text.contains(0x0A) && line.runs.last?.end == line.text.count
          && line.first <= line.last && String(validating: line.text, as: UTF8.self) != nil
        if !isClean { Issue.record("\(line)") }
      }
    }
  }
}

extension LineBlock {
  fileprivate var all: [SettledLine] { (0..<count).map { self[$0] } }
}
