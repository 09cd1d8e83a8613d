import COpenSSL
import Platform

/// What many TLS connections share: trusted roots of a client, or certificate and key of a server.
///
/// TLS 1.2 and later only. Owned by one loop, like the engines made from it.
final class TLSContext {
  let raw: OpaquePointer
  /// What is still to be loaded; nil for servers, and for clients once it is done.
  private var unloaded: TrustStore?

  /// A client that trusts `trust`; the certificates are loaded when the first connection needs them,
  /// because the system's take 20 ms.
  static func client(trust: TrustStore) throws(TLSError) -> TLSContext {
    let context = try TLSContext(method: TLS_client_method())
    SSL_CTX_set_verify(context.raw, SSL_VERIFY_PEER, nil)
    context.unloaded = trust
    return context
  }

  /// A server that shows `identity`. Sessions are not kept for resumption.
  static func server(_ identity: ServerIdentity) throws(TLSError) -> TLSContext {
    let context = try TLSContext(method: TLS_server_method())
    SSL_CTX_set_num_tickets(context.raw, 0)
    ssm_context_disable_session_cache(context.raw)
    try context.use(identity)
    return context
  }

  private init(method: OpaquePointer?) throws(TLSError) {
    OpenSSLFailure.clear()
    raw = try requireHandle(SSL_CTX_new(method))
    guard ssm_context_set_minimum_version(raw, TLS1_2_VERSION) == 1 else {
      throw .library(OpenSSLFailure.drainedWords())
    }
    SSL_CTX_set_options(raw, ssm_no_renegotiation())
    // Idle connections give their 34 KB of record buffers back.
    _ = ssm_context_set_mode(raw, ssm_release_buffers())
  }

  deinit { SSL_CTX_free(raw) }

  /// Loads the trusted certificates unless that was done before.
  func loadTrust() throws(TLSError) {
    guard let trust = unloaded else { return }
    OpenSSLFailure.clear()
    switch trust {
    case .system: try requireSuccess(SSL_CTX_set_default_verify_paths(raw))
    case .file(let path):
      let pem: [UInt8]
      do throws(Errno) {
        pem = try File.read(path, limit: 64 << 20)
      } catch {
        throw .badTrustStore(name: path, reason: error.description)
      }
      try add(pem: pem, name: path)
    case .certificates(let pem): try add(pem: pem, name: "memory")
    }
    unloaded = nil
  }

  private func add(pem: [UInt8], name: String) throws(TLSError) {
    let store = SSL_CTX_get_cert_store(raw)
    let certificates: [Certificate]
    do throws(TLSError) {
      certificates = try Certificate.all(inPEM: pem)
    } catch {
      throw .badTrustStore(name: name, reason: "a certificate in it is damaged")
    }
    if certificates.isEmpty { throw .badTrustStore(name: name, reason: "it holds no PEM certificate") }
    for certificate in certificates { try requireSuccess(X509_STORE_add_cert(store, certificate.raw)) }
  }

  private func use(_ identity: ServerIdentity) throws(TLSError) {
    let chain: [Certificate]
    do throws(TLSError) {
      chain = try Certificate.all(inPEM: identity.certificateChainPEM)
    } catch {
      throw .badIdentity(reason: "the certificate is damaged")
    }
    guard let leaf = chain.first else { throw .badIdentity(reason: "there is no PEM certificate") }
    guard let key = try PrivateKey(pem: identity.privateKeyPEM) else {
      throw .badIdentity(reason: "there is no readable private key")
    }
    try requireSuccess(SSL_CTX_use_certificate(raw, leaf.raw))
    for certificate in chain.dropFirst() {
      guard ssm_context_add_chain_certificate(raw, certificate.raw) == 1 else {
        throw .library(OpenSSLFailure.drainedWords())
      }
    }
    OpenSSLFailure.clear()
    guard SSL_CTX_use_PrivateKey(raw, key.raw) == 1, SSL_CTX_check_private_key(raw) == 1 else {
      OpenSSLFailure.clear()
      throw .badIdentity(reason: "the private key does not belong to the certificate")
    }
  }
}
