import Platform
import Testing

/// `ssmplay screen` beside the terminals of others: the same output, the same screen. Tests/Peers/terminals.py has what
/// they are known to do otherwise, and why.
@Suite struct TerminalPeerTests {
  private let workspace: Workspace
  private static let isMissing: Int32 = 77

  init() throws { workspace = try Workspace() }

  private func compare(_ arguments: [String], with peer: String) throws {
    let python = Peer.boto3.exists ? Peer.boto3.path : Peer.python.path
    let script = Products.checkout + "/Tests/Peers/terminals.py"
    let run = try workspace.run(
      python, [script, Products.path("ssmplay")] + arguments + [peer], within: 300)
    // kitty is a large package: no machine must have it.
    if run.exitCode == Self.isMissing, peer == "kitty" || Environment.current["CI"] != "true" {
      return StandardError.say("skipped what needs \(peer): \(run.errorText)")
    }
    #expect(run.exitCode == 0, "\(run.allText)")
  }

  @Test(arguments: ["ghostty", "kitty", "libvterm", "pyte", "avt", "tmux"])
  func streamsOfSequencesGiveTheScreensOfOthers(peer: String) throws {
    // tmux runs in a terminal, and takes its time.
    try compare(["streams", "500", peer == "tmux" ? "12" : "40"], with: peer)
  }

  @Test(
    .enabled(
      if: File.exists(Products.checkout + "/../shared/corpus"),
      "the corpus is not here: put it at ../shared/corpus"))
  func recordingsGiveTheScreensOfGhostty() throws {
    try compare(["recordings", Products.checkout + "/../shared/corpus"], with: "ghostty")
  }
}
