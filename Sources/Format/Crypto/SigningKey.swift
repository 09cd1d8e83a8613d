import COpenSSL
import Platform

/// An Ed25519 private key (RFC 8032) that signs recordings.
///
/// OpenSSL keeps the secret and clears it when this goes away.
// @unchecked: the handle never changes after its creation, each signature has a context of its own, and OpenSSL
// counts references of keys atomically (openssl-threads(7)).
public final class SigningKey: @unchecked Sendable {
  /// Bytes of an Ed25519 signature (RFC 8032).
  public static let signatureByteCount = 64

  private let handle: KeyHandle
  /// The other half, for everybody.
  public let publicKey: VerificationKey

  private init(_ handle: KeyHandle) {
    self.handle = handle
    publicKey = VerificationKey(bytes: VerificationKey.bytes(of: handle))
  }

  /// Makes a new key.
  public static func generate() -> SigningKey {
    var seed = RandomBytes.make(KeyEncoding.keyByteCount)
    defer { seed.clear() }
    return SigningKey(handle(ofSeed: seed))
  }

  private static func handle(ofSeed seed: [UInt8]) -> KeyHandle {
    guard let raw = EVP_PKEY_new_raw_private_key_ex(nil, KeyEncoding.algorithm, nil, seed, seed.count) else {
      fatalError("OpenSSL without Ed25519")  // every 32 bytes are a key
    }
    return KeyHandle(owning: raw)
  }

  /// Reads a key: PEM or DER (PKCS #8, not encrypted), or the bare 32 bytes.
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: what messages call it.
  public convenience init(parsing bytes: [UInt8], name: String) throws(KeyError) {
    switch try KeyEncoding.parse(bytes, name: name) {
    case .bare(let seed): self.init(Self.handle(ofSeed: seed))
    case .publicKey: throw .notPrivate(name: name)
    case .privateKey(let handle):
      guard handle.algorithm == KeyEncoding.algorithm else {
        throw .wrongAlgorithm(name: name, algorithm: handle.algorithm)
      }
      self.init(handle)
    }
  }

  /// Reads a key file, which nobody but its owner may be able to read.
  public convenience init(path: String) throws(KeyError) {
    var bytes: [UInt8]
    let permissions: UInt32
    do throws(Errno) {
      let file = try File.open(path, for: .reading)
      permissions = try File.status(file).permissions
      bytes = try File.read(file, limit: KeyEncoding.byteLimit)
    } catch {
      throw .cannotRead(path: path, error)
    }
    defer { bytes.clear() }
    if permissions & 0o077 != 0 { throw .readableByOthers(path: path, permissions: permissions) }
    try self.init(parsing: bytes, name: path)
  }

  /// The signature of a message: 64 bytes, always the same for the same message.
  public func sign(_ message: [UInt8]) -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { fatalError("out of memory") }
    defer { EVP_MD_CTX_free(context) }
    return [UInt8](unsafeUninitializedCapacity: Self.signatureByteCount) { buffer, count in
      count = Self.signatureByteCount
      guard EVP_DigestSignInit_ex(context, nil, nil, nil, nil, handle.raw, nil) == 1,
        EVP_DigestSign(context, buffer.baseAddress, &count, message, message.count) == 1
      else { fatalError("OpenSSL does not sign with a key it has made") }
    }
  }

  /// The key as PEM (PKCS #8, not encrypted), to be kept in a file of mode 0600.
  public func pem() -> [UInt8] {
    var seed = [UInt8](unsafeUninitializedCapacity: KeyEncoding.keyByteCount) { buffer, count in
      count = KeyEncoding.keyByteCount
      EVP_PKEY_get_raw_private_key(handle.raw, buffer.baseAddress, &count)
    }
    defer { seed.clear() }
    var der = KeyEncoding.privatePrefix + seed
    defer { der.clear() }
    return KeyEncoding.pem("PRIVATE KEY", der)
  }
}
