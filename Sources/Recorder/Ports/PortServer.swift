import Platform

/// The agent's end of a port session: connections to servers on one side, the session's bytes on the other
/// (protocol.md §8.5).
///
/// The end of a client's side is passed on as such, and what the server still says is forwarded until it ends
/// too or falls silent; clients that have closed the whole connection drop it.
final class PortServer {
  /// What is to be sent to the client, in this order.
  enum Outgoing: Equatable {
    case bytes([UInt8])
    case flag(ChannelFlag)
  }

  private enum Stage {
    case dialing(PortDialer)
    case connected(PortConnection)
  }

  private struct Link {
    var stage: Stage
    /// What came for the server before it was reached.
    var early: [UInt8] = []
    var isFinishedByClient = false
    var hasFinished = false
    /// When a server that says nothing after its client's end is given up.
    var giveUpAt: Instant?

    var connection: PortConnection? { if case .connected(let connection) = stage { connection } else { nil } }
    var queuedByteCount: Int { early.count + (connection?.queuedByteCount ?? 0) }
  }

  /// How long a server may be silent after its client's end, in microseconds.
  private static let silence: Int64 = 2_000_000
  /// The one connection's key where there is no smux.
  private static let only: UInt32 = 0

  private let mode: PortMode
  private let addresses: [SocketAddress]
  private var smux: SmuxSession?
  private var links: [UInt32: Link] = [:]
  /// Connections whose client has left, with what is still to be handed over.
  private var leaving: [PortConnection] = []
  private var outgoing: [Outgoing] = []
  /// Why the session is over, empty where that is in order; nil while it goes on.
  private(set) var ending: String?

  init(_ mode: PortMode, addresses: [SocketAddress], now: Instant) {
    self.mode = mode
    self.addresses = addresses
    if case .multiplexed(let keepsAlive) = mode {
      smux = SmuxSession(.server, keepsAlive: keepsAlive, now: now)
    } else {
      dial(Self.only, now: now)
    }
  }

  /// Bytes that servers have not taken.
  var queuedByteCount: Int { links.values.reduce(0) { $0 + $1.queuedByteCount } }

  func takeOutgoing() -> [Outgoing] {
    if let bytes = smux?.takeOutgoing(), !bytes.isEmpty { outgoing.append(.bytes(bytes)) }
    var taken: [Outgoing] = []
    swap(&taken, &outgoing)
    return taken
  }

  private func dial(_ id: UInt32, now: Instant) {
    links[id] = Link(stage: .dialing(PortDialer(addresses, now: now)))
  }

  // MARK: - The client

  func receive(_ bytes: [UInt8], now: Instant) {
    guard ending == nil else { return }
    guard smux != nil else {
      if links[Self.only] == nil { dial(Self.only, now: now) }
      return write(bytes, to: Self.only)
    }
    do throws(SmuxError) {
      for happening in try smux?.receive(bytes, now: now) ?? [] {
        switch happening {
        case .opened(let id): dial(id, now: now)
        case .data(let id, let data): write(data, to: id)
        case .finished(let id): finishedByClient(id, now: now)
        }
      }
    } catch {
      end("\(error)")
    }
  }

  func receive(flag: UInt32) {
    switch ChannelFlag(rawValue: flag) {
    case .terminateSession: end("")
    case .disconnectToPort where smux == nil:
      guard let link = links.removeValue(forKey: Self.only) else { return }
      if let connection = link.connection {
        connection.finish()
        if !connection.isFinished { leaving.append(connection) }
      }
      if mode == .standardStreams { end("") }
    default: break
    }
  }

  private func write(_ bytes: [UInt8], to id: UInt32) {
    guard let link = links[id] else { return }
    if let connection = link.connection {
      connection.write(bytes)
    } else {
      links[id]?.early += bytes
    }
  }

  private func finishedByClient(_ id: UInt32, now: Instant) {
    guard let link = links[id] else { return }
    links[id]?.isFinishedByClient = true
    links[id]?.giveUpAt = now.advanced(byMicroseconds: Self.silence)
    link.connection?.finish()
    removeIfDone(id)
  }

