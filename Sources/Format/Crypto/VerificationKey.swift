import COpenSSL
import Platform

/// An Ed25519 public key (RFC 8032) that checks recordings.
public struct VerificationKey: Hashable, Sendable, CustomStringConvertible {
  /// Bytes of an Ed25519 public key (RFC 8032).
  public static let byteCount = KeyEncoding.keyByteCount
  private static let textPrefix = "ed25519:"

  /// 32 bytes. Not all of them are a point of the curve: such a key checks nothing.
  public let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  static func bytes(of handle: KeyHandle) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      count = byteCount
      EVP_PKEY_get_raw_public_key(handle.raw, buffer.baseAddress, &count)
    }
  }

  /// Reads a key: PEM or DER (SubjectPublicKeyInfo), the bare 32 bytes, or the text `ed25519:BASE64`.
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: what messages call it.
  public init(parsing bytes: [UInt8], name: String) throws(KeyError) {
    if let key = Self(text: String(decoding: bytes.prefix(128), as: UTF8.self)) {
      self = key
      return
    }
    switch try KeyEncoding.parse(bytes, name: name) {
    case .bare(let bytes): self.bytes = bytes
    case .privateKey: throw .notPublic(name: name)
    case .publicKey(let handle):
      guard handle.algorithm == KeyEncoding.algorithm else {
        throw .wrongAlgorithm(name: name, algorithm: handle.algorithm)
      }
      self.bytes = Self.bytes(of: handle)
    }
  }

  /// Reads a key file.
  public init(path: String) throws(KeyError) {
    let bytes: [UInt8]
    do throws(Errno) { bytes = try File.read(path, limit: KeyEncoding.byteLimit) } catch {
      throw .cannotRead(path: path, error)
    }
    try self.init(parsing: bytes, name: path)
  }

  /// Reads `ed25519:BASE64`, as `description` writes it; nil where it is something else.
  public init?(text: String) {
    let text = text.filter { !$0.isWhitespace }
    guard text.hasPrefix(Self.textPrefix), let bytes = Base64.decode(Array(text.utf8.dropFirst(8))),
      bytes.count == Self.byteCount
    else { return nil }
    self.bytes = bytes
  }

  /// Whether `signature` is this key's of `message`.
  public func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard signature.count == SigningKey.signatureByteCount,
      let raw = EVP_PKEY_new_raw_public_key_ex(nil, KeyEncoding.algorithm, nil, bytes, bytes.count)
    else { return false }
    let handle = KeyHandle(owning: raw)
    guard let context = EVP_MD_CTX_new() else { fatalError("out of memory") }
    defer {
      EVP_MD_CTX_free(context)
      ERR_clear_error()
    }
    return EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, handle.raw, nil) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }

  /// The key as PEM (SubjectPublicKeyInfo).
  public func pem() -> [UInt8] { KeyEncoding.pem("PUBLIC KEY", KeyEncoding.publicPrefix + bytes) }

  /// `ed25519:` and the base64 of the 32 bytes.
  public var description: String {
    var text = Array(Self.textPrefix.utf8)
    Base64.encode(bytes, into: &text)
    return String(decoding: text, as: UTF8.self)
  }
}
