import Platform

/// What became of a connection of a port session, for the recording.
enum PortHappening: Equatable, Sendable {
  /// - from: the program's address here.
  case opened(UInt32, from: String)
  /// From the program here to the far end.
  case sent(UInt32, [UInt8])
  case received(UInt32, [UInt8])
  /// The far end could not reach the port.
  case refused(UInt32)
  case closed(UInt32)
}

/// The client's end of a forwarded port: programs here on one side, the session's bytes on the other.
///
/// Wait for `interests` until `deadline`, then `serve`; hand it what arrives, and send on what it takes.
protocol ForwardedPort: AnyObject {
  /// Where programs connect to, in the official client's words.
  var listener: PortListener { get }
  /// What is printed at the first connection, or at each.
  func acceptance(sessionID: String) -> String?

  /// What to wait for.
  /// - Parameter sending: whether the session takes more bytes.
  func interests(sending: Bool, now: Instant) -> [Poll.Interest]
  /// Does what can be done now.
  /// - Parameters:
  ///   - ready: for each of the interests.
  ///   - send: sends bytes to the far end and says whether it takes more.
  func serve(_ ready: ArraySlice<Poll.Readiness>, now: Instant, send: ([UInt8]) -> Bool) throws(PortError)
  /// Takes bytes of the far end.
  func receive(_ bytes: [UInt8], now: Instant) throws(PortError)
  /// Takes a flag of the far end.
  func receive(flag: UInt32, now: Instant)
  /// A flag to send now, in front of all bytes that come after.
  func takeFlag() -> ChannelFlag?
  /// Whether the far end has acknowledged all that was sent.
  func noteDelivered()
  /// When `serve` must be called even if nothing is ready.
  var deadline: Instant? { get }
  /// Bytes that programs here have not taken.
  var queuedByteCount: Int { get }
  /// What happened since the last call, in order.
  func takeHappenings() -> [PortHappening]
}
