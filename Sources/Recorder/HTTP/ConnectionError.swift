import Platform

/// Why a connection could not be made or was lost: which step, with whom, and what was seen.
enum ConnectionError: Error, Equatable, Sendable {
  /// What a connection is doing.
  enum Step: Equatable, Sendable { case connecting, proxyHandshake, askingProxy, handshake, open }

  /// One address that was tried in vain, and why.
  struct Attempt: Equatable, Sendable {
    let address: String
    let reason: String
  }

  case nameNotFound(host: String, reason: String)
  /// No address took the connection.
  case refused(peer: String, [Attempt])
  case noAnswer(peer: String, Step, seconds: Int)
  /// The proxy answered CONNECT with something else than 2xx.
  case proxyRefused(proxy: String, status: Int, reason: String)
  case tls(peer: String, TLSError)
  case http(peer: String, HTTPError)
  case lost(peer: String, Step, Errno)
  /// The other side closed before it should have.
  case closed(peer: String, Step)
  case badProxy(variable: String, reason: String)
  /// The caller's descriptor became readable while waiting (`exchange`).
  case interrupted
  case system(Errno)
}

extension ConnectionError: CustomStringConvertible {
  var description: String {
    switch self {
    case .nameNotFound(let host, let reason):
      "cannot find the address of \(host): \(reason); check the name, the region and the name server"
    case .refused(let peer, let attempts): "cannot connect to \(peer): \(Self.list(attempts))"
    case .noAnswer(let peer, let step, let seconds):
      "\(peer) did not \(step.expectation) within \(seconds) s; check network, firewall and proxy"
    case .proxyRefused(let proxy, let status, let reason): Self.refusal(proxy, status, reason)
    case .tls(_, .certificateRefused(let host, let refusal)):
      TLSError.certificateRefused(host: host, refusal).description
    case .tls(let peer, let error): "no TLS connection with \(peer): \(error)"
    case .http(let peer, let error): "\(peer) did not answer as a web server does: \(error)"
    case .lost(let peer, let step, let error): "the connection to \(peer) was lost \(step.name): \(error)"
    case .closed(let peer, let step): "\(peer) closed the connection \(step.name)"
    case .badProxy(let variable, let reason):
      "the proxy in \(variable) cannot be used: \(reason); expected http://[USER:PASSWORD@]HOST:PORT"
    case .interrupted: "interrupted"
    case .system(let error): "cannot use the network: \(error)"
    }
  }

  private static func list(_ attempts: [Attempt]) -> String {
    if attempts.count == 1 { return attempts[0].reason }
    return attempts.map { "\($0.address): \($0.reason)" }.joined(separator: "; ")
  }

  private static func refusal(_ proxy: String, _ status: Int, _ reason: String) -> String {
    status == 407
      ? "the proxy \(proxy) wants a user and password; put them into the proxy variable as USER:PASSWORD@HOST"
      : "the proxy \(proxy) refused the connection (\(status)\(reason.isEmpty ? "" : " " + reason))"
  }
}

extension ConnectionError.Step {
  /// What the other side is waited for to do.
  fileprivate var expectation: String {
    switch self {
    case .connecting: "take the connection"
    case .proxyHandshake, .handshake: "finish the TLS handshake"
    case .askingProxy: "answer as a proxy"
    case .open: "answer"
    }
  }

  fileprivate var name: String {
    switch self {
    case .connecting: "while connecting"
    case .proxyHandshake, .handshake: "during the TLS handshake"
    case .askingProxy: "before the proxy had answered"
    case .open: "before the answer was complete"
    }
  }
}
