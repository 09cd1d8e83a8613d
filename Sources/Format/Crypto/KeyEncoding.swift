import COpenSSL

/// An OpenSSL key that frees itself.
final class KeyHandle {
  let raw: OpaquePointer
  init(owning raw: OpaquePointer) { self.raw = raw }
  deinit { EVP_PKEY_free(raw) }

  /// The algorithm's name: "ED25519", "RSA", "EC", …
  var algorithm: String { EVP_PKEY_get0_type_name(raw).map { String(cString: $0) } ?? "unknown" }
}

/// What a key file holds: PEM, DER, or the bare 32 bytes that OpenSSL calls a raw key.
enum KeyEncoding {
  /// Longest file that is looked at.
  static let byteLimit = 64 << 10
  static let keyByteCount = 32
  static let algorithm = "ED25519"

  /// DER of an Ed25519 key before its 32 bytes (RFC 8410 §7, §4): PKCS #8, and SubjectPublicKeyInfo.
  static let privatePrefix: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  static let publicPrefix: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]

  enum Content {
    case privateKey(KeyHandle)
    case publicKey(KeyHandle)
    /// 32 bytes, which may be either.
    case bare([UInt8])
  }

  static func parse(_ bytes: [UInt8], name: String) throws(KeyError) -> Content {
    defer { ERR_clear_error() }  // what OpenSSL says of wrong keys is of no use to anybody
    if bytes.count == keyByteCount { return .bare(bytes) }
    let text = String(decoding: bytes.prefix(byteLimit), as: UTF8.self)
    if text.contains("-----BEGIN") { return try parsePEM(bytes, text, name: name) }
    if let key = decoded(bytes, { d2i_AutoPrivateKey(nil, $0, $1) }) { return .privateKey(key) }
    if let key = decoded(bytes, { d2i_PUBKEY(nil, $0, $1) }) { return .publicKey(key) }
    throw .notAKey(name: name)
  }

  private static func parsePEM(_ bytes: [UInt8], _ text: String, name: String) throws(KeyError) -> Content {
    if text.contains("BEGIN OPENSSH PRIVATE KEY") { throw .openSSH(name: name) }
    if text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
      throw .encrypted(name: name)
    }
    guard let bio = bytes.withUnsafeBytes({ BIO_new_mem_buf($0.baseAddress, Int32($0.count)) }) else {
      throw .notAKey(name: name)
    }
    defer { BIO_free(bio) }
    // The callback refuses: without one the library would ask the terminal for a passphrase.
    let key =
      text.contains("PRIVATE KEY-----")
      ? PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
      : PEM_read_bio_PUBKEY(bio, nil, { _, _, _, _ in -1 }, nil)
    guard let key else { throw .notAKey(name: name) }
    let handle = KeyHandle(owning: key)
    return text.contains("PRIVATE KEY-----") ? .privateKey(handle) : .publicKey(handle)
  }

  private static func decoded(
    _ bytes: [UInt8], _ decode: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?
  ) -> KeyHandle? {
    bytes.withUnsafeBufferPointer { buffer in
      var place = buffer.baseAddress
      return decode(&place, buffer.count).map(KeyHandle.init(owning:))
    }
  }

  /// PEM around DER (RFC 7468).
  static func pem(_ label: String, _ der: [UInt8]) -> [UInt8] {
    var base64: [UInt8] = []
    Base64.encode(der, into: &base64)
    var text = Array("-----BEGIN \(label)-----\n".utf8)
    for start in stride(from: 0, to: base64.count, by: 64) {
      text += base64[start..<min(start + 64, base64.count)]
      text.append(0x0A)
    }
    base64.clear()
    return text + Array("-----END \(label)-----\n".utf8)
  }
}
