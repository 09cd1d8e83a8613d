import Platform

/// A server for forwarded ports to lead to; it ends with the value.
final class BlobServer {
  let port: String
  private let server: ProgramRun

  init(in workspace: Workspace) throws {
    server = try ProgramRun.start(
      workspace.invocation(Peer.python.path, [Products.checkout + "/Tests/Peers/blob_server.py"]))
    try server.wait(for: "\n")
    port = String(server.text.prefix { $0.isNumber })
  }

  deinit { server.end(with: .kill) }
}

/// A running port session of a program of ours, and where it listens.
final class PortSession {
  let run: ProgramRun
  /// A port of 127.0.0.1, or the path of a socket.
  let place: String

  /// Starts a program that opens a port session, and waits until it says where it listens.
  init(_ invocation: ProgramInvocation) throws {
    run = try ProgramRun.start(invocation)
    try run.wait(for: " opened for sessionId ")
    let words = run.text.split(whereSeparator: \.isWhitespace).map(String.init)
    let opened = words.firstIndex(of: "opened") ?? 1
    place = words[opened - 1]
  }

  /// `ssmrec start --target local` with a document and its parameters as JSON.
  static func local(
    _ workspace: Workspace, _ document: String, _ parameters: String, more: [String] = []
  ) throws -> PortSession {
    try PortSession(
      workspace.invocation(
        "ssmrec",
        ["start", "--target", "local", "--document-name", document, "--parameters", parameters] + more))
  }

  /// Runs a client of the port to its end; `good`, or what was wrong.
  func client(_ workspace: Workspace, _ mode: String, _ count: Int = 0) throws -> String {
    let run = try workspace.run(
      Peer.python.path, [Products.checkout + "/Tests/Peers/port_client.py", place, mode, String(count)],
      within: 180)
    return run.allText.split(separator: "\n").joined(separator: "; ")
  }

  /// Ends the session as Ctrl-C does.
  func interrupt() throws -> ExitStatus? {
    try run.send(.interrupt)
    try run.waitForEnd()
    return run.status
  }
}

extension Recording {
  /// The JSON of the `p` events, in order.
  var ports: [JSON] {
    lines.dropFirst().compactMap { line in
      guard let fields = line.array, fields.count == 3, fields[1].string == "p" else { return nil }
      return fields[2].string.flatMap { try? JSON(parsing: $0) }
    }
  }

  /// The events of a kind.
  func ports(_ event: String) -> [JSON] { ports.filter { $0["event"]?.string == event } }
}
