import Format
import Platform

/// The network's side of a session: connection, WebSocket and data channel as one thing that a loop drives.
///
/// Wait for `interest` until `deadline`, call `process`, act on what happened.
final class SessionLink {
  /// How the service is reached and, where it wants that, told who we are.
  struct Access {
    var trust: TrustStore
    var proxy: ProxySettings
    /// For the upgrade's signature (service `ssmmessages`); nil: unsigned.
    var signing: Signing?

    struct Signing {
      var credentials: Credentials
      var region: String
    }
  }

  /// What the far end did.
  enum Happening: Equatable {
    /// Input is taken from now on.
    case started
    case output([UInt8])
    case standardError([UInt8])
    case exitCode(Int32?, text: [UInt8])
    /// Words of the agent to the person.
    case message(String)
    /// Evidence for the recording only.
    case state(String, [JSON.Member])
    case closed(output: String)
  }

  private enum Phase { case connecting, upgrading, open, closed }

  /// Bytes that may wait for the network before input is no longer taken.
  private static let outgoingLimit = 1 << 20
  /// Evidence of unusable messages that is kept; a broken peer must not fill the recording.
  private static let ignoredLimit = 100

  private let connection: Connection
  private let token: String
  private let timeouts: RecorderSettings.Timeouts
  private let upgrade = WebSocketUpgrade.Client()
  private var parser = HTTPResponseParser(answerTo: "GET")
  private var webSocket = WebSocket(role: .client)
  private var channel: DataChannel
  private var phase = Phase.connecting
  /// When the present phase is too long.
  private var phaseEnds: Instant
  private var lastHeard: Instant
  private var pingedAt: Instant?
  /// What arrived while something was sent; the next `process` takes it first.
  private var early: [UInt8] = []
  private var ignoredCount = 0
  private(set) var isStarted = false

  /// Looks the host up and begins to connect.
  init(
    response: StartSessionResponse, access: Access, timeouts: RecorderSettings.Timeouts, time: some TimeSource
  ) throws(SessionError) {
    let now = time.instant
    self.timeouts = timeouts
    token = response.tokenValue
    phaseEnds = now.advanced(byMicroseconds: timeouts.step)
    lastHeard = now
    channel = DataChannel(clientVersion: ProductVersion.plugin, now: now, timestamp: time.timestamp)
    let url: URLParts
    do throws(URLPartsError) {
      url = try URLParts(parsing: response.streamURL)
    } catch {
      throw .badStreamURL(error)
    }
    do throws(ConnectionError) {
      var request = upgrade.request(to: url)
      if let signing = access.signing, !url.isPresigned {
        SigV4.sign(
          &request, with: signing.credentials, region: signing.region, service: "ssmmessages",
          at: time.timestamp)
      }
      let context = try Self.context(access.trust, peer: url.authority)
      connection = try Connection(
        to: url, trust: context, proxy: access.proxy, limits: timeouts.connection, now: now)
      connection.send(request.encoded())
    } catch {
      throw .connection(error)
    }
  }

  private static func context(_ trust: TrustStore, peer: String) throws(ConnectionError) -> TLSContext {
    do throws(TLSError) {
      return try TLSContext.client(trust: trust)
    } catch {
      throw .tls(peer: peer, error)
    }
  }

  var interest: Poll.Interest { connection.interest }

  /// Whether keys can be sent, not only held back.
  var wantsInput: Bool {
    isStarted && channel.acceptsInput && connection.queuedByteCount < Self.outgoingLimit
  }

  /// When `process` must be called even if nothing is ready.
  var deadline: Instant? {
    if !early.isEmpty { return lastHeard }
    let idle =
      pingedAt.map { $0.advanced(byMicroseconds: timeouts.pingAnswer) }
      ?? lastHeard.advanced(byMicroseconds: timeouts.idlePing)
    let ours: [Instant?] =
      phase == .open && isStarted ? [idle, channel.nextDeadline] : [phaseEnds, channel.nextDeadline]
    return (ours + [connection.deadline]).compactMap { $0 }.min()
  }

  /// Sends keys.
  func send(input: [UInt8], now: Instant) throws(SessionError) {
    channel.send(input: input, now: now)
    try passOn(now)
  }

  /// Tells the window's size.
  func send(size: WindowSize, now: Instant) throws(SessionError) {
    channel.send(size: size, now: now)
    try passOn(now)
  }

  /// Ends the connection without asking anybody.
  func close() {
    phase = .closed
    connection.close()
  }

  /// Does what can be done now and tells what happened, in order.
  func process(_ readiness: Poll.Readiness, now: Instant) throws(SessionError) -> [Happening] {
    if phase == .closed { return [] }
    var bytes = early
    early = []
    do throws(ConnectionError) {
      bytes += try connection.process(readiness, now: now)
    } catch {
      throw .connection(error)
    }
    if phase == .connecting, connection.state == .open { phase = .upgrading }
    if !bytes.isEmpty { (lastHeard, pingedAt) = (now, nil) }
    if phase == .upgrading { bytes = try upgradeAnswer(bytes, now: now) }
    var happenings: [Happening] = []
    if phase == .open, !bytes.isEmpty { try take(bytes, now: now, &happenings) }
    if phase != .closed {
      try watch(now)
      try passOn(now)
      if connection.state == .closed { throw .connection(.closed(peer: "the service", .open)) }
    }
    return happenings
  }

