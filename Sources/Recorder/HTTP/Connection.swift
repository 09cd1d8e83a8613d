import Platform

/// A client's connection as one non-blocking stream of bytes: TCP, through a proxy if one is set, with TLS for
/// https and wss.
///
/// Any loop can drive it: wait for `interest` until `deadline` at the latest, then call `process`.
final class Connection {
  enum State: Equatable, Sendable { case connecting, open, closed }

  /// How long each step may take.
  struct Limits: Equatable, Sendable {
    /// For one of several addresses of a host.
    var perAddressMicroseconds: Int64 = 5_000_000
    /// For everything until the connection is open: TCP, proxy and TLS.
    var openMicroseconds: Int64 = 15_000_000
  }

  /// Looks the host up (this waits for the name server) and begins to connect.
  init(
    to url: URLParts, trust: TLSContext, proxy: ProxySettings, limits: Limits = Limits(), now: Instant
  ) throws(ConnectionError) { fatalError() }

  var state: State { fatalError() }

  /// What to wait for.
  var interest: Poll.Interest { fatalError() }

  /// When `process` must be called even if nothing is ready; nil: no limit runs.
  var deadline: Instant? { fatalError() }

  /// Bytes taken by `send` that have not left yet.
  var queuedByteCount: Int { fatalError() }

  /// Whether the other side ended the stream in order (with TLS: by its own end mark).
  var endedInOrder: Bool { fatalError() }

  /// Does what can be done now: connects, shakes hands, writes what is queued, reads what is there.
  /// - Returns: plaintext that arrived. At the end of the stream `state` becomes `.closed`, with the last bytes.
  func process(_ readiness: Poll.Readiness, now: Instant) throws(ConnectionError) -> [UInt8] { fatalError() }

  /// Queues bytes; they leave with `process`, those queued before the connection is open as soon as it is.
  func send(_ bytes: [UInt8]) { fatalError() }

  /// Closes at once, without waiting; queued bytes that the kernel does not take are lost.
  func close() { fatalError() }

  /// Sends a request and waits for the whole answer: for API calls, where there is no loop yet.
  ///
  /// `Host` is added. Connects first if that is still under way.
  /// - Parameter interruptedBy: a descriptor (of signals) that ends the wait with `.interrupted` when readable.
  func exchange(
    _ request: HTTPRequest, deadline: Instant, time: some TimeSource, interruptedBy: Int32? = nil
  ) throws(ConnectionError) -> HTTPResponse { fatalError() }
}
