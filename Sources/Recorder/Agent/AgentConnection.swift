import Platform

/// One client's socket with the machine that understands its bytes. Reads and writes what the kernel has or
/// takes now; the loop says when.
final class AgentConnection {
  /// How long a client may take for each step, in microseconds.
  enum Limit {
    /// From connecting to a whole request, TLS included; and from the upgrade to OpenDataChannelInput.
    static let opening: Int64 = 15_000_000
    /// Without a request on a connection that is kept alive.
    static let idle: Int64 = 60_000_000
    /// From our last byte to the client's closing of the connection.
    static let lingering: Int64 = 2_000_000
  }

  /// Most bytes that wait for the socket before the session stops reading its shell.
  static let queueLimit = 256 << 10
  private static let readSize = 64 << 10

  private let descriptor: Descriptor
  var stream: AgentStream
  /// The session whose channel this connection asked for or carries.
  var sessionID: String?
  /// Whether the token was right and messages go to the session.
  var isChannelOpen = false
  /// When to give up waiting for the client; nil: no limit runs.
  private(set) var deadline: Instant?
  private(set) var isClosed = false
  /// The kernel took less than there is; cleared when it takes more.
  var isBlocked = false

  private var outgoing: [UInt8] = []
  private var writtenCount = 0
  /// Everything is sent; what the client still sends is dropped until it closes. Closing earlier would reset
  /// the connection and could take our last words from it.
  private var isLingering = false
  /// The client sends no more.
  private var hasEnded = false
  /// The client closes when it has the answer, or its close frame is expected.
  private var isClosing = false

  init(_ descriptor: consuming Descriptor, _ tls: TLSContext, now: Instant) {
    self.descriptor = descriptor
    stream = AgentStream(tls)
    deadline = now.advanced(byMicroseconds: Limit.opening)
  }

  /// Bytes on their way to the client.
  var queuedByteCount: Int { outgoing.count - writtenCount + stream.pendingByteCount }

  /// What to wait for; `takesInput` false leaves the client's bytes in the kernel.
  func interest(takesInput: Bool) -> Poll.Interest {
    var readiness: Poll.Readiness = []
    if !hasEnded, takesInput || isLingering || isClosing { readiness.insert(.readable) }
    if writtenCount < outgoing.count { readiness.insert(.writable) }
    return Poll.Interest(descriptor.rawValue, readiness)
  }

  /// Takes what the kernel has from the client.
  func read() {
    do throws(Errno) {
      switch try descriptor.read(upTo: Self.readSize) {
      case .bytes(let bytes): if !isLingering { stream.receive(bytes) }
      case .endOfFile:
        if hasEnded || isLingering { close() }
        hasEnded = true
        stream.receiveEnd()
      case .wouldBlock: break
      }
    } catch {
      close()  // reset by the client
    }
  }

  /// Sends what the kernel takes, and goes on to close when all is said.
  func write(now: Instant) {
    guard !isClosed, !isBlocked else { return }
    do throws(Errno) {
      while true {
        if writtenCount == outgoing.count {
          outgoing = isLingering ? [] : stream.takeOutgoing()
          writtenCount = 0
          if outgoing.isEmpty { break }
        }
        guard case .wrote(let count) = try descriptor.write(outgoing, from: writtenCount) else {
          isBlocked = true
          return
        }
        writtenCount += count
      }
    } catch {
      return close()
    }
    guard stream.isFinished, !isLingering else { return }
    stream.finish()
    // The end mark is a courtesy of a few bytes: if the kernel does not take it now, the client does without.
    _ = try? descriptor.write(stream.takeOutgoing())
    if hasEnded || stream.hasClosedInOrder { return close() }
    isLingering = true
    Socket.finishWriting(descriptor)
    wait(Limit.lingering, now: now)
  }

  /// Gives the client this long for its next step; nil for ever.
  func wait(_ microseconds: Int64?, now: Instant) {
    deadline = microseconds.map { now.advanced(byMicroseconds: $0) }
  }

  /// Starts the closing handshake of the channel.
  func closeChannel(code: UInt16, reason: String, now: Instant) {
    stream.close(code: code, reason: reason)
    isClosing = true
    wait(Limit.lingering, now: now)
  }

  /// The client's time is up. It is told so, unless it has asked for nothing or does not listen.
  func expire(now: Instant) {
    if isLingering || isClosing { return close() }
    if stream.isWebSocket {
      let reason = "No request to open the data channel came in time."
      return closeChannel(code: CloseCode.policyViolation, reason: reason, now: now)
    }
    if stream.isIdle || stream.isEnding { return close() }
    stream.answer(AgentStream.plain(408, "The request did not arrive in time."), keepingAlive: false)
    wait(Limit.lingering, now: now)
  }

  func close() { isClosed = true }
}
