import Platform

/// The way of a connection until it is open: TCP, TLS with an https proxy, CONNECT, TLS with the host.
extension Connection {
  /// Whether requests go to a proxy in absolute form instead of through a tunnel (RFC 9112 §3.2.2).
  var isForwarded: Bool { proxy != nil && url.scheme == .http }

  /// Who is spoken to in the current step, for messages.
  var peer: String {
    switch step {
    case .connecting, .proxyHandshake, .askingProxy:
      proxy.map { "the proxy \($0.url.authority)" } ?? url.authority
    case .handshake, .open: url.authority
    }
  }

  /// The error for an answer that does not come in time.
  func noAnswer(_ microseconds: Int64) -> ConnectionError {
    .noAnswer(peer: peer, step, seconds: Int((microseconds + 999_999) / 1_000_000))
  }

  /// The error for a stream that ended before its time.
  var closedTooEarly: ConnectionError { .closed(peer: peer, step) }

  /// - Returns: whether TCP is connected; else the next address is being tried, or more time is needed.
  func finishConnecting(_ readiness: Poll.Readiness, now: Instant) throws(ConnectionError) -> Bool {
    let reason: String
    if readiness.isEmpty {
      if now < dialer.addressDeadline && now < dialer.deadline { return false }
      reason = "no answer"
    } else if let error = dialingError {
      reason = error.description
    } else {
      guard let connected = dialing.take() else { return false }
      stream = LayeredStream(connected)
      try enter(proxy?.url.isSecure == true ? .proxyHandshake : afterProxyHandshake)
      return true
    }
    dialing = nil
    dialing = try dialer.next(after: reason, now: now)
    return false
  }

  private var dialingError: Errno? {
    guard let number = dialing?.rawValue else { return nil }
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
      let bytes = request.encoded()
      try asTLSOfPeer { () throws(TLSError) in try stream?.pass(bytes) }
    case .open: state = .open
    }
  }

  private func addLayer(host: String) throws(ConnectionError) {
    try asTLSOfPeer { () throws(TLSError) in
      try stream?.add(TLSEngine(client: trust, host: host))
    }
  }

  /// Takes what came from the socket through the layers and the steps; returns what is the caller's.
  func accept(_ received: [UInt8]) throws(ConnectionError) -> [UInt8] {
    guard let stream else { return [] }
    var bytes = try asTLSOfPeer { () throws(TLSError) in try stream.unwrap(received) }
    while true {
      switch step {
      case .connecting: return []
      case .proxyHandshake:
        guard stream.isEstablished else { return [] }
        try enter(afterProxyHandshake)
      case .askingProxy:
        guard let rest = try acceptProxyAnswer(bytes) else { return [] }
        let layerCount = stream.layerCount
        try enter(afterProxy)
        bytes = try asTLSOfPeer { () throws(TLSError) in try stream.unwrap(rest, from: layerCount) }
      case .handshake:
        guard stream.isEstablished else { return [] }
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
