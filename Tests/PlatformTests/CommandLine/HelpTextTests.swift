import Testing

@testable import Platform

@Suite struct HelpTextTests {
  private func help(_ path: [String], isLong: Bool = true, columns: Int = 80, color: Bool = false) throws
    -> String
  {
    guard case .help(let scope, _) = try ArgumentParser.parse(SampleProgram.program, ["help"] + path) else {
      return ""
    }
    return HelpText(scope, isLong: isLong, columns: columns, Style(isOn: color)).text
  }

  @Test func longHelpHasDiscussionGroupsSectionsAndExamples() throws {
    let expected = """
      Search what was on the screen.

      Usage: sample grep [OPTION]... [PATTERN] [PATH]...

      Searches all recordings, or those below the given files and folders.

      Arguments:
        PATTERN                   What to search
        PATH                      Where to search

      Options:
        -i, --ignore-case         Take upper and lower case as the same
        -l, --files-with-matches  Only name the recordings. Each is named once.
        -e, --regexp PATTERN      A pattern (may be repeated)
        -f, --file FILE           Patterns from FILE, one a line (may be repeated)
        -m, --max-count NUM       Stop a recording after NUM lines
            --in WORD             Where to search (WORD is one of output, input,
                                  commands, title)
            --index               Use the index
            --index-folder DIR    The index's folder
            --skeleton [input|output]
                                  Print a skeleton

      Filters:
            --since DATE          Only recordings from DATE on

      Common options:
            --color auto|always|never
                                  When to use color
        -h, --help                Show help: -h in short, --help in full, with
                                  examples

      Exit status:
        0 found, 1 not found, 2 error.

      Examples:
        All refusals, whatever the letter case
          $ sample grep -i 'access denied'

        Deletions that were typed
          $ sample grep --in commands 'rm -rf' ~/rec

      """
    #expect(try help(["grep"]) == expected)
  }

  @Test func shortHelpIsShorterAndPointsToTheLongOne() throws {
    let short = try help(["grep"], isLong: false)
    let shows = ["--ignore-case", "'sample grep --help' shows more"]
    let hides = ["Each is named once", "Exit status", "access denied", "debug-dump", "Searches all"]
    for text in shows { #expect(short.contains(text), "\(text)") }
    for text in hides { #expect(!short.contains(text), "\(text)") }
  }

  @Test func theProgramsHelpListsSubcommandsAndBothWaysToCallIt() throws {
    let text = try help([])
    let shows = [
      "Usage: sample [OPTION]... SUBCOMMAND ...\n       sample [OPTION]... FILE\n",
      "  grep           Search what was on the screen\n", "  completions    Print",
      "      --version  Show the version\n",
    ]
    for piece in shows { #expect(text.contains(piece), "\(piece)") }
    #expect(!text.contains("secret") && !text.contains("generate"))
  }

  @Test func noLineIsLongerThanTheTerminalIfItsWordsAreNot() throws {
    for columns in [-1, 0, 40, 41, 57, 60, 80, 100, 500] {
      for path in [[], ["grep"], ["export"], ["remote", "list"]] {
        let limit = min(max(columns, 40), 100)
        for line in try help(path, columns: columns).split(separator: "\n") where !line.contains("  $ ") {
          if String(line).columnCount > limit { Issue.record("\(columns): \(line)") }
        }
      }
    }
  }

  @Test func tablesInTextAreNotWrapped() throws {
    #expect(try help(["play"], columns: 40).contains("Keys:\n\n  space    pause\n  q        quit\n"))
  }

  @Test func colorIsInHeadingsOnlyWhereItIsOn() throws {
    #expect(try help(["grep"], color: true).contains("\u{1B}[1mOptions:\u{1B}[0m"))
    #expect(try !help(["grep"]).contains("\u{1B}"))
  }

  @Test func wrappingCountsColumnsAndKeepsLongWords() {
    #expect(TextLayout.wrap("aa bb cc", columns: 5) == ["aa bb", "cc"])
    #expect(TextLayout.wrap("漢字 漢字", columns: 8) == ["漢字", "漢字"])
    #expect(TextLayout.wrap("a toolongforthis b", columns: 5) == ["a", "toolongforthis", "b"])
    #expect(TextLayout.wrap("  ", columns: 5).isEmpty)
    let blocks = TextLayout.blocks("one\ntwo\n\n\n  kept\n  too\nthree\n\n")
    let expected: [TextLayout.Block] = [
      .paragraph("one two"), .gap, .verbatim("  kept"), .verbatim("  too"), .paragraph("three"),
    ]
    #expect(blocks == expected)
  }
}
