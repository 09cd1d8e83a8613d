import Platform

/// The gateway in Python beside the checkout, with its own agent; both end with the value.
final class ForeignGateway {
  let http: String
  let target: String
  private let gateway: ProgramRun

  /// What it has printed, for messages of failing tests.
  var log: String { gateway.allText }

  /// Starts it; afterwards the workspace's programs have its credentials and trust its certificates.
  init(in workspace: Workspace, arguments: [String] = []) throws {
    let folder = workspace.path("gateway")
    gateway = try ProgramRun.start(
      workspace.invocation(
        Peer.boto3.path,
        [Peer.gateway.path, "--run-dir", folder, "--agent", "builtin", "--pace-ms", "0"]
          + arguments))
    try gateway.wait(for: "READY")
    let ready = try JSON(parsing: try File.read(folder + "/ready.json"))
    http = ready["http"]?.string ?? ""
    target = ready["target"]?.string ?? ""
    for variable in ready["env"]?.members ?? [] {
      workspace.environment.variables[variable.name] = variable.value.string
    }
  }

  deinit { gateway.end(with: .terminate) }

  /// Asks the gateway's control endpoint: with a body POST, else GET.
  @discardableResult func control(
    _ path: String, _ body: String? = nil, in workspace: Workspace
  ) throws -> JSON {
    let run = try workspace.run(
      Peer.curl.path, ["-sSf", "\(http)/_ctl/\(path)"] + (body.map { ["--data", $0] } ?? []))
    guard run.status == .exited(0) else {
      throw RunFailure.endedEarly(
        waitingFor: "an answer to \(path)", program: "curl", status: run.status ?? .exited(-1),
        output: run.allText)
    }
    return try JSON(parsing: run.output)
  }
}
