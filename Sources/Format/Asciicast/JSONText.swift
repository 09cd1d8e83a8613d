import Platform

/// Bytes as the inside of a JSON string.
enum JSONText {
  /// Appends the first `end` bytes; each maximal part that is no UTF-8 becomes U+FFFD.
  /// - Returns: whether all of it was UTF-8.
  static func append(_ bytes: [UInt8], end: Int, to text: inout [UInt8]) -> Bool {
    var isExact = true
    // Into room reserved once: 3 times as fast as appending to the array where escapes stand close.
    text.append(addingCapacity: end * 6) { output in
      isExact = write(bytes.span, end, escaping: true, to: &output)
    }
    return isExact
  }

  /// The bytes, each maximal part that is no UTF-8 replaced by U+FFFD.
  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8](capacity: bytes.count * 3) { output in
      _ = write(bytes.span, bytes.count, escaping: false, to: &output)
    }
  }

  private static func write(
    _ bytes: borrowing Span<UInt8>, _ end: Int, escaping: Bool, to output: inout OutputSpan<UInt8>
  ) -> Bool {
    var isExact = true
    var index = 0
    while index < end {
      let byte = bytes[index]
      if byte < 0x80 {
        if byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") || !escaping {
          output.append(byte)
        } else {
          writeEscaped(byte, to: &output)
        }
        index += 1
        continue
      }
      switch UTF8Sequence(in: bytes, at: index) {
      case .whole(let count) where index + count <= end:
        for offset in 0..<count { output.append(bytes[index + offset]) }
        index += count
      case .bad(let count), .cut(let count), .whole(let count):
        output.append(0xEF)  // U+FFFD
        output.append(0xBF)
        output.append(0xBD)
        index = min(end, index + count)
        isExact = false
      }
    }
    return isExact
  }

  private static func writeEscaped(_ byte: UInt8, to output: inout OutputSpan<UInt8>) {
    output.append(UInt8(ascii: "\\"))
    if byte >= 0x20 {
      output.append(byte)
      return
    }
    let letter = JSON.shortEscape(byte)
    if letter != 0 {
      output.append(letter)
      return
    }
    output.append(UInt8(ascii: "u"))
    output.append(0x30)
    output.append(0x30)
    output.append(0x30 + (byte >> 4))
    let low = byte & 15
    output.append(low < 10 ? 0x30 + low : 0x57 + low)
  }
}
