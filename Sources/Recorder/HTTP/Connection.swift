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

  let url: URLParts
  let proxy: Proxy?
  private let trust: TLSContext
  private var dialer: Dialer
  private var descriptor: Descriptor?
  private var step = ConnectionError.Step.connecting
  private var proxyAnswer = HTTPResponseParser(answerTo: "CONNECT")
  /// What the plaintext goes through, outermost first: TLS with an https proxy, TLS with the host.
  private var layers: [TLSEngine] = []
  /// Plaintext that has not gone into the layers yet.
  private var queued: [UInt8] = []
  /// What comes out of the layers, for the socket; from `written` on it has not left yet.
  private var outgoing: [UInt8] = []
  private var written = 0
  /// Found after bytes that are still worth handing over; thrown by the next `process`.
  private var failure: ConnectionError?
  private var cannotWrite = false

  private(set) var state = State.connecting
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
    descriptor = try dialer.next(now: now)
  }

  /// Whether requests go to a proxy in absolute form instead of through a tunnel (RFC 9112 §3.2.2).
  private var isForwarded: Bool { proxy != nil && url.scheme == .http }

  /// Who is spoken to in the current step, for messages.
  private var peer: String {
    switch step {
    case .connecting, .proxyHandshake, .askingProxy:
      proxy.map { "the proxy \($0.url.authority)" } ?? url.authority
    case .handshake, .open: url.authority
    }
  }

  /// What to wait for. A closed connection's descriptor is -1, which poll(2) passes over.
  var interest: Poll.Interest {
    guard state != .closed, let number = descriptor?.rawValue else { return Poll.Interest(-1, []) }
    if step == .connecting { return Poll.Interest(number, .writable) }
    let hasOutput = !cannotWrite && (written < outgoing.count || step == .open && !queued.isEmpty)
    return Poll.Interest(number, hasOutput ? [.readable, .writable] : .readable)
  }

  /// When `process` must be called even if nothing is ready; nil: no limit runs.
  var deadline: Instant? {
    switch (state, step) {
    case (.connecting, .connecting): min(dialer.addressDeadline, dialer.deadline)
    case (.connecting, _): dialer.deadline
    default: nil
    }
  }

  /// Bytes taken by `send` that have not left yet.
  var queuedByteCount: Int { queued.count + outgoing.count - written }

  /// Queues bytes; they leave with `process`, those queued before the connection is open as soon as it is.
  func send(_ bytes: [UInt8]) {
    if state != .closed && !cannotWrite { queued += bytes }
  }

  /// Does what can be done now: connects, shakes hands, writes what is queued, reads what is there.
  /// - Returns: plaintext that arrived. At the end of the stream `state` becomes `.closed`, with the last bytes.
  func process(_ readiness: Poll.Readiness, now: Instant) throws(ConnectionError) -> [UInt8] {
    if let failure { throw failure }
    if state == .closed { return [] }
    do throws(ConnectionError) {
      if step == .connecting {
        guard try finishConnecting(readiness, now: now) else { return [] }
      } else if state == .connecting, now >= dialer.deadline {
        throw noAnswer(dialer.limits.openMicroseconds)
      }
      try write()
      let received = try read(isReadable: !readiness.isEmpty)
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
    if state == .open { try? passQueued() }  // a stream that failed has nothing more to say
    for engine in layers.reversed() {
      engine.close()
      try? collectOutput()  // likewise
    }
    try? flush()  // likewise
    state = .closed
    descriptor = nil
  }

  /// What an error of `exchange` calls the other side, and in which step.
  func noAnswer(_ microseconds: Int64) -> ConnectionError {
    .noAnswer(peer: peer, step, seconds: Int((microseconds + 999_999) / 1_000_000))
  }

  /// The error for a stream that ended before its time.
  var closedTooEarly: ConnectionError { .closed(peer: peer, step) }

  /// The request as this connection must carry it: with Host, and for a forwarding proxy in absolute form.
  func addressed(_ request: HTTPRequest) -> HTTPRequest {
    var request = request
    if request.fields["Host"] == nil { request.fields.prepend("Host", url.hostField) }
    if isForwarded {
      request.target = "http://\(url.hostField)\(request.target)"
      request.fields["Proxy-Authorization"] = proxy?.authorization
    }
    return request
  }
}

// MARK: Steps until the connection is open

extension Connection {
  private func finishConnecting(_ readiness: Poll.Readiness, now: Instant) throws(ConnectionError) -> Bool {
    let reason: String
    if readiness.isEmpty {
      if now < dialer.addressDeadline && now < dialer.deadline { return false }
      reason = "no answer"
    } else if let error = connectionError {
      reason = error.description
    } else {
      try enter(proxy?.url.isSecure == true ? .proxyHandshake : afterProxyHandshake)
      return true
    }
    descriptor = nil
    descriptor = try dialer.next(after: reason, now: now)
    return false
  }

  private var connectionError: Errno? {
    guard let number = descriptor?.rawValue else { return nil }
    return Socket.connectionError(Descriptor(borrowing: number))
  }

  private var afterProxyHandshake: ConnectionError.Step {
    proxy != nil && !isForwarded ? .askingProxy : afterProxy
  }

  private var afterProxy: ConnectionError.Step { url.isSecure ? .handshake : .open }

  private func enter(_ next: ConnectionError.Step) throws(ConnectionError) {
    step = next
    switch next {
    case .connecting: break
    case .proxyHandshake: try addLayer(host: proxy?.url.host ?? url.host)
    case .handshake: try addLayer(host: url.host)
    case .askingProxy:
      var request = HTTPRequest(method: "CONNECT", target: url.authority, fields: ["Host": url.authority])
      request.fields["Proxy-Authorization"] = proxy?.authorization
      try pass(request.encoded())
    case .open: state = .open
    }
  }

