import Format
import Platform
import Testing

/// keygen, verify, repair and follow as their users run them, and what is left where a recorder is killed or its disk
/// is full.
@Suite struct SealedRecordingTests {
  private let workspace: Workspace
  private let key: String
  private let path: String

  init() throws {
    workspace = try Workspace()
    key = workspace.path("signing.pem")
    path = workspace.path("signed.cast.gz")
  }

  /// A key pair, and a session signed with it.
  private func makeSigned() throws {
    let made = try workspace.run("ssmrec", ["keygen", "-o", key])
    #expect(made.status == .exited(0), "\(made.allText)")
    workspace.environment.variables["SSMCAST_SIGNING_KEY"] = key
    let run = try workspace.run(
      "ssmrec", ["start", "-t", "local", "-q", "-o", path], input: "echo mark-$((40+2)); exit\n")
    #expect(run.status == .exited(0), "\(run.allText)")
    workspace.environment.variables["SSMCAST_SIGNING_KEY"] = nil
  }

  @Test func aSignedSessionIsProvedByItsPublicKey() throws {
    try makeSigned()
    #expect(try File.status(key).permissions == 0o600)
    let trusted = try workspace.run("ssmplay", ["verify", "--key", key + ".pub", path])
    #expect(trusted.status == .exited(0) && trusted.text.contains("intact, signed by ed25519:"))
    let text = String(trusted.text.split(separator: " ").first { $0.hasPrefix("ed25519:") } ?? "").split(
      separator: "\n")[0]
    #expect(try workspace.run("ssmplay", ["verify", "--key", String(text), path]).status == .exited(0))
    let json = try JSON(
      parsing: try workspace.run("ssmplay", ["verify", "--json", "--key", key + ".pub", path]).output)
    #expect(json["verdict"]?.string == "intact" && json["signature"]?["state"]?.string == "trusted")
    #expect(json["members"]?.array?.count == 2)
    // OpenSSL agrees about the signature: the last 64 bytes before the empty body, over the chain value before them.
    let check = try workspace.write(
      """
      import subprocess, sys
      data = open(sys.argv[1], "rb").read()
      signature, message = data[-74:-10], data[-106:-74]
      open("signature", "wb").write(signature)
      open("message", "wb").write(message)
      subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", sys.argv[2], "-rawin", "-in", "message",
                      "-sigfile", "signature"], check=True)
      """, to: "check.py")
    let openssl = try workspace.run(Peer.python.path, [check, path, key + ".pub"])
    #expect(openssl.status == .exited(0), "\(openssl.allText)")
  }

  @Test func whatWasChangedOrIsNotSignedIsBadAndWhatHasNoSealsCannotBeChecked() throws {
    try makeSigned()
    var bytes = try File.read(path)
    bytes[bytes.count / 2] ^= 1
    let changed = workspace.path("changed.cast.gz")
    try File.write(bytes, to: changed, permissions: 0o600)
    let bad = try workspace.run("ssmplay", ["verify", changed])
    #expect(bad.status == .exited(1) && bad.text.contains("altered"), "\(bad.allText)")
    try #require(try workspace.run("ssmrec", ["keygen", "-o", key + "2"]).status == .exited(0))
    let other = try workspace.run("ssmplay", ["verify", "--key", key + "2.pub", path])
    #expect(other.status == .exited(1) && other.text.contains("another key"), "\(other.allText)")
    let plain = try workspace.write(
      "{\"version\":2,\"width\":80,\"height\":24}\n[0,\"o\",\"x\"]\n", to: "a.cast")
    #expect(try workspace.run("ssmplay", ["verify", plain]).status == .exited(2))
    #expect(try workspace.run("ssmplay", ["verify", plain, changed, path]).status == .exited(1))
    #expect(try workspace.run("ssmplay", ["verify", workspace.path("none")]).status == .exited(2))
    let privateKey = try workspace.run("ssmplay", ["verify", "--key", key, path])
    #expect(privateKey.status == .exited(2) && privateKey.errorText.contains(".pub"))
  }

