import COpenSSL

/// One end of a TLS connection as a machine: ciphertext and plaintext in, plaintext and ciphertext out.
///
/// It knows no socket. After each call, also one that failed (an alert), what `takeCiphertext` returns is to
/// be sent to the other side.
final class TLSEngine {
  private let ssl: OpaquePointer
  /// What came from the other side and the library has not used yet; owned by `ssl`.
  private let incoming: OpaquePointer
  /// What the library wants sent; owned by `ssl`.
  private let outgoing: OpaquePointer
  /// The name the certificate must have; nil on the server's side.
  private let host: String?
  private var plaintext: [UInt8] = []
  /// Plaintext that waits for the handshake.
  private var waiting: [UInt8] = []
  /// Reused for each record; TLS records hold at most 16 KiB (RFC 8446 §5.1).
  private var record = [UInt8](repeating: 0, count: 16 << 10)
  private var failure: TLSError?

  /// Whether the handshake is done.
  private(set) var isEstablished = false
  /// Whether the other side has said that it will send no more (close_notify).
  private(set) var isClosed = false
  private var hasSaidClose = false

  /// The client's end; `host` (a name or an address in numbers) must be in the server's certificate.
  convenience init(client context: TLSContext, host: String) throws(TLSError) {
    try context.loadTrust()
    try self.init(context, host: host)
    // A trailing dot makes a name absolute for the name server; certificates are without it.
    let name = host.hasSuffix(".") ? String(host.dropLast()) : host
    // The library tells addresses from names itself: addresses are not announced (RFC 6066 §3).
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) != 1 {
      SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
      try requireSuccess(SSL_set1_host(ssl, name))
      try requireSuccess(Int32(ssm_ssl_set_server_name(ssl, name)))
    }
    SSL_set_connect_state(ssl)
    try advance()
  }

  /// The server's end.
  convenience init(server context: TLSContext) throws(TLSError) {
    try self.init(context, host: nil)
    SSL_set_accept_state(ssl)
  }

  private init(_ context: TLSContext, host: String?) throws(TLSError) {
    OpenSSLFailure.clear()
    ssl = try requireHandle(SSL_new(context.raw))
    guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
      SSL_free(ssl)
      throw .library(OpenSSLFailure.drainedWords())
    }
    ssm_bio_set_retry_when_empty(incoming)
    ssm_bio_set_retry_when_empty(outgoing)
    SSL_set_bio(ssl, incoming, outgoing)  // ssl owns both from here on
    (self.incoming, self.outgoing, self.host) = (incoming, outgoing, host)
  }

  deinit { SSL_free(ssl) }

  /// Takes bytes that came from the other side, in any portions.
  func receive(_ ciphertext: [UInt8]) throws(TLSError) {
    if let failure { throw failure }
    if isClosed || ciphertext.isEmpty { return }  // nothing counts after the end mark
    try MemoryBIO.write(ciphertext, to: incoming)
    try advance()
  }

  /// Says that the stream below has ended: an error unless the other side had announced it.
  func receiveEnd() throws(TLSError) {
    if let failure { throw failure }
    if !isClosed { throw fail(.closedEarly) }
  }

  /// Encrypts bytes for the other side; before the handshake is done they wait.
  func send(_ plaintext: [UInt8]) throws(TLSError) {
    if let failure { throw failure }
    if plaintext.isEmpty || hasSaidClose { return }
    if !isEstablished {
      waiting += plaintext
    } else {
      try encrypt(plaintext)
    }
  }

  /// What has been decrypted since the last call.
  func takePlaintext() -> [UInt8] {
    defer { plaintext = [] }
    return plaintext
  }

  /// What is to be sent to the other side since the last call.
  func takeCiphertext() -> [UInt8] { MemoryBIO.take(from: outgoing) }

  /// Says that nothing more will be sent (close_notify, in the ciphertext).
  func close() {
    guard isEstablished, failure == nil, !hasSaidClose else { return }
    hasSaidClose = true
    OpenSSLFailure.clear()
    SSL_shutdown(ssl)
    OpenSSLFailure.clear()
  }

  /// Goes on with the handshake, then decrypts all whole records.
  private func advance() throws(TLSError) {
    if !isEstablished {
      OpenSSLFailure.clear()
      guard try progress(SSL_do_handshake(ssl)) else { return }
      isEstablished = true
      let early = waiting
      waiting = []
      try encrypt(early)
    }
    try decrypt()
  }

  private func decrypt() throws(TLSError) {
    while !isClosed {
      OpenSSLFailure.clear()
      let capacity = Int32(record.count)
      let count = record.withUnsafeMutableBytes { SSL_read(ssl, $0.baseAddress, capacity) }
      guard try progress(count) else { return }
      plaintext += record[..<Int(count)]
    }
  }

  private func encrypt(_ bytes: [UInt8]) throws(TLSError) {
    var written = 0
    while written < bytes.count {
      OpenSSLFailure.clear()
      let start = written
      let portion = Int32(min(bytes.count - start, OpenSSLFailure.largestPortion))
      // An array that is not empty has an address.
      let count = bytes.withUnsafeBytes { SSL_write(ssl, $0.baseAddress! + start, portion) }
      // The outgoing BIO grows, so only a failure can keep the library from writing.
      guard try progress(count) else { throw fail(.protocolError("it cannot write now")) }
      written += Int(count)
    }
  }

  /// Ends OpenSSL's return codes: true for done, false for "needs more bytes", all else thrown or `isClosed`.
  private func progress(_ result: Int32) throws(TLSError) -> Bool {
    switch SSL_get_error(ssl, result) {
    case SSL_ERROR_NONE: return true
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return false
    case SSL_ERROR_ZERO_RETURN:
      isClosed = true
      if isEstablished { return false }
      throw fail(.refusedByPeer(alert: "it closed the connection"))
    default: throw fail(reason(OpenSSLFailure.drain()))
    }
  }

  private func fail(_ error: TLSError) -> TLSError {
    OpenSSLFailure.clear()
    failure = error
    return error
  }

  private func reason(_ entries: [OpenSSLFailure.Entry]) -> TLSError {
    guard let entry = entries.first(where: { $0.library == ERR_LIB_SSL }) ?? entries.first else {
      return .protocolError("no reason given")
    }
    switch entry.reason {
    case SSL_R_CERTIFICATE_VERIFY_FAILED where host != nil:
      return .certificateRefused(host: host ?? "", TLSError.Refusal(verification: SSL_get_verify_result(ssl)))
    case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST: return .notTLS
    case SSL_R_WRONG_VERSION_NUMBER, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_RECORD_TOO_SMALL:
      return isEstablished ? .protocolError(entry.words) : .notTLS
    // Reasons from 1000 on are alerts the other side sent (SSL_AD_REASON_OFFSET).
    case 1000...: return .refusedByPeer(alert: entry.words)
    default: return .protocolError(entry.words)
    }
  }
}

extension TLSError.Refusal {
  /// The result of OpenSSL's check of a certificate chain.
  fileprivate init(verification result: Int) {
    switch Int32(result) {
    case X509_V_ERR_CERT_HAS_EXPIRED: self = .expired
    case X509_V_ERR_CERT_NOT_YET_VALID: self = .notYetValid
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: self = .selfSigned
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: self = .wrongHost
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      self = .unknownIssuer
    default: self = .other(String(cString: X509_verify_cert_error_string(result)))
    }
  }
}
