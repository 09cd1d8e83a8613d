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
}
