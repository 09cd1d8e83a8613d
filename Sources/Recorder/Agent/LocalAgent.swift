import Platform

/// The embedded service and agent on a thread of its own, for `--target local` and tests.
///
/// It ends with `stop()`, or when the last reference goes away.
final class LocalAgent {
  /// `http://127.0.0.1:PORT`.
  let endpoint: String
  /// `https://127.0.0.1:PORT`, the same port.
  let secureEndpoint: String
  /// The certificate that StreamUrl and `secureEndpoint` are to be checked against.
  let authorityPEM: [UInt8]
  let credentials: Credentials
  let region: String
  let target: String

  private var thread: Thread?
  /// The loop watches the other end: closing this one ends it.
  private var leash: Descriptor?

  /// Opens the port and starts the loop; calls are answered when this returns.
  static func start(_ configuration: AgentConfiguration) throws(AgentError) -> LocalAgent {
    let listener = try AgentListener(configuration, now: SystemTime().timestamp)
    do throws(Errno) {
      let pipe = try DescriptorPair.pipe()
      let agent = LocalAgent(listener, configuration, leash: try pipe.second.duplicate())
      let loop = AgentLoop(listener, configuration, until: .closed(try pipe.first.duplicate()))
      let handover = Handover(loop)
      agent.thread = try Thread.start { handover.take().run() }
      return agent
    } catch {
      throw .system(doing: "start the local service", error)
    }
  }

  private init(_ listener: AgentListener, _ configuration: AgentConfiguration, leash: consuming Descriptor) {
    endpoint = listener.endpoint
    secureEndpoint = listener.secureEndpoint
    authorityPEM = listener.authorityPEM
    credentials = configuration.accessKey
    region = configuration.region
    target = configuration.target
    self.leash = consume leash
  }

  /// Ends all sessions in order, shells included, and waits until the loop is gone. May be called again.
  func stop() {
    leash = nil
    thread?.join()
    thread = nil
  }

  deinit { stop() }

  /// Takes the loop to its thread.
  ///
  /// Unchecked, because the loop is not Sendable: it is made by the starting thread, which keeps no reference,
  /// and taken once by the thread that owns it from then on; starting a thread orders the two.
  private final class Handover: @unchecked Sendable {
    private var loop: AgentLoop?
    init(_ loop: AgentLoop) { self.loop = loop }
    func take() -> AgentLoop {
      defer { loop = nil }
      return loop!  // called once, by the thread's body
    }
  }
}
