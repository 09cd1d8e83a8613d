import CLinux
import Glibc

/// Finding a run of bytes with libc's vector code.
public enum ByteSearch {
  /// Index at which `needle` first occurs in `bytes` at `from` or later; `from` itself for an empty needle
  /// (memmem(3), 2 to 10 GB/s).
  public static func first(_ needle: [UInt8], in bytes: [UInt8], from: Int = 0) -> Int? {
    guard from >= 0, from <= bytes.count - needle.count else { return nil }
    if needle.isEmpty { return from }
    return bytes.withUnsafeBytes { haystack in
      needle.withUnsafeBytes { wanted -> Int? in
        // Neither buffer is empty here, so both have an address.
        guard let base = haystack.baseAddress, let key = wanted.baseAddress else { return nil }
        guard let found = memmem(base + from, haystack.count - from, key, wanted.count) else { return nil }
        return UnsafeRawPointer(found) - base
      }
    }
  }

  /// Index of the first `byte` in `bytes[range]` (memchr(3)).
  public static func first(_ byte: UInt8, in bytes: [UInt8], _ range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "range outside the bytes")
    return bytes.withUnsafeBytes { buffer -> Int? in
      guard let base = buffer.baseAddress, !range.isEmpty else { return nil }
      guard let found = memchr(base + range.lowerBound, Int32(byte), range.count) else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  /// Index of the last `byte` in `bytes[range]` (memrchr(3)).
  public static func last(_ byte: UInt8, in bytes: [UInt8], _ range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "range outside the bytes")
    return bytes.withUnsafeBytes { buffer -> Int? in
      guard let base = buffer.baseAddress, !range.isEmpty else { return nil }
      guard let found = memrchr(base + range.lowerBound, Int32(byte), range.count) else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  /// Whether `bytes` begin with `beginning` (memcmp(3)).
  public static func begins(_ bytes: [UInt8], with beginning: [UInt8]) -> Bool {
    occurs(beginning, in: bytes, at: 0)
  }

  /// Whether `needle` stands in `bytes` at `offset`.
  public static func occurs(_ needle: [UInt8], in bytes: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, offset <= bytes.count - needle.count else { return false }
    if needle.isEmpty { return true }
    return bytes.withUnsafeBytes { bytes in
      needle.withUnsafeBytes { needle in
        // Neither is empty here, so both have an address.
        memcmp(bytes.baseAddress! + offset, needle.baseAddress!, needle.count) == 0
      }
    }
  }

  /// How often `byte` stands in `bytes[range]`.
  public static func count(of byte: UInt8, in bytes: [UInt8], _ range: Range<Int>) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "range outside the bytes")
    return bytes.withUnsafeBytes { buffer in
      let pattern = 0x0101_0101_0101_0101 &* UInt64(byte)
      let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
      var count = 0
      var index = range.lowerBound
      while index &+ 8 <= range.upperBound {
        let word = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ pattern
        // The high bit of each byte that is zero, and of no other.
        count &+= (~((word & low &+ low) | word | low)).nonzeroBitCount
        index &+= 8
      }
      while index < range.upperBound {
        if buffer[index] == byte { count &+= 1 }
        index &+= 1
      }
      return count
    }
  }
}
