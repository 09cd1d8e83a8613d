import COpenSSL

/// One X.509 certificate in the library's form.
final class Certificate {
  let raw: OpaquePointer

  init(owning raw: OpaquePointer) { self.raw = raw }

  deinit { X509_free(raw) }

  /// Reads all certificates of a PEM text; what stands between them is skipped.
  static func all(inPEM pem: [UInt8]) throws(TLSError) -> [Certificate] {
    let bio = try MemoryBIO(pem)
    var certificates: [Certificate] = []
    OpenSSLFailure.clear()
    while let raw = PEM_read_bio_X509(bio.raw, nil, nil, nil) {
      certificates.append(Certificate(owning: raw))
    }
    let failures = OpenSSLFailure.drain()
    // "No start line" is how the library says that there are no more.
    if let failure = failures.last, failure.reason != PEM_R_NO_START_LINE { throw .library(failure.words) }
    return certificates
  }

  func pem() throws(TLSError) -> [UInt8] {
    let bio = try MemoryBIO()
    try requireSuccess(PEM_write_bio_X509(bio.raw, raw))
    return bio.contents()
  }
}

/// One private key in the library's form.
final class PrivateKey {
  let raw: OpaquePointer

  /// Makes a P-256 key.
  init() throws(TLSError) {
    OpenSSLFailure.clear()
    raw = try requireHandle(ssm_generate_p256())
  }

  /// Reads an unencrypted PEM key; nil where there is none.
  init?(pem: [UInt8]) throws(TLSError) {
    let bio = try MemoryBIO(pem)
    OpenSSLFailure.clear()
    // Without a callback the library would ask the terminal for a password.
    guard let raw = PEM_read_bio_PrivateKey(bio.raw, nil, { _, _, _, _ in -1 }, nil) else {
      OpenSSLFailure.clear()
      return nil
    }
    self.raw = raw
  }

  deinit { EVP_PKEY_free(raw) }

  func pem() throws(TLSError) -> [UInt8] {
    let bio = try MemoryBIO()
    try requireSuccess(PEM_write_bio_PrivateKey(bio.raw, raw, nil, nil, 0, nil, nil))
    return bio.contents()
  }
}
