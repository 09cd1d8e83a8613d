import Platform
import Testing

/// Which programs of others the tests ran with: a skipped test is silent, so this one speaks.
@Suite struct PeerTests {
  @Test func missingPeersAreNamed() throws {
    for peer in [Peer.aws, .boto3, .asciinema, .curl, .python] {
      if Environment.current["CI"] == "true" {
        #expect(peer.exists, Comment(rawValue: peer.reason))
      } else if !peer.exists {
        StandardError.say("skipped what needs \(peer.name): \(peer.reason)")
      }
    }
    if !Peer.gateway.exists {
      StandardError.say("skipped what needs \(Peer.gateway.name): \(Peer.gateway.path) is not there")
    }
  }
}
