import Glibc

/// An IPv4 or IPv6 address in numbers, without a port (RFC 791, RFC 4291).
public struct InternetAddress: Hashable, Sendable {
  /// 4 or 16 bytes, most significant first.
  public let bytes: [UInt8]

  /// Reads `127.0.0.1` or `::1` (inet_pton(3)); nil for names and all else.
  public init?(_ text: String) {
    var buffer = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &buffer) == 1 {
      bytes = Array(buffer[..<4])
    } else if inet_pton(AF_INET6, text, &buffer) == 1 {
      bytes = buffer
    } else {
      return nil
    }
  }

  /// 127.0.0.0/8, ::1, or the first written as IPv6.
  public var isLoopback: Bool {
    switch bytes.count {
    case 4: bytes[0] == 127
    default:
      bytes[..<15].allSatisfy { $0 == 0 } && bytes[15] == 1
        || bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF && bytes[12] == 127
    }
  }

  /// Whether the first `bitCount` bits are the same as another address's of the same family.
  public func isInNetwork(of other: InternetAddress, bitCount: Int) -> Bool {
    guard bytes.count == other.bytes.count, 0...bytes.count * 8 ~= bitCount else { return false }
    let whole = bitCount / 8
    guard bytes[..<whole] == other.bytes[..<whole] else { return false }
    let rest = bitCount % 8
    return rest == 0 || (bytes[whole] ^ other.bytes[whole]) >> UInt8(8 - rest) == 0
  }
}
