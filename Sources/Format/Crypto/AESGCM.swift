import COpenSSL

/// AES-256 in Galois/Counter Mode (NIST SP 800-38D) with one key; encrypts, and refuses what was changed.
///
/// A sealed text is nonce ‖ ciphertext ‖ tag. OpenSSL keeps the key alone and clears it when this goes away.
public final class AESGCM {
  /// Bytes of a key (AES-256).
  public static let keyByteCount = 32
  /// Bytes of a nonce (NIST SP 800-38D, §5.2.1.1).
  public static let nonceByteCount = 12
  /// Bytes of the authentication tag.
  public static let tagByteCount = 16
  /// How much longer a sealed text is than its plaintext.
  public static let overhead = nonceByteCount + tagByteCount

  // Fetched once, as for SHA256; immutable after its creation and reference-counted by OpenSSL.
  nonisolated(unsafe) private static let algorithm: OpaquePointer = {
    guard let algorithm = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil) else {
      fatalError("OpenSSL without AES-256-GCM")
    }
    return algorithm
  }()

  private let context: OpaquePointer

  /// - Parameter key: 32 bytes.
  public init(key: some Collection<UInt8>) {
    precondition(key.count == Self.keyByteCount, "an AES-256 key has 32 bytes")
    guard let context = EVP_CIPHER_CTX_new() else { fatalError("out of memory") }
    self.context = context
    var copy = Array(key)
    EVP_EncryptInit_ex2(context, Self.algorithm, copy, nil, nil)
    copy.clear()
  }

  deinit { EVP_CIPHER_CTX_free(context) }

  /// Encrypts.
  /// - Parameters:
  ///   - plaintext: any number of bytes.
  ///   - nonce: 12 bytes that this key must never see again: a second use gives plaintexts away.
  ///   - additional: bytes that are not encrypted, but must be the same to open it.
  public func seal(_ plaintext: [UInt8], nonce: [UInt8], authenticating additional: [UInt8] = []) -> [UInt8] {
    precondition(nonce.count == Self.nonceByteCount, "a nonce has 12 bytes")
    EVP_EncryptInit_ex2(context, nil, nil, nonce, nil)
    authenticate(additional)
    return [UInt8](unsafeUninitializedCapacity: plaintext.count + Self.overhead) { buffer, count in
      for (index, byte) in nonce.enumerated() { buffer.initializeElement(at: index, to: byte) }
      count = nonce.count
      var written: Int32 = 0
      if !plaintext.isEmpty {
        EVP_EncryptUpdate(
          context, buffer.baseAddress.map { $0 + count }, &written, plaintext, Int32(plaintext.count))
        count += Int(written)
      }
      EVP_EncryptFinal_ex(context, buffer.baseAddress.map { $0 + count }, &written)
      EVP_CIPHER_CTX_ctrl(
        context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagByteCount), buffer.baseAddress.map { $0 + count })
      count += Self.tagByteCount
    }
  }

  /// The plaintext of a sealed text; nil where it was sealed with another key or other additional bytes, or
  /// changed, or is too short to be one.
  public func open(_ sealed: [UInt8], authenticating additional: [UInt8] = []) -> [UInt8]? {
    guard sealed.count >= Self.overhead else { return nil }
    let nonce = Array(sealed.prefix(Self.nonceByteCount))
    var tag = Array(sealed.suffix(Self.tagByteCount))
    EVP_DecryptInit_ex2(context, nil, nil, nonce, nil)
    authenticate(additional)
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagByteCount), &tag)
    var isGenuine = false
    var plaintext = [UInt8](unsafeUninitializedCapacity: sealed.count - Self.overhead + 1) { buffer, count in
      let length = sealed.count - Self.overhead
      var written: Int32 = 0
      if length > 0 {
        _ = sealed.withUnsafeBufferPointer { sealed in
          EVP_DecryptUpdate(
            context, buffer.baseAddress, &written,
            sealed.baseAddress.map { $0 + Self.nonceByteCount }, Int32(length))
        }
      }
      count = Int(written)
      isGenuine = EVP_DecryptFinal_ex(context, buffer.baseAddress.map { $0 + count }, &written) == 1
    }
    if isGenuine { return plaintext }
    // What was decrypted before the tag was found wrong is nobody's text.
    plaintext.clear()
    ERR_clear_error()
    return nil
  }

  private func authenticate(_ additional: [UInt8]) {
    var written: Int32 = 0
    if !additional.isEmpty {
      EVP_CipherUpdate(context, nil, &written, additional, Int32(additional.count))
    }
  }
}

extension [UInt8] {
  /// Overwrites the bytes with zeros, in a way the compiler does not leave out, and drops them. Other copies of
  /// the array keep theirs.
  public mutating func clear() {
    withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
    self = []
  }
}
