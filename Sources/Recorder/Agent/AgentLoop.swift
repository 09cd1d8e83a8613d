import Platform

/// The embedded service and agent in one thread: a port, its connections, and the sessions' shells.
///
/// Each turn does what can be done without waiting, then waits until a descriptor is ready or a time is due.
final class AgentLoop {
  /// What ends the loop.
  enum Ending: ~Copyable {
    /// The other end of this pipe is closed.
    case closed(Descriptor)
    case signals(SignalDescriptor)

    fileprivate var number: Int32 {
      switch self {
      case .closed(let descriptor): descriptor.rawValue
      case .signals(let signals): signals.descriptor.rawValue
      }
    }
  }

  /// Something the loop waits for, and what becomes ready with it.
  private enum Source {
    case ending, listener
    case connection(AgentConnection)
    case session(AgentSession.Source, AgentSession)
    case program(AgentSession)
  }

  /// Connections beyond this number wait in the kernel.
  private static let maximumConnections = 1024
  /// How long accepting rests when the process has no descriptor to spare.
  private static let acceptPause: Int64 = 100_000

  private let listener: AgentListener
  private let configuration: AgentConfiguration
  private let ending: Ending
  private let time = SystemTime()
  private var random = SystemRandomNumberGenerator()
  private var service: Service
  private var connections: [AgentConnection] = []
  private var sessions: [String: AgentSession] = [:]
  private var acceptsAgain: Instant?
  private var isEnding = false

  init(_ listener: AgentListener, _ configuration: AgentConfiguration, until ending: consuming Ending) {
    self.listener = listener
    self.configuration = configuration
    self.ending = ending
    service = Service(configuration, streamAuthority: listener.authority)
  }

  /// Serves until the end is asked for and every session has ended in order.
  func run() {
    while true {
      let now = time.instant
      advance(now: now)
      if isEnding, sessions.isEmpty, connections.isEmpty { return }
      let (interests, sources) = watched(now: now)
      // poll(2) fails only for want of memory; the next turn tries again.
      let ready = (try? Poll.wait(interests, microseconds: patience(now: now))) ?? []
      for (source, readiness) in zip(sources, ready) where !readiness.isEmpty {
        handle(source, readiness, now: time.instant)
      }
    }
  }

  // MARK: - What to wait for

  private func watched(now: Instant) -> ([Poll.Interest], [Source]) {
    var interests: [Poll.Interest] = []
    var sources: [Source] = []
    func watch(_ interest: Poll.Interest, _ source: Source) {
      interests.append(interest)
      sources.append(source)
    }
    if !isEnding {
      watch(Poll.Interest(ending.number, [.readable]), .ending)
      if connections.count < Self.maximumConnections, acceptsAgain == nil {
        watch(Poll.Interest(listener.descriptor.rawValue, [.readable]), .listener)
      }
    }
    for connection in connections {
      let session = connection.sessionID.flatMap { sessions[$0] }
      watch(connection.interest(takesInput: session?.takesInput ?? true), .connection(connection))
    }
    for session in sessions.values {
      for (source, interest) in session.interests { watch(interest, .session(source, session)) }
      if let number = session.exitNumber { watch(Poll.Interest(number, [.readable]), .program(session)) }
    }
    return (interests, sources)
  }

  /// How long nothing is due, in microseconds; nil for ever.
  private func patience(now: Instant) -> Int64? {
    var due = acceptsAgain
    func consider(_ moment: Instant?) {
      guard let moment else { return }
      due = min(due ?? moment, moment)
    }
    for connection in connections { consider(connection.deadline) }
    for session in sessions.values { consider(session.deadline) }
    return due.map { max(0, $0.microseconds(since: now)) }
  }

  // MARK: - What became ready

