import Platform

/// A server on 127.0.0.1 that misbehaves in one way (Tests/Peers/hostile_server.py); it ends with the value.
final class HostileServer {
  let port: Int
  private let server: ProgramRun

  init(_ mode: String, in workspace: Workspace, arguments: [String] = []) throws {
    let script = Products.checkout + "/Tests/Peers/hostile_server.py"
    server = try ProgramRun.start(workspace.invocation(Peer.python.path, [script, mode] + arguments))
    try server.wait(for: "\n")
    port = Int(server.text.prefix { $0 != "\n" }) ?? 0
  }

  deinit { server.end(with: .kill) }
}

extension Workspace {
  /// Writes a StartSession answer that leads to `streamURL`, for `ssmrec attach --response`.
  func response(_ streamURL: String, token: String = "secret-token") throws -> String {
    let json: JSON = [
      "SessionId": "tester-0123456789abcdef0", "TokenValue": .string(token), "StreamUrl": .string(streamURL),
    ]
    return try write(json.text, to: "response.json")
  }
}
