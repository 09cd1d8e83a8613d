import Platform
import Testing

/// OpenSSH's client and server, joined by a session of ours as ProxyCommand.
@Suite(.enabled(if: Peer.sshd.isUsable && Peer.ssh.isUsable, "\(Peer.sshd.reason)")) struct SecureShellTests {
  private let workspace: Workspace
  private let server: ProgramRun
  private let port: String
  private let options: [String]

  init() throws {
    workspace = try Workspace()
    for name in ["host", "user"] {
      let made = try workspace.run(
        "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", workspace.path(name)])
      try #require(made.status == .exited(0), "\(made.allText)")
    }
    // A port that was free a moment ago: sshd wants a number.
    let listener = try Socket.listen(at: try Socket.resolve("127.0.0.1", port: 0)[0])
    port = String(try Socket.localAddress(listener).port)
    _ = consume listener
    let configuration = try workspace.write(
      """
      Port \(port)
      ListenAddress 127.0.0.1
      HostKey \(workspace.path("host"))
      AuthorizedKeysFile \(workspace.path("user.pub"))
      StrictModes no
      UsePAM no
      PidFile none
      PasswordAuthentication no
      Subsystem sftp internal-sftp

      """, to: "sshd.conf")
    if !File.exists("/run/sshd") { try? File.makeDirectory("/run/sshd", permissions: 0o755) }
    server = try ProgramRun.start(workspace.invocation(Peer.sshd.path, ["-D", "-e", "-f", configuration]))
    try server.wait(for: "Server listening")
    options = [
      "-F", "none", "-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=no", "-o",
      "LogLevel=ERROR", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-i", workspace.path("user"),
    ]
  }

  private func proxy(_ words: String) -> [String] { ["-o", "ProxyCommand=\(words)"] }

  private var ours: [String] {
    proxy(
      "\(Products.path("ssmrec")) start --target local --document-name AWS-StartSSHSession "
        + "--parameters portNumber=%p")
  }

  /// ssh hangs up its ProxyCommand when the server is done: whether that or the server's own end comes first is chance.
  private func isOver(_ recording: Recording) -> Bool { ["left", "closed"].contains(recording.states.last) }

  @Test func aCommandGivesItsOutputErrorsAndStatus() throws {
    let run = try workspace.run(
      Peer.ssh.path, options + ours + ["-p", port, "127.0.0.1", "echo out; echo err >&2; exit 5"])
    #expect(run.status == .exited(5) && run.text == "out\n", "\(run.allText)\n\(server.allText)")
    #expect(run.errorText.contains("err\n") && run.errorText.contains("Starting session with SessionId: "))
    try TestWait.until("the recording's end") { isOver(try workspace.onlyRecording()) }
    let recording = try workspace.onlyRecording()
    #expect(recording.ports("open").map { $0["stream"] } == [0])
    #expect(recording.text("o").isEmpty && recording.text("i").isEmpty)
  }

  /// 50 MB each way through the AWS CLI, our plugin and the embedded agent, and back by scp.
  @Test(.enabled(if: Peer.aws.isUsable, "\(Peer.aws.reason)"))
  func fiftyMegabytesAreCopiedThroughTheAWSCommandLineAndOurPlugin() throws {
    let service = try Service(in: workspace)
    let command =
      "\(Peer.aws.path) ssm start-session --target \(service.target) --endpoint-url \(service.endpoint) "
      + "--document-name AWS-StartSSHSession --parameters portNumber=%p"
    var random = SystemRandomNumberGenerator()
    let block = (0..<1 << 20).map { _ in UInt8.random(in: 0...255, using: &random) }
    let (from, to) = (workspace.path("from"), workspace.path("to"))
    let file = try File.open(from, for: .creating(permissions: 0o600))
    for number in 0..<50 { try file.writeAll([UInt8(number)] + block.dropFirst()) }
    let copied = try workspace.run(
      "/usr/bin/scp", options + proxy(command) + ["-P", port, from, "127.0.0.1:\(to)"], within: 240)
    #expect(copied.status == .exited(0), "\(copied.allText)\n\(server.allText)\n\(service.log)")
    let same = try workspace.run("/usr/bin/cmp", [from, to])
    #expect(same.status == .exited(0), "\(same.allText)")
    let read = try workspace.run(
      "/bin/sh",
      [
        "-c",
        "exec \(Peer.ssh.path) \((options + ["-o", "\"ProxyCommand=\(command)\""]).joined(separator: " ")) "
          + "-p \(port) 127.0.0.1 'cat \(to)' > \(workspace.path("back"))",
      ], within: 240)
    #expect(read.status == .exited(0), "\(read.allText)")
    #expect(try workspace.run("/usr/bin/cmp", [from, workspace.path("back")]).status == .exited(0))
    try TestWait.until("both recordings' ends") {
      let recordings = try workspace.recordings().map { try Recording($0, in: workspace) }
      return recordings.count == 2 && recordings.allSatisfy(isOver)
    }
    for path in try workspace.recordings() {
      let close = try #require(try Recording(path, in: workspace).ports("close").first)
      let larger = max(close["sent"]?["bytes"]?.integer ?? 0, close["received"]?["bytes"]?.integer ?? 0)
      #expect(larger > 50 << 20)
    }
  }

  @Test func anInputThatEndsLosesNothingOfTheAnswer() throws {
    // The server's greeting comes after the end of an input that was empty from the start.
    let run = try ProgramRun.start(
      workspace.invocation(
        "ssmrec",
        [
          "start", "-q", "--target", "local", "--document-name", "AWS-StartSSHSession", "--parameters",
          "portNumber=\(port)",
        ]))
    try run.type("SSH-2.0-test\r\nnot a packet, so the server hangs up\r\n")
    run.endInput()
    try run.waitForEnd()
    #expect(run.status == .exited(0) && run.text.hasPrefix("SSH-2.0-OpenSSH"), "\(run.allText)")
    #expect(run.errorText.isEmpty)
    let recording = try workspace.onlyRecording()
    #expect(recording.states.last == "closed")
    #expect(recording.ports("close").first?["received"]?["bytes"]?.integer == Int64(run.output.count))
  }

  @Test func aServerThatIsNotThereIsAReasonOnStandardError() throws {
    let run = try workspace.run(
      "ssmrec",
      [
        "start", "--target", "local", "--document-name", "AWS-StartSSHSession", "--parameters",
        "portNumber=1",
      ])
    #expect(run.text.isEmpty && run.errorText.contains("Unable to connect to specified port: "))
  }
}