  private func handle(_ source: Source, _ readiness: Poll.Readiness, now: Instant) {
    switch source {
    case .ending: endAll(now: now)
    case .listener: accept(now: now)
    case .session(let source, let session): session.serve(source, readiness, now: now)
    case .program(let session): session.reap(now: now)
    case .connection(let connection):
      if readiness.contains(.readable) || readiness.contains(.hangup) { connection.read() }
      if readiness.contains(.writable) || readiness.contains(.hangup) { connection.isBlocked = false }
      while !connection.isClosed, let event = connection.stream.nextEvent() {
        handle(event, of: connection, now: now)
      }
    }
  }

  /// Does everything that is due: expired limits, bytes to be sent, ends to be noted.
  private func advance(now: Instant) {
    if let moment = acceptsAgain, moment <= now { acceptsAgain = nil }
    for session in sessions.values { session.advance(now: now) }
    for connection in connections {
      if let deadline = connection.deadline, deadline <= now { connection.expire(now: now) }
      connection.write(now: now)
      if connection.isClosed { connection.sessionID.map { sessions[$0]?.detach(connection, now: now) } }
    }
    connections.removeAll(where: \.isClosed)
    for session in sessions.values {
      if let details = session.ended {
        service.sessions.end(session.id, details: details, at: time.timestamp)
      }
      if session.isGone { sessions[session.id] = nil }
    }
  }

  private func accept(now: Instant) {
    do throws(Errno) {
      while connections.count < Self.maximumConnections,
        let descriptor = try Socket.accept(listener.descriptor)
      {
        connections.append(AgentConnection(descriptor, listener.tls, now: now))
      }
    } catch {
      acceptsAgain = now.advanced(byMicroseconds: Self.acceptPause)
    }
  }

  private func endAll(now: Instant) {
    isEnding = true
    for session in sessions.values { session.finish("The local agent was stopped.", now: now) }
    for connection in connections where !connection.isChannelOpen { connection.close() }
  }
}

// MARK: - What clients ask for

extension AgentLoop {
  private func handle(_ event: AgentStream.Event, of connection: AgentConnection, now: Instant) {
    switch event {
    case .request(let request): answer(request, of: connection, now: now)
    case .message(let message): take(message, of: connection, now: now)
    case .ended: connection.sessionID.map { sessions[$0]?.detach(connection, now: now) }
    }
  }

  private func answer(_ request: HTTPRequest, of connection: AgentConnection, now: Instant) {
    if request.fields.tokens("Upgrade").contains("websocket") {
      return upgrade(request, of: connection, now: now)
    }
    let (response, consequence) = service.respond(to: request, at: time.timestamp, using: &random)
    connection.stream.answer(response, keepingAlive: request.keepsAlive && !isEnding)
    connection.wait(AgentConnection.Limit.idle, now: now)
    switch consequence {
    case .none: break
    case .start(let id):
      sessions[id] = service.sessions[id].map {
        AgentSession($0, configuration, keys: service.keys, now: now, timestamp: time.timestamp)
      }
    case .terminate(let id): sessions[id]?.finish("", now: now)
    }
  }

  private func upgrade(_ request: HTTPRequest, of connection: AgentConnection, now: Instant) {
    switch service.upgrade(request, at: time.timestamp) {
    case .refused(let response): connection.stream.answer(response, keepingAlive: false)
    case .channel(let id):
      do throws(UpgradeError) {
        connection.stream.upgrade(try WebSocketUpgrade.answer(to: request))
        connection.sessionID = id
        connection.wait(AgentConnection.Limit.opening, now: now)
      } catch {
        connection.stream.answer(error.response, keepingAlive: false)
      }
    }
  }

  private func take(_ message: [UInt8], of connection: AgentConnection, now: Instant) {
    guard let id = connection.sessionID else { return }
    if connection.isChannelOpen {
      sessions[id]?.receive(message, now: now)
    } else if let refusal = service.open(channel: id, with: message) {
      connection.closeChannel(code: CloseCode.unsupportedData, reason: refusal, now: now)
    } else {
      connection.isChannelOpen = true
      connection.wait(nil, now: now)
      sessions[id]?.attach(connection, now: now)
    }
  }
}
