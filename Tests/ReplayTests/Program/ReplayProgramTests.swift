import Format
import Platform
import Testing

@testable import Replay

@Suite struct ReplayProgramTests {
  private let program = ReplayProgram.program(Environment([:]))

  @Test func aFileAloneIsPlayed() throws {
    let arguments = try #require(try program.arguments(parsing: ["--speed", "2", "a.cast"]))
    #expect(arguments.commandPath == ["ssmplay", "play"])
    #expect(arguments.positionals == ["a.cast"])
    #expect(arguments.number("speed") == 2)
  }

  @Test func everyOptionOfTheContractIsTaken() throws {
    let lines = [
      "play a@1:20 --speed 2 --idle-limit 1.5 --at 50% --until end --no-controls",
      "ls --target i-* --user u --document d --reason r --since yesterday --until today --sort size --json DIR",
      "show a --json", "export a --to txt -o b --from 1 --until 2 --overwrite", "import a b c -o d/",
      "grep -i -S -F -w -x -v -c -l -L -o -q -m 3 -A 1 -B 2s -C 5s --json --no-index --stats --in input PATTERN a b",
      "grep -e a -e b -f c --target t --user u --document d --reason r --since now --until now",
    ]
    for line in lines {
      #expect(throws: Never.self, "\(line)") {
        try program.arguments(parsing: line.split(separator: " ").map(String.init))
      }
    }
  }

  @Test func theTableOfKeysFitsIntoEightyColumns() {
    let play = PlayCommand.command(Environment([:]))
    let keys = play.sections.first { $0.title == "Keys" }?.text ?? ""
    let table = keys.split(separator: "\n").filter { $0.hasPrefix("  ") }
    #expect(table.count == KeyBindings.standard.table.count)
    for line in table { #expect(String(line).columnCount <= 78, "\(line)") }
  }

  @Test func recordingsAreFoundByPathOrSession() throws {
    let folder = try TemporaryFolder()
    let path = try folder.record("063102-i-0abc-bob-0123.cast.gz", [.output(0, "a")])
    let workplace = try Workplace(Environment(["SSMCAST_DIR": folder.path]))
    #expect(try workplace.path(of: path) == path)
    #expect(try workplace.path(of: "bob-01") == path)
    #expect(throws: ReplayError.noSuchRecording("eve", folder: folder.path)) { try workplace.path(of: "eve") }
    let reader = try workplace.open("bob")
    let scale = try workplace.scale(for: [.percent(50)], of: reader, name: "bob")
    #expect(scale.length == 0)
  }

  @Test func markersAndLengthsAreReadWhereTheyAreNeeded() throws {
    let folder = try TemporaryFolder()
    let events = [
      Event.output(0, "a"), Event(microseconds: 4_000_000, code: .marker, text: "m"), .output(8, "b"),
    ]
    let workplace = try Workplace(Environment(["SSMCAST_DIR": folder.path]))
    for isClosed in [true, false] {
      let path = try folder.record("r\(isClosed).cast.gz", events, isClosed: isClosed)
      let scale = try workplace.scale(
        for: [.marker("m"), .end], of: try workplace.open(path), name: path)
      #expect(try scale.place(.marker("m")) == 4_000_000)
      #expect(try scale.place(.end) == 8_000_000)
      #expect(try scale.place(nil) == nil)
    }
  }

  @Test func errorsSayWhatToDoNext() {
    let table: [(ReplayError, String)] = [
      (.noSuchRecording("x\n", folder: "/r"), "'ssmplay ls' lists them"), (.outputExists("o"), "--overwrite"),
      (.mistypedSubcommand("exprt", "export"), "did you mean the subcommand export?"),
      (.emptyRange(from: "0:05.0", until: "0:01.0"), "0:05.0 is not before 0:01.0"),
      (.cannotRead(path: "p", .noSuchFile), "no such file or directory"),
    ]
    for (error, words) in table where !error.description.contains(words) {
      Issue.record("\(error.description)")
    }
  }
}
