import Platform

/// Which proxy to use for which address, as curl, Go and Python read it from the environment.
struct ProxySettings: Equatable, Sendable {
  /// No proxy for anything.
  static let none = ProxySettings(environment: Environment([:]))

  init(environment: Environment) {}

  /// The proxy to go through; nil for a direct connection.
  func proxy(for url: URLParts) throws(ConnectionError) -> Proxy? { fatalError() }
}

/// One proxy: where it is, and what to show it. Neither printing nor reflection shows the password.
struct Proxy: Equatable, Sendable {
  let url: URLParts
  /// The value of Proxy-Authorization (RFC 7617); nil where the address has no user.
  let authorization: String?
}
