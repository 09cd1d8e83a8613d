import Platform
import Testing

@testable import Recorder

/// What a port session's document asks for, and how its connections travel.
@Suite struct PortPropertiesTests {
  private func properties(_ json: JSON) throws -> PortProperties { try PortProperties(parsing: json) }

  @Test func aForwardedPortIsRead() throws {
    let json: JSON = [
      "portNumber": "8080", "type": "LocalPortForwarding", "localPortNumber": "9090", "host": "db.internal",
    ]
    let read = try properties(json)
    #expect(
      read
        == PortProperties(portNumber: "8080", host: "db.internal", isForwarding: true, localPort: 9090))
    #expect(try properties(read.json) == read)
  }

  @Test(arguments: ["", "0"]) func anUnnamedPortIsAnyFreeOne(_ text: String) throws {
    let json: JSON = ["portNumber": "80", "type": "LocalPortForwarding", "localPortNumber": .string(text)]
    #expect(try properties(json).localPort == nil)
  }

  @Test func sshHasNeitherTypeNorLocalPort() throws {
    let read = try properties(["portNumber": "22"])
    #expect(!read.isForwarding && read.localPort == nil && read.localSocketPath == nil)
    #expect(read.json == ["portNumber": "22"])
  }

  @Test func aSocketIsReadOnlyWhereTheConnectionIsOne() throws {
    let json: JSON = [
      "portNumber": "80", "type": "LocalPortForwarding", "localUnixSocket": "/run/x.sock",
      "localConnectionType": "unix",
    ]
    let read = try properties(json)
    #expect(read.localSocketPath == "/run/x.sock")
    #expect(try properties(read.json) == read)
    #expect(
      try properties(["type": "LocalPortForwarding", "localUnixSocket": "/x"]).localSocketPath == nil)
  }

  @Test(arguments: ["65536", "-1", "http", "80 ", "99999999999999999999"])
  func aLocalPortThatIsNoneIsRefused(_ text: String) {
    #expect(throws: PortError.badPort(name: "localPortNumber", text)) {
      try properties(["type": "LocalPortForwarding", "localPortNumber": .string(text)])
    }
  }

  @Test func aSocketWithoutAPathIsRefused() {
    #expect(throws: PortError.noSocketPath) { try properties(["localConnectionType": "unix"]) }
  }

  @Test func propertiesOfAnotherShapeAreEmpty() throws {
    for json: JSON? in [nil, .null, "text", [1, 2], ["portNumber": ["22"]]] {
      let read = try PortProperties(parsing: json)
      #expect(read == PortProperties(portNumber: "", isForwarding: false))
    }
  }

  @Test(
    arguments: [
      (true, "3.3.987.0", PortMode.multiplexed(keepsAlive: false)),
      (true, "3.1.1511.0", .multiplexed(keepsAlive: true)), (true, "3.0.196.0", .single), (true, "", .single),
      (false, "3.3.987.0", .standardStreams), (false, "", .standardStreams),
    ] as [(Bool, String, PortMode)])
  func theClientChoosesByTheAgentsVersion(_ isForwarding: Bool, _ version: String, _ mode: PortMode) {
    let properties = PortProperties(portNumber: "80", isForwarding: isForwarding)
    #expect(PortMode(properties, agentVersion: version) == mode)
  }

  @Test(
    arguments: [
      ("1.3.100.0", PortMode.multiplexed(keepsAlive: false)), ("1.2.331.0", .multiplexed(keepsAlive: true)),
      ("1.1.70", .multiplexed(keepsAlive: true)), ("1.1.69.9", .single), ("1.0.0.0", .single), ("x", .single),
    ] as [(String, PortMode)])
  func theAgentChoosesByTheClientsVersion(_ version: String, _ mode: PortMode) {
    let properties = PortProperties(portNumber: "80", isForwarding: true)
    #expect(PortMode(properties, clientVersion: version) == mode)
    #expect(
      PortMode(PortProperties(portNumber: "22", isForwarding: false), clientVersion: version)
        == .standardStreams)
  }
}