  private func addLayer(host: String) throws(ConnectionError) {
    do throws(TLSError) {
      layers.append(try TLSEngine(client: trust, host: host))
    } catch {
      throw .tls(peer: peer, error)
    }
    try collectOutput()
  }

  /// Takes what came from the socket through the layers and the steps; returns what is the caller's.
  private func accept(_ ciphertext: [UInt8]) throws(ConnectionError) -> [UInt8] {
    var bytes = try decrypt(ciphertext, from: 0)
    while true {
      switch step {
      case .connecting: return []
      case .proxyHandshake:
        guard layers[0].isEstablished else { return [] }
        try enter(afterProxyHandshake)
      case .askingProxy:
        guard let rest = try acceptProxyAnswer(bytes) else { return [] }
        let layerCount = layers.count
        try enter(afterProxy)
        bytes = try decrypt(rest, from: layerCount)
      case .handshake:
        guard layers[layers.count - 1].isEstablished else { return [] }
        try enter(.open)
      case .open: return bytes
      }
    }
  }

  /// - Returns: what follows the proxy's consent; nil while the answer is incomplete.
  private func acceptProxyAnswer(_ bytes: [UInt8]) throws(ConnectionError) -> [UInt8]? {
    proxyAnswer.append(bytes)
    let answer: HTTPResponse?
    do throws(HTTPError) {
      answer = try proxyAnswer.next()
    } catch {
      throw .http(peer: peer, error)
    }
    guard let answer else { return nil }
    guard 200..<300 ~= answer.status else {
      throw .proxyRefused(
        proxy: proxy?.url.authority ?? "", status: answer.status,
        reason: ASCII.excerpt(Array(answer.reason.utf8)))
    }
    return proxyAnswer.takeLeftover()
  }
}

// MARK: Bytes

extension Connection {
  /// Most bytes taken from the socket in one `process`, so that one stream cannot starve a loop's others.
  private static let readLimit = 256 << 10

  private func read(isReadable: Bool) throws(ConnectionError) -> [UInt8] {
    var received: [UInt8] = []
    var taken = 0
    while isReadable, state != .closed, taken < Self.readLimit {
      let result: Descriptor.ReadResult
      do throws(Errno) {
        guard let got = try descriptor?.read(upTo: 64 << 10) else { break }
        result = got
      } catch {
        let lost = ConnectionError.lost(peer: peer, step, error)
        if received.isEmpty { throw lost }
        failure = lost
        break
      }
      switch result {
      case .wouldBlock: return received
      case .endOfFile: try end()
      case .bytes(let bytes):
        taken += bytes.count
        received += try accept(bytes)
        if layers.contains(where: \.isClosed) { try end() }
      }
    }
    return received
  }

  private func end() throws(ConnectionError) {
    if state == .connecting { throw .closed(peer: peer, step) }
    endedInOrder = layers.last?.isClosed ?? true
    close()
  }

  private func decrypt(_ ciphertext: [UInt8], from first: Int) throws(ConnectionError) -> [UInt8] {
    var bytes = ciphertext
    for engine in layers[first...] {
      do throws(TLSError) {
        try engine.receive(bytes)
      } catch {
        throw .tls(peer: peer, error)
      }
      bytes = engine.takePlaintext()
    }
    try collectOutput()
    return bytes
  }

  private func passQueued() throws(ConnectionError) {
    if queued.isEmpty { return }
    let bytes = queued
    queued = []
    try pass(bytes)
  }

  /// Puts plaintext into the innermost layer, or out directly where there is none.
  private func pass(_ bytes: [UInt8]) throws(ConnectionError) {
    guard let engine = layers.last else {
      outgoing += bytes
      return
    }
    do throws(TLSError) {
      try engine.send(bytes)
    } catch {
      throw .tls(peer: peer, error)
    }
    try collectOutput()
  }

  /// Moves what each layer wants sent through those around it.
  private func collectOutput() throws(ConnectionError) {
    for index in layers.indices.reversed() {
      let bytes = layers[index].takeCiphertext()
      if index == 0 {
        outgoing += bytes
      } else {
        do throws(TLSError) {
          try layers[index - 1].send(bytes)
        } catch {
          throw .tls(peer: peer, error)
        }
      }
    }
  }

  private func write() throws(ConnectionError) {
    if state == .open { try passQueued() }
    do throws(Errno) {
      try flush()
    } catch {
      // What the other side said before it went, often why, is still to be read: that read tells the end.
      cannotWrite = true
      outgoing = []
      queued = []
      written = 0
    }
  }

  private func flush() throws(Errno) {
    while written < outgoing.count, !cannotWrite {
      guard let number = descriptor?.rawValue else { return }
      let borrowed = Descriptor(borrowing: number)
      guard case .wrote(let count) = try Socket.send(outgoing, from: written, to: borrowed) else { break }
      written += count
    }
    if written == outgoing.count {
      outgoing.removeAll(keepingCapacity: outgoing.capacity <= 256 << 10)
      written = 0
    } else if written > 1 << 20 {
      outgoing.removeFirst(written)
      written = 0
    }
  }

  /// After a failure: lets an alert go out, then closes.
  private func abandon(_ error: ConnectionError) {
    failure = error
    if step != .connecting {
      try? collectOutput()  // the first error is the one worth telling
      try? flush()  // likewise
    }
    state = .closed
    descriptor = nil
  }
}
