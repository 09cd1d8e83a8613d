import Platform

/// Why a connection could not be made or was lost: which step, with whom, and what was seen.
enum ConnectionError: Error, Equatable, Sendable {
  /// What a connection is doing.
  enum Step: Equatable, Sendable { case connecting, askingProxy, tlsHandshake, open }

  /// One address that was tried in vain, and why.
  struct Attempt: Equatable, Sendable {
    let address: String
    let reason: String
  }

  /// The text is no http, https, ws or wss address.
  case badURL(reason: String)
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
