import Platform

/// An http, https, ws or wss address taken apart, each part kept as it was written.
///
/// Path and query are opaque: StreamUrls hold raw `+`, `/` and `=` that must reach the service unchanged
/// (protocol.md §1.6), so nothing is ever decoded or encoded again.
struct URLParts: Equatable, Sendable {
  enum Scheme: String, Sendable, CaseIterable { case http, https, ws, wss }

  let scheme: Scheme
  /// A name, or an address in numbers without the brackets IPv6 has in a URL.
  let host: String
  let port: UInt16
  /// Begins with a slash.
  let path: String
  /// What follows the question mark; nil where there is none.
  let query: String?

  init(scheme: Scheme, host: String, port: UInt16? = nil, path: String = "/", query: String? = nil) {
    self.scheme = scheme
    self.host = host
    self.port = port ?? scheme.defaultPort
    self.path = path
    self.query = query
  }

  /// Whether the host is this machine by name or number; other names are not looked up.
  var isLoopback: Bool { host == "localhost" || InternetAddress(host)?.isLoopback == true }

  var isSecure: Bool { scheme == .https || scheme == .wss }

  /// Path and query as the request line carries them (RFC 9112 §3.2.1).
  var requestTarget: String { query.map { "\(path)?\($0)" } ?? path }

  /// The host as URLs and the Host field write it: IPv6 in brackets.
  var bracketedHost: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host }

  /// The Host field: the port only where it is not the scheme's own (RFC 9110 §7.2).
  var hostField: String { port == scheme.defaultPort ? bracketedHost : "\(bracketedHost):\(port)" }

  /// Host and port, always both, as CONNECT and error texts name them.
  var authority: String { "\(bracketedHost):\(port)" }

  /// The whole address, query included: never for people, a query may hold secrets.
  var text: String { "\(scheme.rawValue)://\(hostField)\(requestTarget)" }

  /// A place below this one.
  /// - Parameter path: begins with a slash.
  func appending(path: String, query: String? = nil) -> URLParts {
    replacing(
      path: (self.path.hasSuffix("/") ? String(self.path.dropLast()) : self.path) + path, query: query)
  }

  /// The same place with another path and query.
  func replacing(path: String, query: String? = nil) -> URLParts {
    URLParts(scheme: scheme, host: host, port: port, path: path, query: query)
  }
}

extension URLParts.Scheme {
  var defaultPort: UInt16 { self == .http || self == .ws ? 80 : 443 }
}

extension URLParts: CustomStringConvertible, CustomReflectable {
  /// The address without its query, which may hold secrets.
  var description: String {
    "\(scheme.rawValue)://\(hostField)\(path)\(query == nil ? "" : "?…")"
  }

  var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
