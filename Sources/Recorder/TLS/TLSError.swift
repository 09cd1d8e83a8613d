/// Why a TLS connection cannot be made or went wrong (RFC 8446, RFC 5280), with what was seen.
enum TLSError: Error, Equatable, Sendable {
  /// What is wrong with the other side's certificate.
  enum Refusal: Equatable, Sendable {
    case expired
    case notYetValid
    case selfSigned
    /// The certificate is for other names than the one connected to.
    case wrongHost
    case unknownIssuer
    /// The library's own words.
    case other(String)
  }
  case certificateRefused(host: String, Refusal)
  /// The other side ended the handshake with an alert, named in the library's words.
  case refusedByPeer(alert: String)
  /// The bytes are no TLS at all, for example plain HTTP.
  case notTLS
  /// Something else against the protocol, in the library's words.
  case protocolError(String)
  /// The stream ended without TLS's own end mark: what was read may be cut off.
  case closedEarly
  /// A file or text of trusted certificates cannot be used; `name` is its path.
  case badTrustStore(name: String, reason: String)
  /// A server's own certificate or key cannot be used.
  case badIdentity(reason: String)
  /// The library failed for a reason of its own, such as lack of memory.
  case library(String)
}

extension TLSError: CustomStringConvertible {
  var description: String {
    switch self {
    case .certificateRefused(let host, let refusal): "the certificate of \(host) was refused: \(refusal)"
    case .refusedByPeer(let alert): "the other side refused the TLS handshake (\(alert))"
    case .notTLS:
      "the other side does not speak TLS; check the port and whether the address should begin with http"
    case .protocolError(let reason): "the other side broke the TLS protocol (\(reason))"
    case .closedEarly: "the TLS connection was cut off before its end"
    case .badTrustStore(let name, let reason): "cannot use the trusted certificates in \(name): \(reason)"
    case .badIdentity(let reason): "cannot use the server's certificate: \(reason)"
    case .library(let reason): "the TLS library failed (\(reason))"
    }
  }
}

extension TLSError.Refusal: CustomStringConvertible {
  var description: String {
    switch self {
    case .expired: "it has expired; check this machine's clock, else the server needs a new one"
    case .notYetValid: "it is not valid yet; check this machine's clock"
    case .selfSigned: "it is signed by itself; if you trust it, name a file that holds it in AWS_CA_BUNDLE"
    case .wrongHost: "it is for another host name; check the address, or what stands between you and it"
    case .unknownIssuer:
      "its issuer is not trusted here; if a proxy or your own CA issued it, put its file in AWS_CA_BUNDLE"
    case .other(let reason): reason
    }
  }
}
