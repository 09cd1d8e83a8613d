import Platform

/// A forwarded port with one connection at a time, for agents without smux (protocol.md §8.3, basic).
///
/// The agent connects before anybody has come here; what its server says first is kept for the first
/// connection. When a program leaves, the agent is told, and what still comes of its connection is dropped
/// until the agent has acknowledged that.
final class SinglePort: ForwardedPort {
  private enum State {
    case listening
    case connected(PortConnection)
    /// The agent's acknowledgement of the program's end is awaited.
    case disconnecting
  }

  /// From the last byte that came until a program's end is told, in microseconds.
  private static let halfClosed: Int64 = 1_000_000

  let listener: PortListener
  private var state = State.listening
  private var number: UInt32 = 0
  /// What came before anybody was here.
  private var early: [UInt8] = []
  private var flag: ChannelFlag?
  private var isFlagSent = false
  private var finishDue: Instant?
  private var happenings: [PortHappening] = []

  /// Opens the port.
  init(_ properties: PortProperties) throws(PortError) { listener = try PortListener(properties) }

  func acceptance(sessionID: String) -> String? { "Connection accepted for session \(sessionID).\n" }

  private var connection: PortConnection? {
    if case .connected(let connection) = state { connection } else { nil }
  }

  var queuedByteCount: Int { early.count + (connection?.queuedByteCount ?? 0) }

  var deadline: Instant? { [listener.deadline, finishDue].compactMap { $0 }.min() }

  func takeFlag() -> ChannelFlag? {
    defer { flag = nil }
    if flag != nil { isFlagSent = true }
    return flag
  }

  func noteDelivered() {
    if case .disconnecting = state, isFlagSent { state = .listening }
  }

  func takeHappenings() -> [PortHappening] {
    var taken: [PortHappening] = []
    swap(&taken, &happenings)
    return taken
  }

  func interests(sending: Bool, now: Instant) -> [Poll.Interest] {
    var isListening = false
    if case .listening = state { isListening = true }
    return [
      listener.interest(accepting: isListening, now: now),
      connection?.interest(reading: sending) ?? Poll.Interest(-1, []),
    ]
  }

  func serve(_ ready: ArraySlice<Poll.Readiness>, now: Instant, send: ([UInt8]) -> Bool) throws(PortError) {
    if case .listening = state, ready.first?.isEmpty == false, let accepted = listener.accept(now: now) {
      number += 1
      state = .connected(accepted)
      happenings.append(.opened(number, from: accepted.peer))
      if !early.isEmpty { deliver(early, to: accepted, now: now) }
      early = []
    } else if let connection, let readiness = ready.last, !readiness.isEmpty {
      if readiness.contains(.writable) { connection.flush() }
      if readiness.contains(.readable) || readiness.contains(.hangup), send([]) {
        read(connection, now: now, send: send)
      }
    }
    if let due = finishDue, due <= now, connection != nil {
      finishDue = nil
      state = .disconnecting
      (flag, isFlagSent) = (.disconnectToPort, false)
      happenings.append(.closed(number))
    }
  }

  private func read(_ connection: PortConnection, now: Instant, send: ([UInt8]) -> Bool) {
    switch connection.read() {
    case .nothing: connection.noteHangup()
    case .bytes(let bytes):
      happenings.append(.sent(number, bytes))
      _ = send(bytes)
    case .end:
      let wait = connection.isBroken ? 0 : Self.halfClosed
      finishDue = now.advanced(byMicroseconds: wait)
    }
  }

  func receive(_ bytes: [UInt8], now: Instant) throws(PortError) {
    switch state {
    case .listening: early += bytes
    case .disconnecting: break  // of a connection that is over
    case .connected(let connection): deliver(bytes, to: connection, now: now)
    }
  }

  private func deliver(_ bytes: [UInt8], to connection: PortConnection, now: Instant) {
    connection.write(bytes)
    if finishDue != nil { finishDue = now.advanced(byMicroseconds: Self.halfClosed) }
    happenings.append(.received(number, bytes))
  }

  func receive(flag: UInt32, now: Instant) {}
}
