import Platform

/// `ssmrec agent` on ports of its own, for one test: what AWS is for everybody else. It ends with the value.
final class Service {
  static let accessKey = "AKIDEXAMPLE"
  static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

  /// `http://127.0.0.1:N`
  let endpoint: String
  /// `https://127.0.0.1:N`, with a certificate of `authority`.
  let secureEndpoint: String
  /// The PEM file of the throw-away certificate authority.
  let authority: String
  let target: String
  private let agent: ProgramRun

  /// Starts the agent and waits for its ready file; afterwards the workspace's programs trust and reach it.
  init(in workspace: Workspace, arguments: [String] = []) throws {
    let readyFile = workspace.path("ready.json")
    let started = try ProgramRun.start(
      workspace.invocation(
        "ssmrec",
        ["agent", "--ready-file", readyFile, "--access-key", "\(Self.accessKey):\(Self.secret)"] + arguments))
    try started.wait(until: "the ready file", within: 30) { _ in File.exists(readyFile) }
    let ready = try JSON(parsing: try File.read(readyFile))
    endpoint = ready["endpoint"]?.string ?? ""
    secureEndpoint = ready["endpoint_tls"]?.string ?? ""
    authority = ready["ca"]?.string ?? ""
    target = ready["target"]?.string ?? ""
    agent = started
    workspace.environment.variables["AWS_ACCESS_KEY_ID"] = Self.accessKey
    workspace.environment.variables["AWS_SECRET_ACCESS_KEY"] = Self.secret
    workspace.environment.variables["AWS_DEFAULT_REGION"] = "eu-central-1"
    workspace.environment.variables["AWS_CA_BUNDLE"] = authority
  }

  deinit { agent.end(with: .terminate) }

  /// What the agent has printed, for messages of failing tests.
  var log: String { agent.allText }

  /// Ends the service as its user would.
  func stop(with signal: Signal = .terminate) -> ExitStatus? { agent.end(with: signal) }
}
