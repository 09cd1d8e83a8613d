import Platform

/// One connection of a session's stream: TCP, proxy, TLS, the upgrade, and the WebSocket that follows.
///
/// A session may use several, one after the other; its `DataChannel` outlives them.
final class StreamConnection {
  private enum Phase { case connecting, upgrading, open }

  private let connection: Connection
  private let opening: [UInt8]
  private let timeouts: RecorderSettings.Timeouts
  private let upgrade: WebSocketUpgrade.Client
  private var parser = HTTPResponseParser(answerTo: "GET")
  private var webSocket = WebSocket(role: .client)
  private var phase = Phase.connecting
  /// When connecting and upgrading have taken too long.
  private var opensUntil: Instant
  private var lastHeard: Instant
  private var pingedAt: Instant?
  /// What arrived while something was sent; the next `process` takes it first.
  private var early: [UInt8] = []
  /// Why the upgrade carries no signature, where it should; told if the service refuses it.
  private var unsignedBecause: CredentialError?
  /// Why the stream ended behind messages that are delivered first.
  private var failure: SessionError?

  /// Looks the host up and begins to connect.
  /// - Parameter opening: the text message that opens the data channel; sent first.
  init(
    to streamURL: String, opening: [UInt8], access: SessionLink.Access, timeouts: RecorderSettings.Timeouts,
    time: some TimeSource, interruptedBy: Int32
  ) throws(SessionError) {
    let now = time.instant
    self.opening = opening
    self.timeouts = timeouts
    upgrade = WebSocketUpgrade.Client()
    opensUntil = now.advanced(byMicroseconds: timeouts.step)
    lastHeard = now
    let url: URLParts
    do throws(URLPartsError) {
      url = try URLParts(parsing: streamURL)
    } catch {
      throw .badStreamURL(error)
    }
    let signing: SessionLink.Access.Signing?
    do throws(CredentialError) {
      signing = url.isPresigned ? nil : try access.signing(interruptedBy)
    } catch {
      // Without credentials the upgrade goes out unsigned, as the official client's does (protocol §3.2).
      (signing, unsignedBecause) = (nil, error)
    }
    do throws(ConnectionError) {
      var request = upgrade.request(to: url)
      if let signing {
        SigV4.sign(
          &request, with: signing.credentials, region: signing.region, service: "ssmmessages",
          at: time.timestamp)
      }
      connection = try Connection(
        to: url, trust: access.tls, proxy: access.proxy,
        limits: timeouts.connection, now: now)
      connection.send(request.encoded())
    } catch {
      throw .connection(error)
    }
  }

  var interest: Poll.Interest { connection.interest }

  /// Whether messages can be sent.
  var isOpen: Bool { phase == .open }

  /// Whether the far end has spoken on the open channel, if only by answering a ping.
  private(set) var isProven = false

  /// Bytes that wait for the network.
  var queuedByteCount: Int { connection.queuedByteCount }

  /// When `process` must be called even if nothing is ready.
  var deadline: Instant? {
    if !early.isEmpty || failure != nil { return lastHeard }
    let idle =
      pingedAt?.advanced(byMicroseconds: timeouts.pingAnswer)
      ?? lastHeard.advanced(byMicroseconds: timeouts.idlePing)
    return [connection.deadline, phase == .open ? idle : opensUntil].compactMap { $0 }.min()
  }

  /// Does what can be done now.
  /// - Returns: the messages that arrived, in order.
  func process(_ readiness: Poll.Readiness, now: Instant) throws(SessionError) -> [[UInt8]] {
    if let failure { throw failure }
    var bytes = early
    early = []
    do throws(ConnectionError) {
      bytes += try connection.process(readiness, now: now)
    } catch {
      throw .connection(error)
    }
    if phase == .connecting, connection.state == .open { phase = .upgrading }
    if !bytes.isEmpty { (lastHeard, pingedAt) = (now, nil) }
    if phase == .upgrading { bytes = try upgradeAnswer(bytes) }
    var messages: [[UInt8]] = []
    if phase == .open, !bytes.isEmpty { messages = take(bytes) }
    try watch(now)
    if connection.state == .closed, failure == nil {
      failure = .connection(.closed(peer: "the service", .open))
    }
    // What came before the end counts; the end itself is told by the next call.
    if messages.isEmpty, let failure { throw failure }
    return messages
  }

  /// Sends messages, and the answers to pings, as far as the kernel takes them at once: a key must not wait
  /// for the next turn of the loop.
  func send(_ messages: [[UInt8]], now: Instant) throws(SessionError) {
    guard phase == .open else { return }
    for message in messages { webSocket.send(binary: message) }
    guard webSocket.hasOutgoing else { return }
    connection.send(webSocket.takeOutgoing())
    do throws(ConnectionError) {
      early += try connection.process([.writable], now: now)
    } catch {
      throw .connection(error)
    }
  }

  /// Closes without asking anybody.
  func close() { connection.close() }

  /// Reads the answer to the upgrade.
  /// - Returns: what came behind it.
  private func upgradeAnswer(_ bytes: [UInt8]) throws(SessionError) -> [UInt8] {
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
      if case .refused(401...403, _) = error, let unsignedBecause {
        throw .unsignedUpgradeRefused(error, unsignedBecause)
      }
      throw .upgradeRefused(error)
    }
    phase = .open
    webSocket.send(text: opening)
    webSocket.ping(Array("keepalive".utf8))
    return parser.takeLeftover()
  }

  private func take(_ bytes: [UInt8]) -> [[UInt8]] {
    var messages: [[UInt8]] = []
    for event in webSocket.receive(bytes) {
      switch event {
      case .binary(let message), .text(let message):
        isProven = true
        messages.append(message)
      case .ping, .pong: isProven = true
      case .closed(let code, let reason):
        failure = .closedByService(code: code, reason: reason)
      case .failed(let error): failure = .webSocket(error)
      }
    }
    return messages
  }

  /// Looks at the clock: an opening that takes too long, a link that went quiet.
  private func watch(_ now: Instant) throws(SessionError) {
    if phase != .open {
      if opensUntil <= now { throw .serviceSilent(seconds: timeouts.seconds(timeouts.step)) }
    } else if let pingedAt {
      let silence = now.microseconds(since: pingedAt)
      if silence >= timeouts.pingAnswer { throw .networkSilent(seconds: timeouts.seconds(silence)) }
    } else if now.microseconds(since: lastHeard) >= timeouts.idlePing {
      pingedAt = now
      webSocket.ping(Array("keepalive".utf8))
    }
  }
}
