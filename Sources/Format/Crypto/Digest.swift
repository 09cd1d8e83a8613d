import COpenSSL

/// SHA-256 (FIPS 180-4), at once or piece by piece.
public final class SHA256 {
  /// Bytes of a digest.
  public static let byteCount = 32

  // EVP_sha256() is looked up again at each use (401 ns for small inputs); a fetched one is not (178 ns).
  // Immutable after its creation and reference-counted by OpenSSL, hence safe to share.
  nonisolated(unsafe) static let algorithm: OpaquePointer = {
    guard let algorithm = EVP_MD_fetch(nil, "SHA2-256", nil) else { fatalError("OpenSSL without SHA-256") }
    return algorithm
  }()

  private let context: OpaquePointer

  /// Begins an empty message.
  public init() {
    guard let context = EVP_MD_CTX_new() else { fatalError("out of memory") }
    self.context = context
    EVP_DigestInit_ex2(context, Self.algorithm, nil)
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes to what is hashed.
  public func update(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
  }

  /// Adds a slice of an array to what is hashed.
  public func update(_ bytes: ArraySlice<UInt8>) {
    _ = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
  }

  /// The hash of all bytes so far; starts anew.
  public func finish() -> [UInt8] {
    let digest = [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
      EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
      count = Self.byteCount
    }
    EVP_DigestInit_ex2(context, nil, nil)
    return digest
  }

  /// The hash of `bytes`.
  public static func hash(_ bytes: [UInt8]) -> [UInt8] {
    let hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }
}

/// HMAC with SHA-256 (RFC 2104).
public enum HMACSHA256 {
  private static let blockByteCount = 64

  /// The 32 bytes of HMAC-SHA-256 (RFC 2104) of a message, with a key of any length.
  public static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    let key = key.count > blockByteCount ? SHA256.hash(key) : key
    let padding = [UInt8](repeating: 0, count: blockByteCount - key.count)
    let hash = SHA256()
    hash.update(key.map { $0 ^ 0x36 } + padding.map { $0 ^ 0x36 })
    hash.update(message)
    let inner = hash.finish()
    hash.update(key.map { $0 ^ 0x5C } + padding.map { $0 ^ 0x5C })
    hash.update(inner)
    return hash.finish()
  }
}

/// The system's random numbers.
public enum RandomBytes {
  /// `count` bytes fit for keys and identifiers (RAND_bytes).
  public static func make(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      guard RAND_bytes(buffer.baseAddress, Int32(count)) == 1 else { fatalError("no random numbers") }
      filled = count
    }
  }
}

/// Whether both are equal, in a time that tells nothing about where they differ.
public func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  return CRYPTO_memcmp(left, right, left.count) == 0
}
