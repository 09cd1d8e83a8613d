import Testing

@testable import Platform

@Suite struct ArgumentParserTests {
  private let program = SampleProgram.program

  /// One line that says all a parse brought: path, options in order, positionals.
  private func outcome(_ words: [String]) -> String {
    do throws(UsageError) {
      switch try ArgumentParser.parse(program, words) {
      case .run(_, let arguments):
        let options = arguments.occurrences.map { $0.option + ($0.value.map { "=" + $0 } ?? "") }
        return
          ([arguments.commandPath.dropFirst().joined(separator: ".")] + options + ["|"]
          + arguments.positionals)
          .joined(separator: " ")
      case .help(let scope, let isLong): return "help \(scope.names.joined(separator: ".")) \(isLong)"
      case .version: return "version"
      case .generate(let kind): return "generate \(kind)"
      }
    } catch {
      return "\(error.commandPath.joined(separator: " ")): \(error)"
    }
  }

  private func check(_ cases: [(String, String)]) {
    for (line, expected) in cases {
      let words = line.split(separator: " ").map { $0 == "''" ? "" : String($0) }
      let found = outcome(words)
      #expect(found == expected, "\(line)")
    }
  }

  @Test func readsOptionsAsGetoptDoes() {
    check([
      ("grep x", "grep | x"),
      ("grep -i -l x dir", "grep ignore-case files-with-matches | x dir"),
      ("grep -il x", "grep ignore-case files-with-matches | x"),
      ("grep -ilm5 x", "grep ignore-case files-with-matches max-count=5 | x"),
      ("grep -im 5 x", "grep ignore-case max-count=5 | x"),
      ("grep --max-count=5 x", "grep max-count=5 | x"),
      ("grep --max-count 5 x", "grep max-count=5 | x"),
      ("grep x --in=input y -i", "grep in=input ignore-case | x y"),
      ("grep --file= x", "grep file= | x"),
      ("grep --regexp=a=b", "grep regexp=a=b |"),
      ("grep -e -i", "grep regexp=-i |"),
      ("grep -e -- x", "grep regexp=-- | x"),
      ("grep -e '' x", "grep regexp= | x"),
      ("grep -- -i --in", "grep | -i --in"),
      ("grep - x", "grep | - x"),
      ("grep -e a -f b -e c", "grep regexp=a file=b regexp=c |"),
      ("grep --color never x", "grep color=never | x"),
      ("--color never grep x", "grep color=never | x"),
      ("grep --debug-dump x", "grep debug-dump | x"),
    ])
  }

  @Test func acceptsUniqueBeginningsAndPrefersWholeNames() {
    check([
      ("gr x", "grep | x"), ("g -i x", "grep ignore-case | x"), ("rem li s", "remote.list | s"),
      ("grep --ign x", "grep ignore-case | x"), ("grep --index x", "grep index | x"),
      ("grep --index-f d x", "grep index-folder=d | x"), ("grep --max=3 x", "grep max-count=3 | x"),
      ("grep --inde x", "sample grep: option --inde is ambiguous: --index or --index-folder"),
      ("grep --fil x", "sample grep: option --fil is ambiguous: --files-with-matches or --file"),
      ("grep --debug x", "sample grep: unknown option --debug"), ("secr", "play | secr"),
      ("secret", "secret |"),
    ])
  }

  @Test func leadsToTheDefaultSubcommandWhereTheFirstWordIsNone() throws {
    check([
      ("demo.cast", "play | demo.cast"), ("-", "play | -"), ("-s2 demo.cast", "play speed=2 | demo.cast"),
      ("--speed 2 demo.cast", "play speed=2 | demo.cast"), ("--sp=2 demo.cast", "play speed=2 | demo.cast"),
      ("--color never demo.cast --at 5", "play color=never at=5 | demo.cast"), ("-- grep", "play | grep"),
      (
        "exprot demo.cast",
        "sample play: unexpected argument \"demo.cast\"; did you mean the subcommand export?"
      ),
      ("demo.cast grep", "sample play: unexpected argument \"grep\""),
      ("--zzz", "sample: unknown option --zzz"), ("-z", "sample: unknown option -z"),
    ])
    #expect(try program.arguments(parsing: ["grpe"])?.similarSubcommand == "grep")
    #expect(try program.arguments(parsing: ["play", "grpe"])?.similarSubcommand == nil)
  }

  @Test func takesNumbersWithASignAsValuesAndPositionals() {
    check([
      ("play -s -1.5 f", "play speed=-1.5 | f"), ("play -s.5 f", "play speed=.5 | f"),
      ("play --speed=+2 f", "play speed=+2 | f"), ("grep -5 x", "grep | -5 x"), ("grep -1.5", "grep | -1.5"),
      ("play --speed=1e3 f", "sample play: --speed: \"1e3\" is no decimal number"),
      ("play --speed=inf f", "sample play: --speed: \"inf\" is no decimal number"),
      ("play --speed=0x10 f", "sample play: --speed: \"0x10\" is no decimal number"),
      ("play --speed= f", "sample play: --speed: \"\" is no decimal number"),
      ("play -s 1.2.3 f", "sample play: -s: \"1.2.3\" is no decimal number"),
      ("grep -m -1 x", "sample grep: -m: \"-1\" is no whole number from 0"),
      ("grep -m 1.5 x", "sample grep: -m: \"1.5\" is no whole number from 0"),
      (
        "grep -m 99999999999999999999 x",
        "sample grep: -m: \"99999999999999999999\" is no whole number from 0"
      ),
    ])
  }

