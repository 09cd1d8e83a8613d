import Platform
import Testing

@testable import Recorder

@Suite struct SSMClientTests {
  /// A service that answers from a list and keeps what it was asked, and a clock that only notes pauses.
  private final class Script {
    var answers: [HTTPResponse]
    var requests: [HTTPRequest] = []
    var pauses: [Int64] = []
    init(_ answers: [HTTPResponse]) { self.answers = answers }

    func client() -> SSMClient {
      let transport = APITransport(
        send: { (request, url) throws(ConnectionError) in
          self.requests.append(request)
          if self.answers.isEmpty { throw .closed(peer: url.authority, .open) }
          return self.answers.removeFirst()
        }, pause: { (microseconds) throws(ConnectionError) in self.pauses.append(microseconds) },
        timestamp: { Timestamp(microseconds: 1_800_000_000_000_000) })
      return SSMClient(
        endpoint: URLParts(scheme: .https, host: "ssm.example", port: 8443), region: "eu-central-1",
        transport: transport,
        credentials: { () throws(CredentialError) in
          Credentials(accessKeyID: "AK", secretAccessKey: "s", sessionToken: "t")
        },
        jitter: { 250 })
    }
  }

  private static func ok(_ text: String) -> HTTPResponse { HTTPResponse(status: 200, body: Array(text.utf8)) }
  private static let started = ok(#"{"SessionId":"s-1","TokenValue":"t1","StreamUrl":"wss://h/a?b"}"#)

  @Test func startSessionIsSignedAndRead() throws {
    let script = Script([Self.started])
    let response = try script.client().startSession(SessionRequest(target: "i-1"))
    #expect(response == StartSessionResponse(sessionID: "s-1", tokenValue: "t1", streamURL: "wss://h/a?b"))
    let request = try #require(script.requests.first)
    #expect(request.method == "POST" && request.target == "/" && request.fields["Host"] == "ssm.example:8443")
    #expect(
      request.fields["X-Amz-Target"] == "AmazonSSM.StartSession"
        && String(decoding: request.body, as: UTF8.self) == #"{"Target":"i-1"}"#)
    #expect(throws: Never.self) {
      try SigV4.verify(request, service: "ssm", at: Timestamp(microseconds: 1_800_000_000_000_000)) { _ in
        Credentials(accessKeyID: "AK", secretAccessKey: "s", sessionToken: "t")
      }
    }
  }

  @Test func throttlingAndServerErrorsAreTriedAgainThreeTimes() throws {
    let throttled = ServiceError(type: "ThrottlingException", message: "").response
    let broken = ServiceError(type: "InternalServerError", message: "", status: 500).response
    let script = Script([throttled, broken, throttled, Self.started])
    #expect(try script.client().startSession(SessionRequest(target: "i-1")).sessionID == "s-1")
    #expect(script.pauses == [1_250_000, 2_500_000, 5_000_000])
    let stubborn = Script([broken, broken, broken, broken, Self.started])
    #expect(
      throws: APIError.service(
        operation: "StartSession", ServiceError(type: "InternalServerError", message: "", status: 500))
    ) {
      try stubborn.client().startSession(SessionRequest(target: "i-1"))
    }
    #expect(stubborn.requests.count == 4)
    let refused = Script([ServiceError(type: "TargetNotConnected", message: "no").response])
    #expect(
      throws: APIError.service(
        operation: "StartSession", ServiceError(type: "TargetNotConnected", message: "no"))
    ) {
      try refused.client().startSession(SessionRequest(target: "i-1"))
    }
    #expect(refused.pauses.isEmpty)
  }

  @Test func resumingGivesANewTokenOrTellsThatTheSessionIsOver() throws {
    let session = StartSessionResponse(sessionID: "s-1", tokenValue: "t1", streamURL: "wss://h/a?b")
    let cases: [(String, StartSessionResponse?)] = [
      (
        #"{"SessionId":"s-1","TokenValue":"t2","StreamUrl":"wss://h/a?c"}"#,
        StartSessionResponse(sessionID: "s-1", tokenValue: "t2", streamURL: "wss://h/a?c")
      ),
      (
        #"{"SessionId":"s-1","TokenValue":"t2"}"#,
        StartSessionResponse(sessionID: "s-1", tokenValue: "t2", streamURL: "wss://h/a?b")
      ),
      (#"{"SessionId":"s-1","TokenValue":""}"#, nil), (#"{"SessionId":"s-1"}"#, nil), ("{}", nil),
    ]
    for (text, expected) in cases {
      let script = Script([Self.ok(text)])
      #expect(try script.client().resumeSession(session) == expected)
      #expect(String(decoding: script.requests[0].body, as: UTF8.self) == #"{"SessionId":"s-1"}"#)
    }
  }

  @Test func aStrangeAnswerIsSaidWithoutRepeatingIt() throws {
    for body in ["", "hush", "{", "[]", #"{"SessionId":"s","TokenValue":"hush"}"#] {
      let script = Script([Self.ok(body)])
      do {
        _ = try script.client().startSession(SessionRequest(target: "i-1"))
        Issue.record("\(body) was taken")
      } catch let error as APIError {
        guard case .badAnswer(operation: "StartSession", _) = error, !error.description.contains("hush")
        else { throw error }
      }
    }
    #expect(throws: APIError.connection(.closed(peer: "ssm.example:8443", .open))) {
      try Script([]).client().terminateSession("s")
    }
  }
}
