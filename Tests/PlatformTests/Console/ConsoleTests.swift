import Testing

@testable import Platform

@Suite struct ConsoleTests {
  @Test func colorFollowsFlagThenEnvironmentThenTerminal() {
    let cases: [(ColorPolicy, Bool, [String: String], Bool)] = [
      (.auto, true, ["TERM": "xterm"], true), (.auto, false, ["TERM": "xterm"], false),
      (.auto, true, [:], false),
      (.auto, true, ["TERM": ""], false), (.auto, true, ["TERM": "dumb"], false),
      (.auto, true, ["TERM": "xterm", "NO_COLOR": "1"], false),
      (.auto, true, ["TERM": "xterm", "NO_COLOR": ""], true),
      (.auto, false, ["CLICOLOR_FORCE": "1"], true), (.auto, false, ["CLICOLOR_FORCE": "0"], false),
      (.auto, false, ["CLICOLOR_FORCE": ""], false),
      (.auto, true, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false),
      (.always, false, ["NO_COLOR": "1"], true),
      (.never, true, ["TERM": "xterm", "CLICOLOR_FORCE": "1"], false),
    ]
    for (policy, isTerminal, variables, expected) in cases {
      let isOn = policy.isOn(isTerminal: isTerminal, environment: Environment(variables))
      #expect(isOn == expected, "\(policy) \(isTerminal) \(variables)")
    }
  }

  @Test func stylesAreEmptyWhereColorIsOff() {
    #expect(Style(isOn: true).red("x") == "\u{1B}[31mx\u{1B}[0m")
    #expect(Style(isOn: false).red("x") == "x" && Style(isOn: true).bold("") == "")
  }

  @Test func theWidthComesFromTheTerminalThenColumnsThenIsEighty() throws {
    let pipe = try DescriptorPair.pipe()
    let environments = [[:], ["COLUMNS": "132"], ["COLUMNS": "0"], ["COLUMNS": "wide"]].map {
      Environment($0)
    }
    let widths = environments.map { Console.columns(of: pipe.second, environment: $0) }
    #expect(widths == [80, 132, 80, 80])
  }

  @Test func controlCharactersAreWrittenOut() {
    let cases = [
      ("plain é 漢", "plain é 漢"), ("a\u{1B}[2Jb", "a\\x1b[2Jb"), ("a\u{9B}b", "a\\u{9b}b"),
      ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
      ("\0\u{7F}", "\\x00\\x7f"), ("evil\u{202E}txt", "evil\\u{202e}txt"), ("x\r\ny", "x\\r\\ny"),
    ]
    for (text, expected) in cases { #expect(text.printable == expected) }
    #expect("a\nb\tc\u{1B}".printable(keepingLines: true) == "a\nb\tc\\x1b")
  }

  @Test func columnsAreCounted() {
    let cases = [
      ("", 0), ("abc", 3), ("漢字", 4), ("é", 1), ("e\u{301}", 1), ("한글", 4), ("\u{1F600}", 2), ("ｱ", 1),
    ]
    for (text, columns) in cases { #expect(text.columnCount == columns, "\(text)") }
    #expect("漢".padded(to: 4) == "漢  " && "abc".padded(to: 2) == "abc")
  }

  @Test func sizesAreWrittenForPeople() {
    let cases: [(Int64, String)] = [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1535, "1.4 KiB"), (1 << 20, "1.0 MiB"),
      (-2048, "-2.0 KiB"),
      (.max, "7.9 EiB"), (.min, "-8.0 EiB"), (1_234_567_890, "1.1 GiB"),
    ]
    for (bytes, text) in cases { #expect(ByteCount.text(bytes) == text) }
  }
}