  @Test func takesAValueThatMayBeLeftOutOnlyWhereItFits() {
    check([
      ("grep --skeleton x", "grep skeleton=input | x"),
      ("grep --skeleton output x", "grep skeleton=output | x"),
      ("grep --skeleton", "grep skeleton=input |"), ("grep --skeleton=output", "grep skeleton=output |"),
      (
        "grep --skeleton=outptu",
        "sample grep: --skeleton: \"outptu\" is none of input, output; did you mean output?"
      ),
    ])
  }

  @Test func saysWhatIsWrongInOneLine() {
    check([
      ("grep --ignore-csae x", "sample grep: unknown option --ignore-csae; did you mean --ignore-case?"),
      ("grep -Z x", "sample grep: unknown option -Z"),
      ("grep -regexp x", "sample grep: unknown option -r; did you mean --regexp?"),
      ("grep --regexp", "sample grep: option --regexp needs a value: --regexp PATTERN"),
      ("grep -e", "sample grep: option -e needs a value: -e PATTERN"),
      ("grep --index=yes x", "sample grep: option --index takes no value, but was given \"yes\""),
      (
        "grep --in title --in titel x",
        "sample grep: --in: \"titel\" is none of output, input, commands, title; did you mean title?"
      ),
      ("remote", "sample remote: a subcommand is missing"),
      ("remote lst", "sample remote: unknown subcommand \"lst\"; did you mean list?"),
      ("remote list", "sample remote list: STORE is missing"),
      ("play", "sample play: FILE is missing"), ("export", "sample export: FILE is missing"),
      ("play a b", "sample play: unexpected argument \"b\""),
      ("export f al", "sample export: KIND: \"al\" is none of all, part; did you mean all?"),
      ("", "sample: a subcommand is missing"), ("--color never", "sample: a subcommand is missing"),
      ("--=x", "sample: unknown option --"),
      ("--version=2", "sample: option --version takes no value, but was given \"2\""),
      ("--generate pdf", "sample: --generate: \"pdf\" is none of man, bash, zsh, fish"),
      ("completions csh", "sample completions: SHELL: \"csh\" is none of bash, zsh, fish; did you mean zsh?"),
      ("completions", "sample completions: SHELL is missing"),
      ("help grpe", "sample help: unknown subcommand \"grpe\"; did you mean grep?"),
    ])
  }

  @Test func answersHelpVersionAndGeneratedTexts() {
    check([
      ("-h", "help sample false"), ("--help", "help sample true"), ("--he", "help sample true"),
      ("grep -ih", "help sample.grep false"), ("grep --help --nonsense", "help sample.grep true"),
      ("remote list --help", "help sample.remote.list true"), ("play x y --help", "help sample.play true"),
      ("help", "help sample true"), ("help gr", "help sample.grep true"),
      ("help remote list", "help sample.remote.list true"),
      ("--version", "version"), ("--generate man", "generate man"), ("--generate=fish", "generate fish"),
      ("completions bash", "generate bash"), ("grep --version", "sample grep: unknown option --version"),
      ("grep --generate man", "sample grep: unknown option --generate"),
    ])
  }

  @Test func controlCharactersInWordsDoNotReachTheMessage() {
    #expect(outcome(["grep", "--\u{1B}[31m"]) == "sample grep: unknown option --\\x1b[31m")
    #expect(outcome(["play", "a", "\u{9B}2J\n"]) == "sample play: unexpected argument \"\\u{9b}2J\\n\"")
    #expect(outcome(["play", "a", String(repeating: "b", count: 1 << 20)]).count < 150)
  }

  @Test func wordsAreGivenToPlacesFromTheLeftLeavingEnoughForTheLast() {
    let copy = Program(
      Command(
        "copy", summary: "Copy",
        positionals: [
          Positional("FROM", help: "", arity: .atLeastOne), Positional("N", help: "", value: .number),
          Positional("MODE", help: "", arity: .optional, value: .choice(["fast", "slow"])),
        ]
      ) { _ in 0 }, version: "1")
    let cases: [([String], UsageError.Problem?)] = [
      (["a", "1"], nil), (["a", "b", "1"], nil), (["a"], .missingPositional("N")),
      ([], .missingPositional("FROM")),
      (["a", "b"], .badNumber(of: "N", value: "b")),
    ]
    for (words, problem) in cases {
      do throws(UsageError) {
        #expect(try copy.arguments(parsing: words)?.positionals == words)
        #expect(problem == nil)
      } catch {
        #expect(error.problem == problem, "\(words)")
      }
    }
  }

  @Test func anyWordsAreAnsweredWithoutACrash() {
    let pieces = [
      "-", "--", "--in", "=", "-e", "grep", "play", "x", "", "-5", "--skeleton", "-ie", "--color", "é", "\0",
      "--h",
    ]
    var random = SeededGenerator(seed: 7)
    for _ in 0..<5000 {
      let words = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        (0..<Int.random(in: 1...2, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
          .joined()
      }
      _ = outcome(words)
    }
  }

  @Test func argumentsAreAskedForByName() throws {
    let words = ["grep", "-e", "a", "-m", "3", "--regexp=b", "x", "-i"]
    let arguments = try #require(try program.arguments(parsing: words))
    #expect(arguments.has("ignore-case") && !arguments.has("index"))
    #expect(arguments.text("regexp") == "b" && arguments.texts("regexp") == ["a", "b"])
    #expect(arguments.integer("max-count") == 3 && arguments.number("max-count") == 3)
    #expect(
      arguments.text("since") == nil && arguments.texts("since").isEmpty && arguments.integer("since") == nil)
    let play = try #require(try program.arguments(parsing: ["-s", ".5", "f"]))
    #expect(play.number("speed") == 0.5 && play.integer("speed") == nil)
    #expect(try program.arguments(parsing: ["-s", "2.", "f"])?.number("speed") == 2)
  }
}
