import COpenSSL
import Platform

/// A throw-away certificate authority: made for one run of the embedded service, its key never leaves memory.
///
/// Its certificates satisfy OpenSSL, Python's strict mode and Go: version 3, key identifiers, a critical
/// basicConstraints and keyUsage, and the server's names as subjectAltName (RFC 5280 §4.2).
final class CertificateAuthority {
  /// The authority's own certificate, for clients to trust (`AWS_CA_BUNDLE`).
  let certificatePEM: [UInt8]
  private let certificate: Certificate
  private let key: PrivateKey

  /// Makes a P-256 key and a certificate valid from an hour before `now` for `days`.
  init(now: Timestamp, days: Int = 7) throws(TLSError) {
    key = try PrivateKey()
    certificate = try Self.unsigned(name: "ssmcast throw-away CA", key: key, now: now, days: days)
    try requireSuccess(X509_set_issuer_name(certificate.raw, X509_get_subject_name(certificate.raw)))
    for (identifier, value) in [
      (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"), (NID_key_usage, "critical,keyCertSign,cRLSign"),
      (NID_subject_key_identifier, "hash"),
    ] {
      try Self.add(identifier, value, to: certificate, issuer: certificate)
    }
    // After the subject's identifier, which it repeats.
    try Self.add(NID_authority_key_identifier, "keyid:always", to: certificate, issuer: certificate)
    try Self.sign(certificate, with: key)
    certificatePEM = try certificate.pem()
  }

  /// Issues a server certificate for the given names and addresses, valid from an hour before `now`.
  func issue(
    names: [String] = ["localhost"], addresses: [String] = ["127.0.0.1", "::1"], now: Timestamp, days: Int = 7
  ) throws(TLSError) -> ServerIdentity {
    let leafKey = try PrivateKey()
    let leaf = try Self.unsigned(
      name: names.first ?? addresses.first ?? "server", key: leafKey, now: now, days: days)
    try requireSuccess(X509_set_issuer_name(leaf.raw, X509_get_subject_name(certificate.raw)))
    let alternatives = names.map { "DNS:\($0)" } + addresses.map { "IP:\($0)" }
    for (identifier, value) in [
      (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
      (NID_ext_key_usage, "serverAuth"), (NID_subject_alt_name, alternatives.joined(separator: ",")),
      (NID_subject_key_identifier, "hash"), (NID_authority_key_identifier, "keyid:always"),
    ] {
      try Self.add(identifier, value, to: leaf, issuer: certificate)
    }
    try Self.sign(leaf, with: key)
    return ServerIdentity(certificateChainPEM: try leaf.pem(), privateKeyPEM: try leafKey.pem())
  }

  private static func unsigned(
    name: String, key: PrivateKey, now: Timestamp, days: Int
  ) throws(TLSError) -> Certificate {
    OpenSSLFailure.clear()
    let certificate = Certificate(owning: try requireHandle(X509_new()))
    let raw = certificate.raw
    try requireSuccess(X509_set_version(raw, 2))  // counted from 0: version 3
    try setSerialNumber(of: certificate)
    var start = Int(now.seconds) - 3600
    var end = Int(now.seconds) + days * 86_400
    // The library takes seconds relative to a given moment; 0 makes them absolute.
    guard X509_time_adj(X509_getm_notBefore(raw), 0, &start) != nil,
      X509_time_adj(X509_getm_notAfter(raw), 0, &end) != nil
    else { throw .library(OpenSSLFailure.drainedWords()) }
    let subject = X509_get_subject_name(raw)
    let text = Array(name.utf8)
    let isUTF8: Int32 = 0x1000  // MBSTRING_UTF8, a macro
    try requireSuccess(
      X509_NAME_add_entry_by_NID(subject, NID_commonName, isUTF8, text, Int32(text.count), -1, 0))
    try requireSuccess(X509_set_pubkey(raw, key.raw))
    return certificate
  }

  /// 127 random bits: positive, and unique without a register (RFC 5280 §4.1.2.2).
  private static func setSerialNumber(of certificate: Certificate) throws(TLSError) {
    let number = try requireHandle(BN_new())
    defer { BN_free(number) }
    try requireSuccess(BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY))
    guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.raw)) != nil else {
      throw .library(OpenSSLFailure.drainedWords())
    }
  }

  private static func add(
    _ identifier: Int32, _ value: String, to certificate: Certificate, issuer: Certificate
  ) throws(TLSError) {
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, issuer.raw, certificate.raw, nil, nil, 0)
    let made = try requireHandle(X509V3_EXT_conf_nid(nil, &context, identifier, value))
    defer { X509_EXTENSION_free(made) }
    try requireSuccess(X509_add_ext(certificate.raw, made, -1))
  }

  private static func sign(_ certificate: Certificate, with key: PrivateKey) throws(TLSError) {
    guard X509_sign(certificate.raw, key.raw, EVP_sha256()) > 0 else {
      throw .library(OpenSSLFailure.drainedWords())
    }
  }
}
