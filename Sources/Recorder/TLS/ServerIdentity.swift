/// A server's certificate chain and private key, in memory.
///
/// Neither printing nor reflection shows the key.
struct ServerIdentity: Sendable, Equatable {
  /// The server's own certificate first, then those up to the root, in PEM.
  let certificateChainPEM: [UInt8]
  /// The private key in PEM (PKCS #8, not encrypted).
  let privateKeyPEM: [UInt8]
}

extension ServerIdentity: CustomStringConvertible, CustomReflectable {
  var description: String { "server certificate and key" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
