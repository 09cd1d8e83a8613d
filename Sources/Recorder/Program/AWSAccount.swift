import Platform

/// Whom a session is started as and where: endpoint, region, credentials, trust and proxy, found once.
struct AWSAccount: Sendable {
  /// Where credentials come from.
  enum CredentialSource: Sendable {
    case fixed(Credentials)
    /// Looked up again at each call.
    case found(CredentialProvider)

    func credentials() throws(CredentialError) -> Credentials {
      switch self {
      case .fixed(let credentials): credentials
      case .found(let provider): try provider.credentials()
      }
    }
  }

  var endpoint: URLParts
  var region: String
  var credentials: CredentialSource
  var trust: TrustStore
  var proxy: ProxySettings
}
