import COpenSSL

/// One end of a TLS connection as a machine: ciphertext and plaintext in, plaintext and ciphertext out.
///
/// It knows no socket. After each call, what `takeCiphertext` returns is to be sent to the other side.
final class TLSEngine {
  /// The client's end; `host` (a name or an address in numbers) must be in the server's certificate.
  init(client context: TLSContext, host: String) throws(TLSError) { fatalError() }

  /// The server's end.
  init(server context: TLSContext) throws(TLSError) { fatalError() }

  /// Takes bytes that came from the other side, in any portions.
  func receive(_ ciphertext: [UInt8]) throws(TLSError) { fatalError() }

  /// Says that the stream below has ended: an error unless the other side had announced it.
  func receiveEnd() throws(TLSError) { fatalError() }

  /// Encrypts bytes for the other side; before the handshake is done they wait.
  func send(_ plaintext: [UInt8]) throws(TLSError) { fatalError() }

  /// What has been decrypted since the last call.
  func takePlaintext() -> [UInt8] { fatalError() }

  /// What is to be sent to the other side since the last call.
  func takeCiphertext() -> [UInt8] { fatalError() }

  /// Whether the handshake is done.
  var isEstablished: Bool { fatalError() }

  /// Whether the other side has said that it will send no more (close_notify).
  var isClosed: Bool { fatalError() }

  /// Says that nothing more will be sent (close_notify, in the ciphertext).
  func close() { fatalError() }
}
