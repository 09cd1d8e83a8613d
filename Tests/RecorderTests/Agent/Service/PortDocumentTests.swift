import Platform
import Testing

@testable import Recorder

/// The documents of port sessions: what the service takes, gives out, and makes of it.
@Suite struct PortDocumentTests {
  private func start(_ document: String, _ parameters: String) throws -> PortProperties? {
    var test = TestService()
    let answer = try test.call(
      .startSession,
      try JSON(parsing: #"{"Target":"local","DocumentName":"\#(document)","Parameters":\#(parameters)}"#))
    let id = try #require(answer["SessionId"]?.string)
    return test.service.sessions[id]?.portProperties
  }

  @Test(
    arguments: [
      ("AWS-StartSSHSession", "{}", PortProperties(portNumber: "22", isForwarding: false)),
      (
        "AWS-StartPortForwardingSession", #"{"portNumber":["8080"],"localPortNumber":["9090"]}"#,
        PortProperties(portNumber: "8080", isForwarding: true, localPort: 9090)
      ),
      ("AWS-StartPortForwardingSession", "{}", PortProperties(portNumber: "80", isForwarding: true)),
      (
        "AWS-StartPortForwardingSessionToRemoteHost", #"{"host":["127.0.0.2"],"portNumber":["1"]}"#,
        PortProperties(portNumber: "1", host: "127.0.0.2", isForwarding: true)
      ),
      (
        "AWS-StartPortForwardingSessionToSocket", #"{"portNumber":["1"],"localUnixSocket":["/run/a"]}"#,
        PortProperties(portNumber: "1", isForwarding: true, localSocketPath: "/run/a")
      ),
    ] as [(String, String, PortProperties)])
  func parametersBecomeProperties(_ document: String, _ parameters: String, _ expected: PortProperties)
    throws
  {
    #expect(try start(document, parameters) == expected)
  }

  @Test(arguments: ["0", "65536", "-1", "080", "80 ", "http", ""])
  func whatIsNoPortIsRefused(_ text: String) {
    var test = TestService()
    let body =
      #"{"Target":"local","DocumentName":"AWS-StartSSHSession","Parameters":{"portNumber":["\#(text)"]}}"#
    #expect(test.fault(.startSession, body)?.name == "ValidationException")
  }

  @Test func theContentsAreAWSsSchema() throws {
    var test = TestService()
    let answer = try test.call(.getDocument, ["Name": "AWS-StartPortForwardingSession"])
    let content = try JSON(parsing: answer["Content"]?.string ?? "")
    #expect(content["sessionType"]?.string == "Port")
    #expect(content["properties"]?["portNumber"]?.string == "{{ portNumber }}")
    #expect(content["properties"]?["type"]?.string == "LocalPortForwarding")
    #expect(content["parameters"]?["portNumber"]?["default"]?.string == "80")
  }

  @Test(arguments: ["169.254.169.254", "::ffff:169.254.169.253", "fd00:ec2::254"])
  func addressesThatTellSecretsAreForbiddenEvenWhereOthersAreNot(_ host: String) {
    let properties = PortProperties(portNumber: "80", host: host, isForwarding: true)
    #expect(throws: (any Error).self) {
      try PortDestination.addresses(of: properties, allowsOthers: true)
    }
  }

  @Test func otherMachinesAreReachedOnlyWhenThatIsMeant() throws {
    let properties = PortProperties(portNumber: "80", host: "192.0.2.1", isForwarding: true)
    #expect(throws: PortDestination.Refusal.forbidden(host: "192.0.2.1")) {
      try PortDestination.addresses(of: properties, allowsOthers: false)
    }
    #expect(try PortDestination.addresses(of: properties, allowsOthers: true).map(\.host) == ["192.0.2.1"])
    let local = PortProperties(portNumber: "80", isForwarding: true)
    #expect(try PortDestination.addresses(of: local, allowsOthers: false).first?.host == "127.0.0.1")
  }
}
