import Testing

@testable import Recorder

@Suite struct PluginProgramTests {
  typealias Words = PluginProgram.SessionWords

  @Test(
    arguments: [
      ([], .greeting), (["--version"], .version), (["x"], .unknownOperation("x")),
      (["--help", "y"], .unknownOperation("--help")), (["{}", "r", "Start"], .invalidOperation),
      (["{}", "r", "StartSession"], .session(Words(response: "{}", region: "r"))),
      (["{}", "r", "StartSession", "p"], .session(Words(response: "{}", region: "r", profile: "p"))),
      (
        ["{}", "r", "StartSession", "", "{\"Target\":\"t\"}", "https://e", "more"],
        .session(Words(response: "{}", region: "r", request: "{\"Target\":\"t\"}", endpoint: "https://e"))
      ),
      (
        ["{}", "r", "StartSession", "", "{}", ""],
        .session(Words(response: "{}", region: "r", request: "{}", endpoint: nil))
      ),
    ] as [([String], PluginProgram.Invocation)])
  func sortsTheWordsAsTheOfficialClientDoes(words: [String], expected: PluginProgram.Invocation) {
    #expect(PluginProgram.invocation(words) == expected)
  }
}
