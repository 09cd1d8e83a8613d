import COpenSSL
import Platform

/// What many TLS connections share: trusted roots of a client, or certificate and key of a server.
///
/// TLS 1.2 and later only. Owned by one loop, like the engines made from it.
final class TLSContext {
  /// A client that trusts `trust`; the certificates are loaded when the first connection needs them.
  static func client(trust: TrustStore) throws(TLSError) -> TLSContext { fatalError() }

  /// A server that shows `identity`.
  static func server(_ identity: ServerIdentity) throws(TLSError) -> TLSContext { fatalError() }
}
