import Format
import Platform
import Testing

@testable import Recorder

/// Sessions encrypted with the agent's own key management, the whole way.
@Suite struct EncryptedSessionTests {
  private static func agent(requiringChallenge: Bool = false) throws -> LocalAgent {
    try LocalAgent.forTests {
      $0.kms = true
      $0.requiresKeyChallenge = requiringChallenge
    }
  }

  @Test func aShellIsEncryptedInBothDirections() throws {
    for isRequired in [false, true] {
      let agent = try Self.agent(requiringChallenge: isRequired)
      let client = try AgentTestClient(agent)
      var sent: [AgentMessage] = []
      client.tamper = { bytes in
        if let message = try? AgentMessage(parsing: bytes) { sent.append(message) }  // ours are well-formed
        return bytes
      }
      client.resize(97, 31)
      client.type("printf 'h%sllo ' e; stty size\n")
      try client.run(untilPrinted: "hello 31 97")
      client.type("exit\n")
      try client.run { client.closeCode != nil }
      #expect(client.closed == "" && client.isEncrypted)
      #expect(client.messages == ["This session is encrypted using AWS KMS."])
      #expect(client.sessionType == .standardStream)
      let typed = sent.filter { $0.payloadType == .output }
      #expect(typed.allSatisfy { $0.payload.count > AESGCM.overhead && !$0.text.contains("printf") })
      #expect(sent.contains { $0.payloadType == .size && $0.text.contains("97") }, "sizes stay readable")
      agent.stop()
    }
  }

  @Test func commandsAreEncryptedToo() throws {
    let agent = try Self.agent()
    let interactive = try AgentTestClient(agent, running: "echo hi; exit 3")
    try interactive.run { interactive.closeCode != nil }
    #expect(interactive.text == "hi\r\n" && interactive.sessionType == .interactiveCommands)
    let piped = try AgentTestClient(agent, piping: "sh -c 'seq 1 5000; seq 1 5000 >&2; exit 7'")
    try piped.run { piped.closeCode != nil }
    let expected = (1...5000).map { "\($0)\n" }.joined()
    #expect(piped.text == expected && piped.errorText == expected && piped.exitCode == 7)
    #expect(piped.isEncrypted && interactive.isEncrypted)
    agent.stop()
  }

  @Test func theKeyOutlivesTheConnection() throws {
    let agent = try Self.agent()
    let client = try AgentTestClient(agent, running: "echo first; read line; echo \"second $line\"")
    try client.run(untilPrinted: "first")
    client.type("typed\r")
    client.cut()
    #expect(try client.resume())
    try client.run { client.closeCode != nil }
    #expect(client.text.contains("second typed") && client.closed == "")
    agent.stop()
  }

  @Test func documentsNameTheKeyAndReadyFilesTheEndpoint() throws {
    let agent = try Self.agent()
    for document in SessionDocument.all where document.kind != .port {
      let name = document.name
      let answer = try AgentTestClient.call(agent, "GetDocument", ["Name": .string(name)]).json(status: 200)
      let content = try JSON(parsing: answer["Content"]?.string ?? "")
      #expect(content["inputs"]?["kmsKeyId"]?.string?.hasPrefix("arn:aws:kms:us-east-1:") == true)
    }
    agent.stop()
  }

