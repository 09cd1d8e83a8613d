import Platform
import Testing

@testable import Recorder

/// A service that gives the same ids and tokens each time.
struct TestService {
  var service: Service
  var random = SeededRandom(1)
  var now = CalendarDate(year: 2026, month: 11, day: 21, hour: 6).timestamp

  init(kms: Bool = false, targets: [String] = ["local"]) {
    let key = Credentials(accessKeyID: "AKIALOCAL", secretAccessKey: "a secret of nobody")
    var configuration = AgentConfiguration(accessKey: key, user: "alice", environment: Environment([:]))
    configuration.kms = kms
    configuration.targets = targets
    service = Service(configuration, streamAuthority: "127.0.0.1:4711")
  }

  mutating func call(_ operation: Service.Operation, _ body: JSON) throws(ServiceFault) -> JSON {
    try service.perform(operation, body.encoded(), at: now, using: &random).answer
  }

  mutating func fault(_ operation: Service.Operation, _ body: String) -> ServiceFault? {
    do throws(ServiceFault) {
      _ = try service.perform(operation, Array(body.utf8), at: now, using: &random)
      return nil
    } catch { return error }
  }
}

@Suite struct ServiceTests {
  @Test func aStartedSessionHasAnIDATokenAndAStreamAddress() throws {
    var test = TestService()
    let answer = try test.call(.startSession, ["Target": "local", "Reason": "a look"])
    let id = try #require(answer["SessionId"]?.string)
    #expect(id.hasPrefix("alice-0") && id.utf8.count == "alice-".utf8.count + 17)
    #expect(answer["TokenValue"]?.string?.utf8.count == 32)
    let stream = "wss://127.0.0.1:4711/v1/data-channel/\(id)?role=publish_subscribe"
    #expect(answer["StreamUrl"]?.string == stream)
    #expect(test.service.sessions[id]?.status == .connecting)
    #expect(test.service.sessions[id]?.reason == "a look")
  }

  @Test func itAnswersAsEveryTargetItWasGivenAndAsNoOther() throws {
    var test = TestService(targets: ["web-01", "db-01"])
    for target in ["web-01", "db-01"] {
      let id = try #require(try test.call(.startSession, ["Target": .string(target)])["SessionId"]?.string)
      #expect(test.service.sessions[id]?.target == target)
    }
    #expect(test.fault(.startSession, #"{"Target":"local"}"#) == .targetNotConnected("local"))
  }

