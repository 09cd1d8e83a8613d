import Platform

/// How the sources of credentials that are services are reached.
struct CredentialNetwork {
  var trust: TLSContext
  var proxy: ProxySettings
  /// For calls to AWS, in microseconds each.
  var limits = Connection.Limits()
  var answer: Int64 = 15_000_000
  /// A descriptor of signals that ends any wait when it is readable.
  var interruptedBy: Int32?

  /// For STS and single sign-on.
  var service: APITransport {
    .network(trust: trust, proxy: proxy, limits: limits, answer: answer, interruptedBy: interruptedBy)
  }

  /// For the link-local services of instances and containers, which no proxy can reach.
  /// - Parameter seconds: for connecting and for the answer.
  func local(seconds: Int64) -> APITransport {
    let microseconds = seconds * 1_000_000
    return .network(
      trust: trust, proxy: .none,
      limits: Connection.Limits(perAddressMicroseconds: microseconds, openMicroseconds: microseconds),
      answer: microseconds, interruptedBy: interruptedBy)
  }
}