  /// Whatever is wrong with the key, the session ends with a reason, and nothing was run.
  @Test func keysThatDoNotFitAreRefusedWithAReason() throws {
    let prefix = "----------ERROR-------\nEncountered error while initiating handshake. "
    let wrongContext =
      prefix
      + "Fetching data key failed: InvalidCiphertextException: KMSCipherTextKey was made by another key, "
      + "or for another session, target or challenge."
    typealias Ask = (KeyRequest, _ id: String, LocalAgent) throws -> KeyAnswer
    func with(_ change: @escaping (inout KeyRequest) -> Void) -> Ask {
      { request, id, agent in
        var request = request
        change(&request)
        return try AgentTestClient.key(request, of: id, at: agent)
      }
    }
    func answer(_ change: @escaping (DataKey, [UInt8]) throws -> KeyAnswer) -> Ask {
      { request, id, agent in
        guard case .key(let key, let blob, _) = try AgentTestClient.key(request, of: id, at: agent) else {
          throw AgentTestClient.Failure(description: "no key")
        }
        return try change(key, blob)
      }
    }
    let cases: [(what: String, ask: Ask, text: String)] = [
      ("another target", { try AgentTestClient.key($0, of: $1, target: "i-1", at: $2) }, wrongContext),
      (
        "another session",
        { request, _, agent in
          try AgentTestClient.key(request, of: "other-0", at: agent)
        }, wrongContext
      ),
      ("another challenge", with { $0.challenge = "AAECAwQFBgcICQoLDA0ODw==" }, wrongContext),
      (
        "an acknowledgement of a challenge that was left out",
        { request, id, agent in
          var request = request
          request.challenge = nil
          guard case .key(let key, let blob, _) = try AgentTestClient.key(request, of: id, at: agent) else {
            return .failed(reason: "no key")
          }
          return .key(key, ciphertextBlob: blob, isBoundToChallenge: true)
        }, wrongContext
      ),
      (
        "a changed key", answer { .key($0, ciphertextBlob: $1.map { $0 ^ 1 }, isBoundToChallenge: true) },
        wrongContext
      ),
      (
        "a cut key", answer { .key($0, ciphertextBlob: Array($1.prefix(20)), isBoundToChallenge: true) },
        wrongContext
      ),
      (
        "no wrapped key", answer { key, _ in .key(key, ciphertextBlob: [], isBoundToChallenge: true) },
        wrongContext
      ),
      (
        "no key", { _, _, _ in .failed(reason: "no such key") },
        prefix
          + "KMSEncryption failed on client with status 2 error: Failed to process action KMSEncryption: no such key"
      ),
    ]
    let agent = try Self.agent()
    for (what, ask, text) in cases {
      let client = try AgentTestClient(agent)
      let id = client.sessionID
      client.key = { try ask($0, id, agent) }
      try client.run { client.closeCode != nil }
      #expect(client.closed == text, "\(what)")
      #expect(client.output == [] && client.failure == nil, "\(what)")
    }
    agent.stop()
  }

  /// Older clients leave the challenge out; where it is required they are told so.
  @Test func aKeyWithoutTheChallengeWillDoUnlessItIsRequired() throws {
    for isRequired in [false, true] {
      let agent = try Self.agent(requiringChallenge: isRequired)
      let client = try AgentTestClient(agent, running: "echo hi")
      client.key = { [id = client.sessionID] request in
        var request = request
        request.challenge = nil
        return try AgentTestClient.key(request, of: id, at: agent)
      }
      try client.run { client.closeCode != nil }
      let refusal =
        "----------ERROR-------\nEncountered error while initiating handshake. "
        + "client does not support required encryption context random challenge"
      #expect(client.closed == (isRequired ? refusal : "") && client.text == (isRequired ? "" : "hi\r\n"))
      agent.stop()
    }
  }

  @Test func anotherKeyIsFoundOutByTheChallenge() throws {
    let agent = try Self.agent()
    let client = try AgentTestClient(agent)
    client.key = { [id = client.sessionID] in
      guard case .key(_, let blob, _) = try AgentTestClient.key($0, of: id, at: agent) else {
        return .failed(reason: "no key")
      }
      return .key(try ChannelCipherTests.key(), ciphertextBlob: blob, isBoundToChallenge: true)
    }
    try client.run { client.failure != nil || client.closeCode != nil }
    #expect(client.failure == .undecipherable(sequenceNumber: 1), "the client cannot read the challenge")
    agent.stop()
  }

  /// Input that was changed on its way is not typed; the agent ends the session and says why.
  @Test func tamperedInputEndsTheSession() throws {
    let agent = try Self.agent()
    let client = try AgentTestClient(agent)
    try client.run(untilPrinted: "$ ")
    client.tamper = { bytes in
      guard var message = try? AgentMessage(parsing: bytes), message.payloadType == .output else {
        return bytes
      }
      message.payload[20] ^= 1
      return message.encoded(using: SHA256())
    }
    client.type("echo must not run\n")
    try client.run { client.closeCode != nil }
    #expect(client.closed?.hasPrefix("----------ERROR-------\nmessage ") == true, "\(client.closed ?? "")")
    #expect(client.closed?.contains("does not fit its key") == true)
    #expect(!client.text.contains("must not run"))
    agent.stop()
  }

  @Test func plainInputInAnEncryptedSessionIsRefused() throws {
    let agent = try Self.agent()
    let client = try AgentTestClient(agent)
    try client.run(untilPrinted: "$ ")
    client.tamper = { bytes in
      guard var message = try? AgentMessage(parsing: bytes), message.payloadType == .output else {
        return bytes
      }
      message.payload = Array("echo must not run; exit\r".utf8)
      return message.encoded(using: SHA256())
    }
    client.type("x")
    try client.run { client.closeCode != nil }
    #expect(client.closed?.contains("does not fit its key") == true && !client.text.contains("must not run"))
    agent.stop()
  }
}

extension AgentMessage {
  fileprivate var text: String { String(decoding: payload, as: UTF8.self) }
}