  /// Reads the answer to the upgrade.
  /// - Returns: what came behind it.
  private func upgradeAnswer(_ bytes: [UInt8], now: Instant) throws(SessionError) -> [UInt8] {
    parser.append(bytes)
    let response: HTTPResponse?
    do throws(HTTPError) {
      response = try parser.next()
    } catch {
      throw .connection(.http(peer: "the service", error))
    }
    guard let response else { return [] }
    do throws(UpgradeError) {
      try upgrade.check(response)
    } catch {
      throw .upgradeRefused(error)
    }
    phase = .open
    phaseEnds = now.advanced(byMicroseconds: timeouts.firstAnswer)
    webSocket.send(text: channel.open(token: token))
    webSocket.ping(Array("keepalive".utf8))
    return parser.takeLeftover()
  }

  private func take(_ bytes: [UInt8], now: Instant, _ happenings: inout [Happening]) throws(SessionError) {
    for event in webSocket.receive(bytes) {
      switch event {
      case .binary(let message), .text(let message):
        for happening in channel.receive(message, now: now) { take(happening, &happenings) }
      case .ping, .pong: break
      case .closed(let code, let reason):
        if phase != .closed { throw .closedByService(code: code, reason: reason) }
      case .failed(let error): throw .webSocket(error)
      }
      if phase == .closed { return }
    }
  }

  private func take(_ happening: DataChannel.Happening, _ happenings: inout [Happening]) {
    switch happening {
    case .output(let bytes, _): happenings.append(.output(bytes))
    case .standardError(let bytes, _): happenings.append(.standardError(bytes))
    case .exitCode(let code, let text, _): happenings.append(.exitCode(code, text: text))
    case .customerMessage(let text): happenings.append(.message(text))
    case .handshake(let request, let origin):
      happenings.append(
        .state(
          "handshake",
          [JSON.Member("agent_version", .string(request.agentVersion))] + Self.members(origin)))
    case .refused(let action, let reason):
      happenings.append(
        .state("refused", [JSON.Member("action", .string(action)), JSON.Member("reason", .string(reason))]))
    case .started(let type):
      isStarted = true
      happenings.append(.state("started", [JSON.Member("session_type", .string(type.name))]))
      happenings.append(.started)
    case .closed(let output):
      phase = .closed
      connection.close()
      happenings.append(.closed(output: output))
    case .ignored(let message):
      if case .duplicate = message { return }
      ignoredCount += 1
      if ignoredCount <= Self.ignoredLimit {
        happenings.append(.state("ignored", [JSON.Member("cause", .string("\(message)"))]))
      }
    case .flag, .paused, .resumed: break
    }
  }

  private static func members(_ origin: MessageOrigin) -> [JSON.Member] {
    [
      JSON.Member("sequence", JSON(origin.sequenceNumber)),
      JSON.Member("agent_ms", JSON(origin.createdMilliseconds)),
    ]
  }

  /// Looks at the clock: phases that take too long, links that went quiet, messages to send again.
  private func watch(_ now: Instant) throws(SessionError) {
    do throws(ChannelError) {
      try channel.tick(now: now)
    } catch {
      throw .channel(error)
    }
    if phase == .open, isStarted {
      if let pingedAt {
        let silence = now.microseconds(since: pingedAt)
        if silence >= timeouts.pingAnswer { throw .networkSilent(seconds: Int(silence / 1_000_000)) }
      } else if now.microseconds(since: lastHeard) >= timeouts.idlePing {
        pingedAt = now
        webSocket.ping(Array("keepalive".utf8))
      }
    } else if phaseEnds <= now {
      throw phase == .open
        ? .agentSilent(seconds: seconds(timeouts.firstAnswer))
        : .serviceSilent(seconds: seconds(timeouts.step))
    }
  }

  private func seconds(_ microseconds: Int64) -> Int { Int((microseconds + 500_000) / 1_000_000) }

  /// Hands the channel's messages to the WebSocket, and its bytes to the connection.
  private func passOn(_ now: Instant) throws(SessionError) {
    guard phase == .open else { return }
    if channel.hasOutgoing { for message in channel.takeOutgoing() { webSocket.send(binary: message) } }
    guard webSocket.hasOutgoing else { return }
    connection.send(webSocket.takeOutgoing())
    do throws(ConnectionError) {
      // What the kernel takes at once leaves at once: a key must not wait for the next turn of the loop.
      early += try connection.process([.writable], now: now)
    } catch {
      throw .connection(error)
    }
  }
}
