import Platform

/// A client's connection as one non-blocking stream of bytes: TCP, through a proxy if one is set, with TLS
/// for https and wss.
///
/// Any loop can drive it: wait for `interest` until `deadline` at the latest, then call `process`. A loop
/// that wants no more bytes for now leaves `.readable` out of what it waits for.
final class Connection {
  enum State: Equatable, Sendable { case connecting, open, closed }

  /// How long each step may take.
  struct Limits: Equatable, Sendable {
    /// For one of several addresses of a host.
    var perAddressMicroseconds: Int64 = 5_000_000
    /// For everything until the connection is open: TCP, proxy and TLS.
    var openMicroseconds: Int64 = 15_000_000
  }

  let url: URLParts
  let proxy: Proxy?
  let trust: TLSContext
  /// The step being done; its changes are in Connection+Steps.swift.
  var step = ConnectionError.Step.connecting
  var proxyAnswer = HTTPResponseParser(answerTo: "CONNECT")
  var dialer: Dialer
  /// The socket while it connects.
  var dialing: Descriptor?
  /// The socket once it is connected.
  var stream: LayeredStream?
  /// Plaintext that waits for the connection to be open, or for the next `process`.
  private var queued: [UInt8] = []
  /// Found after bytes that are still worth handing over; thrown by the next `process`.
  private var failure: ConnectionError?
  /// The other side takes no more; what it sent before it went is still to be read.
  private var cannotWrite = false

  var state = State.connecting
  /// Whether the other side ended the stream in order (with TLS: by its own end mark).
  private(set) var endedInOrder = false

  /// Looks the host up (this waits for the name server) and begins to connect.
  init(
    to url: URLParts, trust: TLSContext, proxy: ProxySettings, limits: Limits = Limits(), now: Instant
  ) throws(ConnectionError) {
    self.url = url
    self.trust = trust
    self.proxy = try proxy.proxy(for: url)
    dialer = try Dialer(to: self.proxy?.url ?? url, limits: limits, now: now)
    dialing = try dialer.next(now: now)
  }

  /// What to wait for. A closed connection's descriptor is -1, which poll(2) passes over.
  var interest: Poll.Interest {
    if state == .closed { return Poll.Interest(-1, []) }
    guard let stream else { return Poll.Interest(dialing?.rawValue ?? -1, .writable) }
    let hasOutput = !cannotWrite && (stream.unsentByteCount > 0 || state == .open && !queued.isEmpty)
    // A failure is told at once: a socket can nearly always be written.
    return Poll.Interest(stream.number, hasOutput || failure != nil ? [.readable, .writable] : .readable)
  }

  /// When `process` must be called even if nothing is ready; nil: no limit runs.
  var deadline: Instant? {
    guard state == .connecting else { return nil }
    return step == .connecting ? min(dialer.addressDeadline, dialer.deadline) : dialer.deadline
  }

  /// Bytes taken by `send` that have not left yet.
  var queuedByteCount: Int { queued.count + (stream?.unsentByteCount ?? 0) }

  /// Queues bytes; they leave with `process`, those queued before the connection is open as soon as it is.
  func send(_ bytes: [UInt8]) {
    if state != .closed && !cannotWrite { queued += bytes }
  }

  /// Does what can be done now: connects, shakes hands, writes what is queued, reads if that is ready.
  /// - Returns: plaintext that arrived. At the end of the stream `state` becomes `.closed`, with the last
  ///   bytes.
  func process(_ readiness: Poll.Readiness, now: Instant) throws(ConnectionError) -> [UInt8] {
    if let failure {
      abandon(failure)
      throw failure
    }
    if state == .closed { return [] }
    do throws(ConnectionError) {
      if step == .connecting {
        guard try finishConnecting(readiness, now: now) else { return [] }
      } else if state == .connecting, now >= dialer.deadline {
        throw noAnswer(dialer.limits.openMicroseconds)
      }
      try write()
      let isReadable = !readiness.isDisjoint(with: [.readable, .hangup])
      let received = isReadable ? try read() : []
      try write()
      return received
    } catch {
      abandon(error)
      throw error
    }
  }

  /// Closes at once, without waiting; queued bytes that the kernel does not take are lost.
  func close() {
    guard state != .closed else { return }
    if state == .open, !cannotWrite {
      try? stream?.pass(queued)  // a stream that failed has nothing more to say
      stream?.sayEnd()
    }
    forget()
  }

  /// After a failure: lets an alert go out, then closes.
  private func abandon(_ error: ConnectionError) {
    failure = error
    stream?.sayFailure()
    forget()
  }

  private func forget() {
    state = .closed
    queued = []
    dialing = nil
    stream = nil
  }
}

// MARK: Bytes

extension Connection {
  /// Most bytes taken from the socket in one `process`, so that one stream cannot starve a loop's others.
  private static let readLimit = 256 << 10

  private func read() throws(ConnectionError) -> [UInt8] {
    var received: [UInt8] = []
    var taken = 0
    do throws(ConnectionError) {
      while let stream, taken < Self.readLimit {
        switch try readOnce(stream) {
        case .wouldBlock: return received
        case .endOfFile: try end(stream)
        case .bytes(let bytes):
          taken += bytes.count
          received += try accept(bytes)
          if let error = stream.failure { throw .tls(peer: peer, error) }
          if stream.hasEnded { try end(stream) }
        }
      }
    } catch {
      if received.isEmpty { throw error }
      failure = error
    }
    return received
  }

  private func readOnce(_ stream: LayeredStream) throws(ConnectionError) -> Descriptor.ReadResult {
    do throws(Errno) {
      return try stream.read(upTo: 64 << 10)
    } catch {
      throw .lost(peer: peer, step, error)
    }
  }

  private func end(_ stream: LayeredStream) throws(ConnectionError) {
    if state == .connecting { throw .closed(peer: peer, step) }
    endedInOrder = stream.isEndInOrder
    close()
  }

  private func write() throws(ConnectionError) {
    guard let stream else { return }
    if state == .open, !queued.isEmpty {
      let bytes = queued
      queued = []
      try asTLSOfPeer { () throws(TLSError) in try stream.pass(bytes) }
    }
    do throws(Errno) {
      try stream.flush()
    } catch {
      // What the other side said before it went, often why, is still to be read: that read tells the end.
      cannotWrite = true
      stream.discard()
    }
  }

  /// Says whose TLS failed.
  func asTLSOfPeer<Result>(_ body: () throws(TLSError) -> Result) throws(ConnectionError) -> Result {
    do throws(TLSError) {
      return try body()
    } catch {
      throw .tls(peer: peer, error)
    }
  }
}
