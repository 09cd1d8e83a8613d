import Platform
import Testing

/// Recordings made to mislead: each is named for what it is, never taken for whole, and read as far as it is good.
@Suite(.enabled(if: Peer.python.isUsable, "\(Peer.python.reason)")) struct HostileFileTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    let sample = Products.checkout + "/samples/vim-edits-a-file.cast.gz"
    let made = try workspace.run(
      Peer.python.path, [Products.checkout + "/Tests/Peers/hostile_files.py", sample, workspace.folder])
    try #require(made.status == .exited(0), "\(made.allText)")
  }

  @Test(
    arguments: [
      ("extra", Int32(2), "no seals", "hello"), ("own-extra", 2, "no seals", "hello"),
      ("foreign", 1, "altered", "hello, world"), ("empty", 1, "altered", "hello, world"),
      ("trailing", 1, "bytes after the recording's end", "hello, world"),
      ("lying", 1, "no end", "hello, world"), ("bomb", 2, "no seals", "hello"),
      ("twice", 1, "altered", "hello, world"),
    ])
  func itIsNamedAndWhatIsGoodIsRead(name: String, code: Int32, verdict: String, text: String) throws {
    let file = workspace.path(name + ".cast.gz")
    let verified = try workspace.run("ssmplay", ["verify", file])
    #expect(verified.status == .exited(code) && verified.allText.contains(verdict), "\(verified.allText)")
    let exported = try workspace.run("ssmplay", ["export", "--to", "raw", file])
    #expect(exported.text.contains(text), "\(exported.errorText)")
    #expect(!exported.text.contains("forged"))
  }
}
