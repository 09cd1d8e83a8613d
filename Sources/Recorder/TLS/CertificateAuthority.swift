import COpenSSL
import Platform

/// A throw-away certificate authority: made for one run of the embedded service, its key never leaves memory.
final class CertificateAuthority {
  /// The authority's own certificate, for clients to trust (`AWS_CA_BUNDLE`).
  let certificatePEM: [UInt8]

  /// Makes a P-256 key and a certificate valid from an hour before `now` for `days`.
  init(now: Timestamp, days: Int = 7) throws(TLSError) { fatalError() }

  /// Issues a server certificate for the given names and addresses.
  func issue(
    names: [String] = ["localhost"], addresses: [String] = ["127.0.0.1", "::1"], now: Timestamp, days: Int = 7
  ) throws(TLSError) -> ServerIdentity { fatalError() }
}
