import Testing

@testable import Recorder

/// Versions and the gates that depend on them.
@Suite struct DottedVersionTests {
  @Test(arguments: ["", ".", "1.", "1..2", "v1.2", "1.2-beta", "1.2.3.4.5.6.7.8.9", "9999999999", "1.2 "])
  func whatIsNoVersionIsNone(_ text: String) { #expect(DottedVersion(text) == nil) }

  @Test(
    arguments: [
      (VersionGate.multiplexing, "3.0.196.0", false), (.multiplexing, "3.0.196.1", true),
      (.multiplexing, "3.0.197.0", true), (.multiplexing, "3.3.987.0", true),
      (.multiplexing, "2.9.999.9", false), (.multiplexing, "3.3.987", false), (.multiplexing, "", false),
      (.terminateFlag, "2.3.722.0", false), (.terminateFlag, "2.3.722.1", true),
      (.agentWithoutKeepalive, "3.1.1511.0", false), (.agentWithoutKeepalive, "3.1.1512.0", true),
      (.clientWithoutKeepalive, "1.2.331.0", false), (.clientWithoutKeepalive, "1.2.332.0", true),
    ] as [(VersionGate, String, Bool)])
  func aGateOpensAfterItsVersion(_ gate: VersionGate, _ version: String, _ isOpen: Bool) {
    #expect(gate.isOpen(to: version) == isOpen)
  }
}
