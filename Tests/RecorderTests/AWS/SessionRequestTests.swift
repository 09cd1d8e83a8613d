import Platform
import Testing

@testable import Recorder

/// What the JSON reader says of a text that is none.
func jsonError(_ text: String) -> JSONError {
  do throws(JSONError) {
    _ = try JSON(parsing: text)
    fatalError("this is JSON")
  } catch {
    return error
  }
}

@Suite struct SessionRequestTests {
  typealias Parameter = SessionRequest.Parameter

  private static let files: SessionRequest.FileReading = { (path) throws(Errno) in
    switch path {
    case "p.json": Array(#"{"portNumber":["22"]}"#.utf8)
    case "p.txt": Array("portNumber=22".utf8)
    case "r.json": Array(#"{"Target":"i-1","Reason":"why","Parameters":{"a":["1","2"]}}"#.utf8)
    default: throw .noSuchFile
    }
  }

  @Test func optionsComeBeforeTheJSONInput() throws {
    let request = try SessionRequest(
      target: nil, documentName: "Doc", parameters: "a=3", cliInputJSON: "file://r.json", readFile: Self.files
    )
    #expect(
      request
        == (try SessionRequest(
          target: "i-1", documentName: "Doc", reason: "why", parameters: [Parameter(name: "a", values: ["3"])]
        )))
    #expect(
      request.json.text == #"{"Target":"i-1","DocumentName":"Doc","Reason":"why","Parameters":{"a":["3"]}}"#)
    #expect(try SessionRequest(json: request.json) == request)
    #expect(
      try SessionRequest(target: "i-2", cliInputJSON: #"{"Target":"i-1"}"#, readFile: Self.files).target
        == "i-2")
  }

  @Test func parametersAreShorthandOrJSONOrAFile() throws {
    let port = [Parameter(name: "portNumber", values: ["22"])]
    for text in [
      "portNumber=22", #"portNumber=["22"]"#, #" {"portNumber":["22"]}"#, "file://p.json", "file://p.txt",
    ] {
      #expect(try SessionRequest.parameters(parsing: text, Self.files) == port)
    }
    let command = try SessionRequest.parameters(parsing: #"command="top -b, sorted",x=a,b,y=c"#, Self.files)
    #expect(
      command == [
        Parameter(name: "command", values: ["top -b, sorted"]), Parameter(name: "x", values: ["a", "b"]),
        Parameter(name: "y", values: ["c"]),
      ])
  }

  @Test func theServicesLimitsAreCheckedByMember() {
    func problem(_ make: () throws -> SessionRequest) -> SessionRequestError? {
      do {
        _ = try make()
        return nil
      } catch {
        return error as? SessionRequestError
      }
    }
    let long = { (count: Int) in String(repeating: "x", count: count) }
    let cases: [(SessionRequestError?, SessionRequestError?)] = [
      (problem { try SessionRequest(target: long(400), documentName: long(128), reason: long(256)) }, nil),
      (problem { try SessionRequest(target: "") }, .empty(member: "Target")),
      (
        problem { try SessionRequest(target: long(401)) },
        .tooLong(member: "Target", count: 401, maximum: 400)
      ),
      (
        problem { try SessionRequest(target: "i", documentName: "ab") },
        .tooShort(member: "DocumentName", minimum: 3)
      ),
      (
        problem { try SessionRequest(target: "i", documentName: long(129)) },
        .tooLong(member: "DocumentName", count: 129, maximum: 128)
      ),
      (
        problem { try SessionRequest(target: "i", documentName: "a b") },
        .badCharacters(member: "DocumentName", allowed: "letters, digits and _ - . : /")
      ),
      (
        problem {
          try SessionRequest(target: "i", documentName: "arn:aws:ssm:eu-central-1:1:document/x_y.z-1")
        }, nil
      ),
      (problem { try SessionRequest(target: "i", reason: "") }, .empty(member: "Reason")),
      (
        problem { try SessionRequest(target: "i", reason: long(257)) },
        .tooLong(member: "Reason", count: 257, maximum: 256)
      ),
      (
        problem { try SessionRequest(target: "i", reason: "a\nb") },
        .badCharacters(member: "Reason", allowed: "one line of text")
      ),
      (
        problem { try SessionRequest(target: "i", parameters: [Parameter(name: "", values: [])]) },
        .empty(member: "a name in Parameters")
      ),
      (
        problem { try SessionRequest(target: "i", parameters: [Parameter(name: "p", values: [""])]) },
        .empty(member: "Parameters.p")
      ),
      (problem { try SessionRequest(target: nil) }, .missing(member: "Target")),
      (
        problem { try SessionRequest(json: ["Target": 1]) },
        .wrongType(member: "Target", expected: "a string")
      ),
      (
        problem { try SessionRequest(json: [1]) },
        .wrongType(member: "the request", expected: "a JSON object")
      ),
      (problem { try SessionRequest(json: ["Target": "i", "target": "i"]) }, .unknownMember("target")),
      (
        problem { try SessionRequest(target: "i", parameters: #"{"a":"b"}"#) },
        .wrongType(member: "Parameters.a", expected: #"a list of strings, for example {"a":["value"]}"#)
      ),
      (
        problem { try SessionRequest(target: "i", parameters: "[1]") },
        .wrongType(member: "Parameters", expected: "a map of lists of strings")
      ),
      (
        problem { try SessionRequest(target: "i", parameters: "a={b=c}") },
        .wrongType(member: "Parameters.a", expected: #"a list of strings, for example {"a":["value"]}"#)
      ),
      (
        problem { try SessionRequest(target: "i", parameters: "{") },
        .badJSON(source: "--parameters", jsonError("{"))
      ),
      (
        problem { try SessionRequest(target: "i", parameters: "file://none", readFile: Self.files) },
        .unreadableFile(path: "none", .noSuchFile)
      ),
    ]
    for (index, (seen, expected)) in cases.enumerated() where seen != expected {
      Issue.record("case \(index): \(String(describing: seen)), not \(String(describing: expected))")
    }
  }

  @Test func skeletonsReadLikeTheAWSCLIs() throws {
    #expect(
      SessionRequest.inputSkeleton.members?.map(\.name) == ["Target", "DocumentName", "Reason", "Parameters"])
    #expect(throws: SessionRequestError.empty(member: "Target")) {
      try SessionRequest(json: SessionRequest.inputSkeleton)
    }
    #expect(
      try StartSessionResponse.init(json: ["SessionId": "a", "TokenValue": "b", "StreamUrl": "wss://h/"]).json
        .members?.map(\.name) == SessionRequest.outputSkeleton.members?.map(\.name))
  }
}