  private func end(_ reason: String) {
    guard ending == nil else { return }
    ending = reason
    links = [:]
  }

  // MARK: - The servers

  /// What to wait for.
  /// - Parameter reading: whether there is room for what servers send.
  func interests(reading: Bool) -> [(id: UInt32, interest: Poll.Interest)] {
    links.compactMap { id, link in
      let interest =
        switch link.stage {
        case .dialing(let dialer): dialer.interest
        case .connected(let connection): connection.interest(reading: reading)
        }
      return interest.readiness.isEmpty && link.giveUpAt == nil ? nil : (id, interest)
    }
  }

  func serve(_ id: UInt32, _ readiness: Poll.Readiness, reading: Bool, now: Instant) {
    guard let link = links[id] else { return }
    switch link.stage {
    case .dialing(let dialer): advance(dialer, of: id, isReady: true, now: now)
    case .connected(let connection):
      if readiness.contains(.writable) { connection.flush() }
      if reading, readiness.contains(.readable) || readiness.contains(.hangup) {
        read(connection, of: id, now: now)
      }
      removeIfDone(id)
    }
  }

  private func read(_ connection: PortConnection, of id: UInt32, now: Instant) {
    switch connection.read() {
    case .nothing: connection.noteHangup()
    case .bytes(let bytes):
      if links[id]?.giveUpAt != nil { links[id]?.giveUpAt = now.advanced(byMicroseconds: Self.silence) }
      if smux == nil { outgoing.append(.bytes(bytes)) } else { smux?.send(bytes, on: id) }
    case .end: finish(id)
    }
  }

  /// The server sends no more.
  private func finish(_ id: UInt32) {
    guard smux != nil else {
      links[id] = nil
      // The client's next bytes make a new connection, as AWS's agent does it, unless the session is one stream.
      if mode == .standardStreams { end("") }
      return
    }
    smux?.finish(id)
    links[id]?.hasFinished = true
    links[id]?.giveUpAt = nil
    removeIfDone(id)
  }

  private func removeIfDone(_ id: UInt32) {
    guard let link = links[id], link.isFinishedByClient, link.hasFinished, let connection = link.connection
    else { return }
    if connection.isFinished { links[id] = nil }
  }

  private func advance(_ dialer: PortDialer, of id: UInt32, isReady: Bool, now: Instant) {
    switch dialer.advance(isReady: isReady, now: now) {
    case .connecting: break
    case .connected(let descriptor):
      let connection = PortConnection(descriptor, peer: "")
      let early = links[id]?.early ?? []
      links[id]?.early = []
      links[id]?.stage = .connected(connection)
      if !early.isEmpty { connection.write(early) }
      if links[id]?.isFinishedByClient == true { connection.finish() }
    case .failed(let error):
      links[id] = nil
      guard smux != nil else {
        let place = addresses.last.map { "\($0): " } ?? ""
        return end("Unable to connect to specified port: \(place)\(error)")
      }
      smux?.finish(id)
      outgoing.append(.flag(.connectToPortError))
    }
  }

  // MARK: - Time

  /// When `advance` must be called at the latest.
  var deadline: Instant? {
    var due = smux?.deadline
    for link in links.values {
      var moment = link.giveUpAt
      if case .dialing(let dialer) = link.stage { moment = dialer.deadline }
      if let moment { due = min(due ?? moment, moment) }
    }
    return due
  }

  /// Does what is due.
  func advance(now: Instant) {
    guard ending == nil else { return }
    do throws(SmuxError) {
      try smux?.tick(now: now)
    } catch {
      return end("\(error)")
    }
    for (id, link) in links {
      if case .dialing(let dialer) = link.stage, dialer.deadline <= now {
        advance(dialer, of: id, isReady: false, now: now)
      } else if let due = link.giveUpAt, due <= now, link.connection != nil {
        finish(id)
      }
    }
    for connection in leaving { connection.flush() }
    leaving.removeAll(where: \.isFinished)
  }
}
