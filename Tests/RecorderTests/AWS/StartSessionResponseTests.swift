import Platform
import Testing

@testable import Recorder

@Suite struct StartSessionResponseTests {
  @Test func membersMatchInAnyLetterCaseAndOthersAreIgnored() throws {
    for (id, token, url) in [
      ("SessionId", "TokenValue", "StreamUrl"), ("sessionId", "tokenValue", "streamUrl"),
      ("SESSIONID", "tokenvalue", "STREAMURL"),
    ] {
      let text =
        #"{"x":{"y":1},"\#(id)":"me@corp-1","\#(token)":"t","\#(url)":"wss://h/v1?cell-number=A+/="}"#
      let response = try StartSessionResponse(parsing: Array(text.utf8))
      #expect(
        response
          == StartSessionResponse(
            sessionID: "me@corp-1", tokenValue: "t", streamURL: "wss://h/v1?cell-number=A+/="))
      #expect(try response.stream().requestTarget == "/v1?cell-number=A+/=")
    }
  }

  @Test func whatIsMissingIsNamedAndNothingSecretRepeated() {
    let cases: [(String, StartSessionResponse.ResponseError)] = [
      ("", .notJSON(jsonError(""))), ("[]", .notAnObject), ("\"hush\"", .notAnObject),
      ("{}", .missing(member: "SessionId")),
      (#"{"SessionId":"a","StreamUrl":"wss://h?hush"}"#, .missing(member: "TokenValue")),
      (#"{"SessionId":"a","TokenValue":"hush"}"#, .missing(member: "StreamUrl")),
      (#"{"SessionId":"a","TokenValue":1,"StreamUrl":"wss://h"}"#, .missing(member: "TokenValue")),
      (#"{"SessionId":"","TokenValue":"hush","StreamUrl":"wss://h"}"#, .missing(member: "SessionId")),
    ]
    for (text, expected) in cases {
      #expect(throws: expected) { try StartSessionResponse(parsing: Array(text.utf8)) }
      #expect(!expected.description.contains("hush"))
    }
    do {
      _ = try StartSessionResponse(json: ["SessionId": "a", "TokenValue": "b", "StreamUrl": "hush://x?hush"])
      Issue.record("a bad StreamUrl was taken")
    } catch {
      #expect(!error.description.contains("hush"))
    }
  }

  @Test func printingShowsNeitherTokenNorQuery() throws {
    let response = StartSessionResponse(sessionID: "s-1", tokenValue: "hush", streamURL: "wss://h/?hush")
    var dumped = ""
    dump(response, to: &dumped)
    for text in ["\(response)", String(reflecting: response), dumped] {
      #expect(!text.contains("hush") && text.contains("s-1"))
    }
  }
}