  @Test func aKeyThatCannotSignEndsTheSessionBeforeItBegins() throws {
    for (contents, permissions, words) in [
      ("nonsense", 0o600 as UInt32, "no key"), ("", 0o600, "no key"), ("nonsense", 0o644, "others may read"),
    ] {
      let file = try workspace.write(contents, to: "bad.pem", permissions: permissions)
      workspace.environment.variables["SSMCAST_SIGNING_KEY"] = file
      let run = try workspace.run("ssmrec", ["start", "-t", "local"], input: "echo mark-$((40+2))\nexit\n")
      #expect(run.status == .exited(70) && !run.text.contains("mark-42"), "\(run.allText)")
      #expect(run.errorText.contains(words), "\(run.errorText)")
    }
  }

  @Test func aSessionIsFollowedWhileItRunsAndItsEndEndsIt() throws {
    let session = try ProgramRun.start(
      workspace.invocation("ssmrec", ["start", "-t", "local", "-q", "-o", path]))
    try session.type("echo first-$((1+1))\n")
    try session.wait(for: "first-2")
    let follower = try ProgramRun.start(workspace.invocation("ssmplay", ["follow", path]))
    try follower.wait(for: "first-2")
    try session.type("echo second-$((1+1))\n")
    try follower.wait(for: "second-2")
    #expect(follower.status == nil)
    try session.type("exit\n")
    try session.waitForEnd()
    try follower.waitForEnd()
    #expect(follower.status == .exited(0), "\(follower.allText)")
    let reader = try RecordingReader(path: path)
    var output: [UInt8] = []
    while let event = try reader.nextEvent() { if event.code == .output { output += event.bytes } }
    #expect(follower.output == output)
  }

  @Test func killedRecordingsAreWholeUpToTheirLastFlush() throws {
    let run = try workspace.run(
      Products.checkout + "/scripts/crash-matrix", [Products.folder, "4", "50"], within: 600)
    #expect(run.status == .exited(0), "\(run.allText)")
    #expect(run.text.contains("0 failures"), "\(run.allText)")
  }

  @Test func aDiskThatHasRoomAgainGetsTheRestAndATrueGap() throws {
    workspace.environment.variables["SSMCAST_FAIL_POLICY"] = "best-effort"
    let session = try ProgramRun.start(
      workspace.invocation(
        "bash", ["-c", "ulimit -S -f 300; exec ssmrec start -t local -q -o \(path)"]))
    try session.type("head -c 2000000 /dev/urandom | base64; echo full-$((40+2))\n")
    try session.wait(for: "full-42")
    try session.wait(until: "the warning", within: 60) { $0.errorText.contains("not recorded from here on") }
    let raised = try workspace.run(
      "prlimit", ["--pid", "\(session.processID)", "--fsize=unlimited:unlimited"])
    try #require(raised.status == .exited(0), "\(raised.allText)")
    try session.wait(until: "the recording going on", within: 60) { $0.errorText.contains("recorded again") }
    try session.type("echo again-$((40+2)); exit\n")
    try session.waitForEnd()
    let reader = try RecordingReader(path: path)
    var gap: JSON?
    var output: [UInt8] = []
    while let event = try reader.nextEvent() {
      if event.code == .output { output += event.bytes }
      if event.code == .state, event.text.contains("\"gap\"") { gap = try JSON(parsing: event.bytes) }
    }
    #expect(String(decoding: output, as: UTF8.self).contains("again-42"))
    #expect(gap?["bytes"]?.integer ?? 0 > 100_000, "\(gap?.text ?? "no gap")")
    #expect(gap?["cause"]?.string?.contains("written") == true)
    #expect(try workspace.run("ssmplay", ["verify", path]).status == .exited(0))
  }
}
