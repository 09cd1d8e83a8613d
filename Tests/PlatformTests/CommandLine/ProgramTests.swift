import Testing

@testable import Platform

@Suite struct ProgramTests {
  private let program = SampleProgram.program

  @Test func runsTheChosenCommandAndGivesItsCode() {
    #expect(program.run(["grep", "a", "b", "c"]) == 3)
    #expect(program.run(["secret"]) == 7)
    #expect(program.run(["demo.cast"]) == 0)
  }

  @Test func aProgramWithoutSubcommandsHasNoneBuiltIn() throws {
    let plain = Program(
      Command("plain", summary: "Plain", positionals: [Positional("X", help: "", arity: .any)]) { _ in 5 },
      version: "1")
    #expect(plain.run(["help", "completions"]) == 5)
    #expect(try plain.arguments(parsing: ["help"])?.positionals == ["help"])
  }

  @Test func helpGoesToStandardOutputAndErrorsToStandardError() async {
    let help = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      Exit.now(SampleProgram.program.run(["--help"]))
    }
    let version = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      Exit.now(SampleProgram.program.run(["--version"]))
    }
    let failure = await #expect(processExitsWith: .exitCode(2), observing: [\.standardErrorContent]) {
      Exit.now(SampleProgram.program.run(["grep", "--nonsense"]))
    }
    let bare = await #expect(
      processExitsWith: .exitCode(2), observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      Exit.now(SampleProgram.program.run([]))
    }
    let cases: [(found: [UInt8]?, expected: String)] = [
      (help?.standardOutputContent, "Usage: sample"), (version?.standardOutputContent, "sample 1.2.3\n"),
      (
        failure?.standardErrorContent,
        "sample grep: unknown option --nonsense\nTry 'sample grep --help'.\n"
      ), (bare?.standardErrorContent, "Usage: sample"),
    ]
    for (found, expected) in cases {
      let text = String(decoding: found ?? [], as: UTF8.self)
      #expect(text.contains(expected))
    }
    let silent = [help?.standardErrorContent, bare?.standardOutputContent].map {
      String(decoding: $0 ?? [], as: UTF8.self)
    }
    #expect(!silent[0].contains("sample") && !silent[1].contains("sample"))
  }
}
