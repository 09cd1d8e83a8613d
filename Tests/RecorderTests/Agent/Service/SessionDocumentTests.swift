import Platform
import Testing

@testable import Recorder

@Suite struct SessionDocumentTests {
  private func content(_ document: SessionDocument) throws -> JSON {
    try JSON(parsing: document.content(keyID: ""))
  }

  @Test func contentsNameTheTypeTheParametersAndWhatIsRun() throws {
    for document in SessionDocument.all {
      let content = try content(document)
      #expect(content["schemaVersion"] == "1.0")
      #expect(content["sessionType"]?.string == document.kind.name)
      #expect((content["parameters"]?.members ?? []).map(\.name) == document.parameters.map(\.name))
      #expect((content["inputs"] != nil) == (document.kind == .standardStream))
    }
    let interactive = try content(.interactiveCommand)
    let run: JSON = ["commands": "{{ command }}", "runAsElevated": false]
    #expect(interactive["properties"] == ["linux": run, "macos": run])
    #expect(interactive["parameters"]?["command"]?["type"] == "String")
    #expect(interactive["parameters"]?["command"]?["default"] == nil)
  }

  @Test func standardErrorComesApartUnlessAskedOtherwise() throws {
    let content = try content(.nonInteractiveCommand)
    let separate = content["parameters"]?["separateOutputStream"]
    #expect(separate?["default"] == "True" && separate?["allowedValues"] == ["True", "False"])
    let run = content["properties"]?["linux"]
    #expect(run?["commands"] == "{{ command }}")
    #expect(run?["separateOutputStream"] == "{{ separateOutputStream }}")
    #expect(run?["stdErrSeparatorPrefix"] == "{{ stdErrSeparatorPrefix }}")
    #expect(
      content["parameters"]?["stdOutSeparatorPrefix"]?["allowedPattern"]?.string
        == #"^[0-9a-zA-Z\r\n_:-]{0,30}$"#)
  }

  @Test func valuesAreCheckedAsTheDocumentDeclares() throws {
    let thirty = String(repeating: "x", count: 30)
    let cases: [(SessionDocument.Parameter, String, isAllowed: Bool)] = [
      (.command, "", true), (.command, "anything at all \u{1}", true),
      (.separateOutputStream, "True", true), (.separateOutputStream, "False", true),
      (.separateOutputStream, "true", false), (.separateOutputStream, "", false),
      (.outputPrefix, "", true), (.outputPrefix, "out_1:-\r\n", true), (.outputPrefix, thirty, true),
      (.outputPrefix, thirty + "x", false), (.errorPrefix, "a b", false), (.errorPrefix, "é", false),
      (.errorPrefix, "[err]", false),
    ]
    for (parameter, value, isAllowed) in cases {
      #expect((parameter.rule(brokenBy: value) == nil) == isAllowed, "\(parameter.name) \(value)")
    }
    var test = TestService()
    let body =
      #"{"Target":"local","DocumentName":"AWS-StartNonInteractiveCommand","Parameters":"#
      + #"{"command":["ls"],"separateOutputStream":["maybe"]}}"#
    #expect(
      test.fault(.startSession, body)
        == .validation([
          "Value 'maybe' at 'parameters.separateOutputStream' failed to satisfy constraint: "
            + "Member must satisfy enum value set: [True, False]"
        ]))
  }

  @Test func aSessionHasAValueForEachParameter() throws {
    var test = TestService()
    let answer = try test.call(
      .startSession,
      [
        "Target": "local", "DocumentName": "AWS-StartNonInteractiveCommand",
        "Parameters": ["command": ["ls"], "stdErrSeparatorPrefix": ["e:"]],
      ])
    let entry = try #require(test.service.sessions[answer["SessionId"]?.string ?? ""])
    #expect(
      entry.parameters == [
        "command": "ls", "separateOutputStream": "True", "stdOutSeparatorPrefix": "",
        "stdErrSeparatorPrefix": "e:",
      ])
  }
}
