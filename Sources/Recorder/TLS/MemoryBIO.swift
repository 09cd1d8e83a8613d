import COpenSSL

extension OpenSSLFailure {
  /// Most bytes handed to the library at once; its counts are 32 bits wide.
  static let largestPortion = 1 << 20
}

/// A BIO that keeps bytes in memory, freed with this object.
final class MemoryBIO {
  let raw: OpaquePointer

  init(_ contents: [UInt8] = []) throws(TLSError) {
    raw = try requireHandle(BIO_new(BIO_s_mem()))
    try Self.write(contents, to: raw)
  }

  deinit { BIO_free(raw) }

  /// All bytes written so far.
  func contents() -> [UInt8] { Self.take(from: raw) }

  static func write(_ bytes: [UInt8], to bio: OpaquePointer) throws(TLSError) {
    var written = 0
    while written < bytes.count {
      let start = written
      let portion = min(bytes.count - start, OpenSSLFailure.largestPortion)
      // An array that is not empty has an address.
      let result = bytes.withUnsafeBytes { BIO_write(bio, $0.baseAddress! + start, Int32(portion)) }
      guard result > 0 else { throw .library(OpenSSLFailure.drainedWords()) }
      written += Int(result)
    }
  }

  /// Empties a BIO in one copy.
  static func take(from bio: OpaquePointer) -> [UInt8] {
    let count = BIO_ctrl_pending(bio)
    guard count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let portion = Int32(min(count - filled, OpenSSLFailure.largestPortion))
        // The array's room is not empty, so it has an address.
        let result = BIO_read(bio, buffer.baseAddress! + filled, portion)
        if result <= 0 { break }
        filled += Int(result)
      }
    }
  }
}
