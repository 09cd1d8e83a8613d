import Platform
import Testing

@testable import Recorder

@Suite struct HandshakeMessagesTests {
  @Test func readsAndWritesTheOfficialRequests() throws {
    let port = try ChannelVector.named("handshake_request_port_ssh").payload
    let request = try HandshakeRequest(parsing: port)
    #expect(request.agentVersion == "3.3.987.0")
    #expect(request.sessionType == .port)
    #expect(request.properties?["portNumber"]?.string == "22")
    #expect(request.encoded() == port)

    let encrypted = try ChannelVector.named("handshake_request_shell_kms").payload
    let shell = try HandshakeRequest(parsing: encrypted)
    #expect(shell.sessionType == .standardStream)
    #expect(shell.actions.map(\.type) == ["SessionType", "KMSEncryption"])
    #expect(shell.encoded() == encrypted)
  }

  @Test func readsAndWritesTheOfficialResponses() throws {
    for name in ["handshake_response_port", "handshake_response_kms"] {
      let payload = try ChannelVector.named(name).payload
      let response = try HandshakeResponse(parsing: payload)
      #expect(response.isAgreed)
      #expect(response.clientVersion == "1.2.650.0")
      #expect(response.encoded() == payload)
    }
    // The official client's mistake: the status stands in the result.
    let quirk = try HandshakeResponse(
      parsing: ChannelVector.named("handshake_response_unsupported_quirk").payload)
    #expect(!quirk.isAgreed)
    #expect(quirk.actions.first?.status == nil && quirk.actions.first?.result == 3)
  }

  @Test func readsAndWritesTheOfficialEnd() throws {
    let payload = try ChannelVector.named("handshake_complete_kms").payload
    let complete = try HandshakeComplete(parsing: payload)
    #expect(complete.nanoseconds == 1_234_567_890)
    #expect(complete.customerMessage == "This session is encrypted using AWS KMS.")
    #expect(complete.encoded() == payload)
  }

  @Test func agreesToShellsAndSaysWhyNotToOthers() {
    let cases:
      [(action: HandshakeRequest.Action, status: HandshakeResponse.Status, error: String, bare: [String])] = [
        (.init(type: "SessionType", parameters: ["SessionType": "Standard_Stream"]), .success, "", []),
        (.init(type: "SessionType", parameters: ["SessionType": "InteractiveCommands"]), .success, "", []),
        (.init(type: "SessionType", parameters: ["SessionType": "NonInteractiveCommands"]), .success, "", []),
        (
          .init(type: "SessionType", parameters: ["SessionType": "Teleport"]), .failed,
          "Failed to process action SessionType: Unknown session type Teleport",
          ["Unknown session type Teleport"]
        ),
        (
          .init(type: "SessionType", parameters: .null), .failed,
          "Failed to process action SessionType: Unknown session type ", ["Unknown session type "]
        ),
        (
          .init(type: "SessionType", parameters: ["SessionType": "Port2"]), .failed,
          "Failed to process action SessionType: Unknown session type Port2", ["Unknown session type Port2"]
        ),
        (
          .init(type: "KMSEncryption", parameters: ["KMSKeyId": "k"]), .failed,
          "Failed to process action KMSEncryption: no such key", ["no such key"]
        ),
        (
          .init(type: "Foo", parameters: .null), .unsupported, "Unsupported action Foo",
          ["Unsupported action Foo"]
        ),
      ]
    for (action, status, error, bare) in cases {
      let request = HandshakeRequest(agentVersion: "3.3.987.0", actions: [action])
      let response = HandshakeResponse(
        answering: request, key: .failed(reason: "no such key"), clientVersion: "1.2.835.0")
      #expect(response.actions == [.init(type: action.type, status: status, error: error)])
      #expect(response.errors == bare)
    }
  }

  @Test func missingMembersAreEmptyAndBrokenTextIsAnError() throws {
    #expect(
      try HandshakeRequest(parsing: Array("{}".utf8)) == HandshakeRequest(agentVersion: "", actions: []))
    #expect(try HandshakeResponse(parsing: Array("[1]".utf8)).actions.isEmpty)
    for name in ["handshake_request_port_ssh", "handshake_response_kms", "handshake_complete_kms"] {
      let payload = try ChannelVector.named(name).payload
      for count in payload.indices {
        let prefix = Array(payload.prefix(count))
        #expect(throws: JSONError.self) { try HandshakeRequest(parsing: prefix) }
      }
    }
  }
}
