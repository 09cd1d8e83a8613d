import Platform
import Testing

@testable import Recorder

@Suite struct AgentHandshakeTests {
  private static let start = Instant(microseconds: 1_000_000)
  private static let later = Instant(microseconds: 1_002_000)

  @Test func asksForTheTypeAndIsContentWithAnAgreement() {
    var handshake = AgentHandshake(.nonInteractiveCommands, now: Self.start)
    #expect(handshake.request.sessionType == .nonInteractiveCommands)
    #expect(handshake.request.properties == .null)
    let response = HandshakeResponse(answering: handshake.request, clientVersion: "1.2.835.0")
    #expect(
      handshake.take(response, now: Self.later)
        == .complete(HandshakeComplete(nanoseconds: 2_000_000, customerMessage: "")))
  }

  @Test func whateverIsNotAgreedToEndsTheSessionWithTheClientsWords() throws {
    let cases: [(actions: [HandshakeResponse.Action], cause: String)] = [
      ([], "SessionType was not processed by the client."),
      ([.init(type: "Other", status: .success)], "SessionType was not processed by the client."),
      (
        [.init(type: "SessionType", status: .failed, error: "Failed: why")],
        "SessionType failed on client with status 2 error: Failed: why"
      ),
      (
        [.init(type: "SessionType", status: nil, result: 3, error: "Unsupported")],
        "SessionType failed on client with status 0 error: Unsupported"
      ),
    ]
    for (actions, cause) in cases {
      var handshake = AgentHandshake(.nonInteractiveCommands, now: Self.start)
      let step = handshake.take(HandshakeResponse(clientVersion: "1", actions: actions), now: Self.later)
      #expect(
        step
          == .failed("----------ERROR-------\nEncountered error while initiating handshake. \(cause)"))
    }
  }
}
