import Format
import Platform
import Testing

/// Forwarded ports with real programs at both ends of the session.
@Suite(.enabled(if: Peer.python.isUsable, "\(Peer.python.reason)")) struct PortForwardingTests {
  private let workspace: Workspace
  private let server: BlobServer

  init() throws {
    workspace = try Workspace()
    server = try BlobServer(in: workspace)
  }

  private var parameters: String { #"{"portNumber":["\#(server.port)"]}"# }

  @Test func fiftyConnectionsAtATimeAreCarriedAndCounted() throws {
    let session = try PortSession.local(workspace, "AWS-StartPortForwardingSession", parameters)
    #expect(try session.client(workspace, "many", 50) == "good")
    #expect(try session.interrupt() == .exited(0), "\(session.run.allText)")
    let text = session.run.text
    #expect(text.hasPrefix("Port \(session.place) opened for sessionId "))
    #expect(text.contains(".\nWaiting for connections...\n\nConnection accepted for session ["))
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("Connection accepted") }.count == 1)
    #expect(session.run.errorText.contains("Exiting session with sessionId: "))

    let recording = try workspace.onlyRecording()
    #expect(recording.ports("open").count == 50 && recording.ports("close").count == 50)
    #expect(recording.ports("open").compactMap { $0["stream"]?.integer } == (0..<50).map { 3 + 2 * $0 })
    let received = recording.ports("close").compactMap { $0["received"]?["bytes"]?.integer }.sorted()
    let bodies = (0..<50).map { 1000 + 7919 * Int64($0) }
    let heads = bodies.map {
      Int64("HTTP/1.1 200 OK\r\nContent-Length: \($0)\r\nConnection: close\r\n\r\n".utf8.count)
    }
    #expect(received == zip(bodies, heads).map { $0 + $1 })
    #expect(recording.ports("data").isEmpty && recording.states.last == "left")
  }

  @Test(arguments: [1, 2, 1024, 1025, 300_000])
  func bytesComeBackAsTheyWereAndTheEndOfOneSideIsNoEndOfTheOther(_ count: Int) throws {
    let session = try PortSession.local(workspace, "AWS-StartPortForwardingSession", parameters)
    #expect(try session.client(workspace, "echo", count) == "good")
    #expect(try session.interrupt() == .exited(0))
  }

  @Test func aPortNobodyListensAtIsToldAndRecorded() throws {
    let session = try PortSession.local(
      workspace, "AWS-StartPortForwardingSession", #"{"portNumber":["1"]}"#)
    #expect(try session.client(workspace, "refused") == "good")
    try session.run.wait(for: "\nConnection to destination port failed, check SSM Agent logs.\n")
    #expect(try session.interrupt() == .exited(0))
    let recording = try workspace.onlyRecording()
    #expect(recording.ports("refused").map { $0["stream"] } == [3])
    #expect(recording.ports("close").first?["received"]?["bytes"]?.integer == 0)
  }

  @Test func aRemoteHostIsReachedFromTheAgent() throws {
    let session = try PortSession.local(
      workspace, "AWS-StartPortForwardingSessionToRemoteHost",
      #"{"host":["127.0.0.1"],"portNumber":["\#(server.port)"]}"#)
    #expect(try session.client(workspace, "many", 3) == "good")
    #expect(try session.interrupt() == .exited(0))
  }

  @Test func hostsOfOthersAreRefused() throws {
    let run = try workspace.run(
      "ssmrec",
      [
        "start", "--target", "local", "--document-name", "AWS-StartPortForwardingSessionToRemoteHost",
        "--parameters", #"{"host":["169.254.169.254"],"portNumber":["80"]}"#,
      ])
    #expect(run.allText.contains("Forwarding to IP address 169.254.169.254 is forbidden."), "\(run.allText)")
  }

  @Test func aSocketsPathServesInPlaceOfAPort() throws {
    let path = workspace.path("forward.sock")
    let session = try PortSession.local(
      workspace, "AWS-StartPortForwardingSessionToSocket",
      #"{"portNumber":["\#(server.port)"],"localUnixSocket":["\#(path)"]}"#)
    #expect(session.run.text.hasPrefix("Unix socket \(path) opened for sessionId "))
    #expect(try File.status(path).permissions & 0o777 == 0o600)
    #expect(session.place == path)
    #expect(try session.client(workspace, "many", 10) == "good")
    #expect(try session.interrupt() == .exited(0))
    #expect(!File.exists(path))
  }

  @Test func aPortThatIsTakenEndsTheSessionWithAReason() throws {
    let run = try workspace.run(
      "ssmrec",
      [
        "start", "--target", "local", "--document-name", "AWS-StartPortForwardingSession", "--parameters",
        #"{"portNumber":["\#(server.port)"],"localPortNumber":["\#(server.port)"]}"#,
      ])
    #expect(run.status == .exited(1))
    #expect(run.errorText.contains("127.0.0.1:\(server.port) is in use"), "\(run.allText)")
    #expect(try workspace.onlyRecording().states.last == "failed")
  }

  @Test(arguments: [("full", Int64(300_001)), ("head:100", 100)])
  func payloadIsKeptAsFarAsItIsAskedFor(_ setting: String, _ kept: Int64) throws {
    workspace.environment.variables["SSMCAST_PORT_PAYLOAD"] = setting
    let session = try PortSession.local(workspace, "AWS-StartPortForwardingSession", parameters)
    #expect(try session.client(workspace, "echo", 300_001) == "good")
    #expect(try session.interrupt() == .exited(0))
    let recording = try workspace.onlyRecording()
    let sent = recording.ports("data").filter { $0["direction"]?.string == "sent" }
    let bytes = sent.flatMap { $0["base64"]?.string.flatMap { Base64.decode($0) } ?? [] }
    #expect(Int64(bytes.count) == kept)
    #expect(recording.ports("close").first?["sent"]?["kept"]?.integer == kept)
    if setting == "full" {
      let digest = SHA256.hash(bytes).hexadecimal
      #expect(recording.ports("close").first?["sent"]?["sha256"]?.string == digest)
    }
  }

  @Test(arguments: [Signal.terminate, .hangup, .interrupt])
  func signalsEndTheSessionInOrder(_ signal: Signal) throws {
    let session = try PortSession.local(workspace, "AWS-StartPortForwardingSession", parameters)
    try session.run.send(signal)
    try session.run.waitForEnd()
    #expect(session.run.status == .exited(0), "\(session.run.allText)")
    #expect(session.run.text.contains("Terminate signal received, exiting.\n"))
    let recording = try workspace.onlyRecording()
    #expect(recording.states.last == "left" && recording.complaint.isEmpty)
  }
}
