import Platform

/// Which certificates a client trusts.
enum TrustStore: Equatable, Sendable {
  /// The machine's own roots; OpenSSL honors SSL_CERT_FILE and SSL_CERT_DIR.
  case system
  /// A file of PEM certificates, in place of the machine's own.
  case file(path: String)
  /// PEM text in memory, in place of the machine's own.
  case certificates(pem: [UInt8])

  /// What the user asked for: `AWS_CA_BUNDLE`, else `caBundle` (a profile's `ca_bundle`), else the system's.
  init(environment: Environment, caBundle: String? = nil) {
    if let path = environment.nonEmpty("AWS_CA_BUNDLE") ?? caBundle {
      self = .file(path: path)
    } else {
      self = .system
    }
  }
}
