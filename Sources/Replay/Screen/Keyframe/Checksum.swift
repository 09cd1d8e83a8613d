/// CRC-32 as in gzip (RFC 1952 §8): keyframes are small, and zlib belongs to another layer.
enum Checksum {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
  }

  static func of(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt32 {
    let table = table.span
    var value: UInt32 = 0xFFFF_FFFF
    for index in range {
      value = table[Int(truncatingIfNeeded: (value ^ UInt32(bytes[index])) & 0xFF)] ^ value >> 8
    }
    return ~value
  }
}