  @Test func whatIsWrongWithARequestIsSaidInAWSsWords() {
    let pattern = #"Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\-.:/]{3,128}$"#
    func invalid(_ problems: String...) -> ServiceFault {
      .validation(problems.map { "Value \($0)" })
    }
    let rule = "failed to satisfy constraint: "
    let long = String(repeating: "x", count: 401)
    let cases: [(Service.Operation, String, ServiceFault)] = [
      (.startSession, "{}", invalid("null at 'target' \(rule)Member must not be null")),
      (.startSession, "", invalid("null at 'target' \(rule)Member must not be null")),
      (.startSession, #"{"Target":null}"#, invalid("null at 'target' \(rule)Member must not be null")),
      (
        .startSession, #"{"Target":"","Reason":""}"#,
        invalid(
          "'' at 'target' \(rule)Member must have length greater than or equal to 1",
          "'' at 'reason' \(rule)Member must have length greater than or equal to 1")
      ),
      (
        .startSession, #"{"Target":"\#(long)"}"#,
        invalid("'\(long)' at 'target' \(rule)Member must have length less than or equal to 400")
      ),
      (
        .startSession, #"{"Target":"local","Reason":"a\nb"}"#,
        invalid("'a\nb' at 'reason' \(rule)Member must satisfy regular expression pattern: ^.{1,256}$")
      ),
      (
        .startSession, #"{"Target":"local","DocumentName":"a b"}"#,
        invalid("'a b' at 'documentName' \(rule)\(pattern)")
      ),
      (.startSession, #"{"Target":7}"#, .serialization("NUMBER_VALUE can not be converted to a String")),
      (
        .startSession, #"{"Target":"local","Parameters":{"command":"ls"}}"#,
        .serialization("STRING_VALUE can not be converted to a List")
      ),
      (.startSession, "[]", .serialization("Start of structure or map found where not expected.")),
      (.startSession, #"{"Target":"i-0123456789abcdef0"}"#, .targetNotConnected("i-0123456789abcdef0")),
      (
        .startSession, #"{"Target":"local","Parameters":{"portNumber":["22"]}}"#,
        .validation(["Parameter \"portNumber\" is not defined in document SSM-SessionManagerRunShell"])
      ),
      (
        .startSession, #"{"Target":"local","DocumentName":"AWS-StartInteractiveCommand"}"#,
        .validation(["Parameter \"command\" of document AWS-StartInteractiveCommand needs exactly one value"])
      ),
      (
        .startSession,
        #"{"Target":"local","DocumentName":"AWS-StartInteractiveCommand","Parameters":{"command":["a","b"]}}"#,
        .validation(["Parameter \"command\" of document AWS-StartInteractiveCommand needs exactly one value"])
      ),
      (
        .startSession,
        #"{"Target":"local","DocumentName":"AWS-StartInteractiveCommand","Parameters":{"command":[]}}"#,
        .validation(["Parameter \"command\" of document AWS-StartInteractiveCommand needs exactly one value"])
      ),
      (.resumeSession, #"{"SessionId":"nobody-0"}"#, .noSuchSession("nobody-0")),
      (.terminateSession, #"{"SessionId":"nobody-0"}"#, .noSuchSession("nobody-0")),
      (.terminateSession, "{}", invalid("null at 'sessionId' \(rule)Member must not be null")),
      (
        .describeSessions, #"{"State":"Dead","MaxResults":201}"#,
        invalid(
          "'Dead' at 'state' \(rule)Member must satisfy enum value set: [Active, History]",
          "'201' at 'maxResults' \(rule)Member must have value less than or equal to 200")
      ),
      (.describeSessions, #"{"State":"Active","NextToken":"x"}"#, .invalidNextToken),
      (
        .describeSessions, #"{"State":"Active","Filters":[{"key":"Color","value":"red"}]}"#, .invalidFilterKey
      ),
      (
        .getDocument, #"{"Name":"AWS-StartInteractiveCommand","DocumentVersion":"9"}"#,
        .invalidDocumentVersion("Document version 9 is not valid for AWS-StartInteractiveCommand.")
      ),
      (.getConnectionStatus, "{}", invalid("null at 'target' \(rule)Member must not be null")),
    ]
    for (operation, body, expected) in cases {
      var test = TestService()
      let fault = test.fault(operation, body)
      #expect(fault == expected, "\(operation.rawValue) \(body.prefix(80))")
      #expect(test.service.sessions.order.isEmpty)
    }
  }

  @Test func documentsThatAreNotThereAreRefusedByName() throws {
    var test = TestService()
    for name in ["AWS-StartPortForwardingSessionToMoon", "AWS-StartSSHSession2", "Nothing"] {
      let fault = test.fault(.startSession, #"{"Target":"local","DocumentName":"\#(name)"}"#)
      guard case .invalidDocument(let message)? = fault else {
        Issue.record("\(name): \(String(describing: fault))")
        continue
      }
      #expect(message.hasPrefix("Document with name \(name) does not exist."))
    }
    #expect(test.fault(.getDocument, #"{"Name":"Nothing"}"#)?.name == "InvalidDocument")
  }

  @Test func bodiesThatAreCutOffAreRefusedAtEveryLength() {
    let whole = #"{"Target":"local","Parameters":{"command":["ls é"]},"DocumentName":"x.y"}"#
    let bytes = Array(whole.utf8)
    var test = TestService()
    for count in 1..<bytes.count {
      do throws(ServiceFault) {
        _ = try test.service.perform(
          .startSession, Array(bytes.prefix(count)), at: test.now, using: &test.random)
        Issue.record("\(count) bytes were accepted")
      } catch {
        guard case .serialization = error else {
          Issue.record("\(count): \(error)")
          continue
        }
      }
    }
  }

  @Test func theContentsOfADocumentAreAStringThatHoldsJSON() throws {
    var test = TestService()
    let answer = try test.call(.getDocument, ["Name": "SSM-SessionManagerRunShell"])
    let content = try JSON(parsing: try #require(answer["Content"]?.string))
    #expect(content["schemaVersion"]?.string == "1.0")
    #expect(content["sessionType"]?.string == "Standard_Stream")
    #expect(answer["DocumentType"]?.string == "Session")
    let arn = "arn:aws:ssm:us-east-1::document/AWS-StartInteractiveCommand"
    let command = try test.call(.getDocument, ["Name": .string(arn), "DocumentFormat": "YAML"])
    #expect(command["Name"]?.string == "AWS-StartInteractiveCommand")
    #expect(command["DocumentFormat"]?.string == "YAML")
  }

  @Test func onlyTheOneTargetIsConnected() throws {
    var test = TestService()
    let local = try test.call(.getConnectionStatus, ["Target": "local"])
    #expect(local == ["Target": "local", "Status": "connected"])
    #expect(try test.call(.getConnectionStatus, ["Target": "i-1"])["Status"]?.string == "notconnected")
  }

  @Test func aTokenOpensItsOwnChannelOnce() throws {
    var test = TestService()
    let first = try test.call(.startSession, ["Target": "local"])
    let second = try test.call(.startSession, ["Target": "local"])
    let (id, other) = (first["SessionId"]!.string!, second["SessionId"]!.string!)  // checked elsewhere
    func opening(_ token: String?) -> [UInt8] {
      JSON.object([.init("MessageSchemaVersion", "1.0"), .init("TokenValue", JSON(token))]).encoded()
    }
    let token = first["TokenValue"]?.string
    let without = "Channel \(id): request to open data channel does not contain token."
    let wrong = "Channel \(id): request to open data channel does not contain valid token."
    #expect(test.service.open(channel: id, with: opening(nil)) == without)
    #expect(test.service.open(channel: id, with: opening("")) == without)
    #expect(test.service.open(channel: id, with: [0xFF, 0x7B]) == without)
    #expect(test.service.open(channel: id, with: opening("guess")) == wrong)
    #expect(test.service.open(channel: other, with: opening(token)) != nil)
    #expect(test.service.open(channel: "nobody-0", with: opening(token)) != nil)
    #expect(test.service.open(channel: id, with: opening(token)) == nil)
    #expect(test.service.sessions[id]?.status == .connected)
    #expect(test.service.open(channel: id, with: opening(token)) == wrong)
    let resumed = try test.call(.resumeSession, ["SessionId": .string(id)])
    #expect(test.service.open(channel: id, with: opening(resumed["TokenValue"]?.string)) == nil)
  }

  @Test func anEndedSessionResumesWithoutAToken() throws {
    var test = TestService()
    let id = try test.call(.startSession, ["Target": "local"])["SessionId"]!.string!
    let terminated = try test.service.perform(
      .terminateSession, JSON.object([.init("SessionId", .string(id))]).encoded(), at: test.now,
      using: &test.random)
    #expect(terminated.answer == ["SessionId": .string(id)])
    #expect(terminated.consequence == .terminate(sessionID: id))
    test.service.sessions.end(id, details: "gone", at: test.now)
    let resumed = try test.call(.resumeSession, ["SessionId": .string(id)])
    #expect(resumed["TokenValue"] == "")
    #expect(resumed["SessionId"]?.string == id)
    let again = try test.service.perform(
      .terminateSession, JSON.object([.init("SessionId", .string(id))]).encoded(), at: test.now,
      using: &test.random)
    #expect(again.consequence == .none)
  }

  @Test func theNumberOfSessionsIsBounded() throws {
    var test = TestService()
    for _ in 0..<SessionRegistry.maximumActive { _ = try test.call(.startSession, ["Target": "local"]) }
    #expect(test.fault(.startSession, #"{"Target":"local"}"#) == .throttling)
    for id in test.service.sessions.order { test.service.sessions.end(id, details: "", at: test.now) }
    #expect(test.service.sessions.activeCount == 0)
    for _ in 0..<3 {
      for _ in 0..<SessionRegistry.maximumActive { _ = try test.call(.startSession, ["Target": "local"]) }
      for id in test.service.sessions.order { test.service.sessions.end(id, details: "", at: test.now) }
    }
    #expect(test.service.sessions.order.count == SessionRegistry.maximumEnded)
  }
}
