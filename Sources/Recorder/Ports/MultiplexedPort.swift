import Platform

/// A forwarded port with any number of connections at a time, each a stream of smux (protocol.md §8.3, §8.4).
///
/// A program that ends its side of a connection may still wait for an answer, but AWS's agent closes the whole
/// connection when it is told of that end: so it is told only once nothing has come for a while.
final class MultiplexedPort: ForwardedPort {
  /// One connection here and its stream.
  private struct Link {
    let connection: PortConnection
    /// When the far end is to be told that the program sends no more; nil while it sends, or when it was told.
    var finishDue: Instant?
    var hasFinished = false
    var isFinishedByPeer = false
    var hasReceived = false
  }

  /// Microseconds.
  private enum Limit {
    /// From the last byte that came until a program's end is told.
    static let halfClosed: Int64 = 1_000_000
    /// For a far end that does not answer the end of a stream.
    static let unanswered: Int64 = 60_000_000
    /// In which a refused connection's flag and end belong together.
    static let refusal: Int64 = 2_000_000
  }

  let listener: PortListener
  private var smux: SmuxSession
  private var links: [UInt32: Link] = [:]
  /// The streams in the order in which they are served; rotates, so that none starves.
  private var order: [UInt32] = []
  private var watched: [UInt32] = []
  private var happenings: [PortHappening] = []
  private var hasAccepted = false
  /// Refusals that were told before their streams' ends, and ends without an answer that came before.
  private var refusals = 0
  private var unanswered: [(stream: UInt32, at: Instant)] = []

  /// Opens the port.
  init(_ properties: PortProperties, keepsAlive: Bool, now: Instant) throws(PortError) {
    listener = try PortListener(properties)
    smux = SmuxSession(.client, keepsAlive: keepsAlive, now: now)
  }

  func acceptance(sessionID: String) -> String? {
    guard !hasAccepted else { return nil }
    hasAccepted = true
    return "\nConnection accepted for session [\(sessionID)]\n"
  }

  var queuedByteCount: Int { links.values.reduce(0) { $0 + $1.connection.queuedByteCount } }

  var deadline: Instant? {
    ([smux.deadline, listener.deadline] + links.values.map(\.finishDue)).compactMap { $0 }.min()
  }

  func takeFlag() -> ChannelFlag? { nil }

  func noteDelivered() {}

  func takeHappenings() -> [PortHappening] {
    var taken: [PortHappening] = []
    swap(&taken, &happenings)
    return taken
  }

  func interests(sending: Bool, now: Instant) -> [Poll.Interest] {
    watched = order
    var interests = [
      listener.interest(accepting: links.count < SmuxSession.maximumStreams, now: now)
    ]
    for id in watched {
      interests.append(links[id]?.connection.interest(reading: sending) ?? Poll.Interest(-1, []))
    }
    return interests
  }

  func serve(_ ready: ArraySlice<Poll.Readiness>, now: Instant, send: ([UInt8]) -> Bool) throws(PortError) {
    if ready.first?.isEmpty == false { accept(now: now) }
    var hasRoom = pass(send)
    for (id, readiness) in zip(watched, ready.dropFirst()) where !readiness.isEmpty {
      guard let link = links[id] else { continue }
      if readiness.contains(.writable) { link.connection.flush() }
      if hasRoom, readiness.contains(.readable) || readiness.contains(.hangup) {
        read(id, link, now: now)
        hasRoom = pass(send)
      }
    }
    if let first = order.first {
      order.removeFirst()
      order.append(first)
    }
    try tick(now)
    _ = pass(send)
  }

  private func accept(now: Instant) {
    while links.count < SmuxSession.maximumStreams, let connection = listener.accept(now: now) {
      let id = smux.open()
      links[id] = Link(connection: connection)
      order.append(id)
      happenings.append(.opened(id, from: connection.peer))
    }
  }

  private func read(_ id: UInt32, _ link: Link, now: Instant) {
    switch link.connection.read() {
    case .nothing: link.connection.noteHangup()
    case .bytes(let bytes):
      guard !link.hasFinished else { return }
      smux.send(bytes, on: id)
      happenings.append(.sent(id, bytes))
    case .end:
      let wait = link.connection.isBroken ? 0 : Limit.halfClosed
      if !link.hasFinished { links[id]?.finishDue = now.advanced(byMicroseconds: wait) }
    }
  }

  private func pass(_ send: ([UInt8]) -> Bool) -> Bool { send(smux.takeOutgoing()) }

  func receive(_ bytes: [UInt8], now: Instant) throws(PortError) {
    let arrived: [SmuxSession.Happening]
    do throws(SmuxError) {
      arrived = try smux.receive(bytes, now: now)
    } catch {
      throw .smux(error)
    }
    for happening in arrived {
      switch happening {
      case .opened: break  // only at a server
      case .data(let id, let data):
        guard let link = links[id] else { continue }
        link.connection.write(data)
        links[id]?.hasReceived = true
        if link.finishDue != nil, !link.hasFinished {
          links[id]?.finishDue = now.advanced(byMicroseconds: Limit.halfClosed)
        }
        happenings.append(.received(id, data))
      case .finished(let id): finish(id, now: now)
      }
    }
  }

  /// The far end has closed a stream, in both directions: what came is handed over, and nothing more is sent.
  private func finish(_ id: UInt32, now: Instant) {
    guard let link = links[id] else { return }
    smux.finish(id)
    links[id]?.hasFinished = true
    links[id]?.isFinishedByPeer = true
    links[id]?.finishDue = nil
    link.connection.finish()
    guard !link.hasReceived else { return }
    if refusals > 0 {
      refusals -= 1
      happenings.append(.refused(id))
    } else {
      unanswered.append((id, now))
    }
  }

  /// The agent could not reach the port. The flag does not say for which stream: the one that ends without a
  /// byte, shortly before or after.
  func receive(flag: UInt32, now: Instant) {
    guard flag == ChannelFlag.connectToPortError.rawValue else { return }
    unanswered.removeAll { now.microseconds(since: $0.at) > Limit.refusal }
    if unanswered.isEmpty {
      refusals += 1
    } else {
      happenings.append(.refused(unanswered.removeFirst().stream))
    }
  }

  private func tick(_ now: Instant) throws(PortError) {
    do throws(SmuxError) {
      try smux.tick(now: now)
    } catch {
      throw .smux(error)
    }
    for (id, link) in links {
      if let due = link.finishDue, due <= now {
        if link.hasFinished {
          links[id]?.isFinishedByPeer = true  // it never answered
          link.connection.finish()
          links[id]?.finishDue = nil
        } else {
          smux.finish(id)
          links[id]?.hasFinished = true
          links[id]?.finishDue = now.advanced(byMicroseconds: link.connection.isBroken ? 0 : Limit.unanswered)
        }
      }
      if link.isFinishedByPeer, link.connection.isFinished { remove(id) }
    }
  }

  private func remove(_ id: UInt32) {
    links[id] = nil
    order.removeAll { $0 == id }
    happenings.append(.closed(id))
  }
}
