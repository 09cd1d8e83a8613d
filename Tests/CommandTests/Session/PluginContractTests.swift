import Platform
import Testing

/// What callers of session-manager-plugin rely on before any session begins (protocol §2.1).
@Suite struct PluginContractTests {
  private let workspace: Workspace
  init() throws { workspace = try Workspace() }

  @Test func answersWithoutASessionAreTheOfficialClients() throws {
    let unknown = "\nUnknown operation %. \nUse session-manager-plugin --version to check the version.\n\n"
    let cases: [(arguments: [String], output: String)] = [
      (
        [],
        "\nThe Session Manager plugin was installed successfully. Use the AWS CLI to start a session.\n\n"
      ),
      (["version"], unknown.replacing("%", with: "version")),
      (["--help"], unknown.replacing("%", with: "--help")),
      (["{}", "eu-central-1"], unknown.replacing("%", with: "{}")),
      (["{}", "eu-central-1", "ResumeSession"], "Invalid Operation"),
      (["{}", "eu-central-1", "startsession", "", "{}", ""], "Invalid Operation"),
    ]
    for (arguments, output) in cases {
      let run = try workspace.run("session-manager-plugin", arguments)
      #expect(run.text == output, "for \(arguments)")
      #expect(run.status == .exited(0), "for \(arguments)")
      #expect(run.errorText == "", "for \(arguments)")
    }
  }

  @Test func theVersionIsAboveEveryGateAndAlone() throws {
    let run = try workspace.run("session-manager-plugin", ["--version"])
    #expect(run.text.hasSuffix("\n"))
    let numbers = run.text.dropLast().split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    #expect(numbers.count == 4 && !numbers.contains(nil), "\(run.text)")
    #expect([1, 2, 764, 0].lexicographicallyPrecedes(numbers.map { $0 ?? 0 }), "\(run.text)")
    #expect(run.errorText == "")
  }

  /// None of these may crash, hang, exit otherwise than the official client, or show the token.
  @Test func answersThatCannotBeUsedAreOneSentence() throws {
    workspace.environment.variables["AWS_SSM_START_SESSION_RESPONSE_EMPTY"] = ""
    let url = "wss://ssmmessages.eu-central-1.amazonaws.com/v1/data-channel/s-1"
    let responses = [
      "", "{", "null", "[]", "{}", "AWS_SSM_START_SESSION_RESPONSE", "AWS_SSM_START_SESSION_RESPONSE_EMPTY",
      #"{"SessionId":"s-1","TokenValue":"secret-token"}"#, #"{"SessionId":"s-1","StreamUrl":"\#(url)"}"#,
      #"{"SessionId":1,"TokenValue":"secret-token","StreamUrl":"\#(url)"}"#,
      #"{"SessionId":"s-1","TokenValue":"secret-token","StreamUrl":"file:///etc/passwd"}"#,
    ]
    for response in responses {
      let run = try workspace.run(
        "session-manager-plugin", [response, "eu-central-1", "StartSession", "", #"{"Target":"i-1"}"#, ""])
      #expect(run.text.contains("Cannot perform start session: "), "for \(response): \(run.allText)")
      #expect(run.text.hasSuffix("\n") && run.status == .exited(0), "for \(response)")
      #expect(!run.allText.contains("secret-token"), "for \(response)")
    }
  }
}
