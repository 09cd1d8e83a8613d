/// What stands at one place of a byte array, read as UTF-8 (Unicode 15, table 3-7).
enum UTF8Sequence: Equatable {
  /// A whole character of two to four bytes.
  case whole(byteCount: Int)
  /// The beginning of a character that the array's end cuts off.
  case cut(byteCount: Int)
  /// Bytes that no character begins with: the maximal part one U+FFFD stands for.
  case bad(byteCount: Int)

  /// U+FFFD.
  static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// Reads the sequence that begins at `start` with a byte of 0x80 or more.
  init(in bytes: borrowing Span<UInt8>, at start: Int) {
    let lead = bytes[start]
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xBF
    let byteCount: Int
    switch lead {
    case 0xC2...0xDF: byteCount = 2
    case 0xE0: (byteCount, lowest) = (3, 0xA0)
    case 0xED: (byteCount, highest) = (3, 0x9F)
    case 0xE1...0xEF: byteCount = 3
    case 0xF0: (byteCount, lowest) = (4, 0x90)
    case 0xF4: (byteCount, highest) = (4, 0x8F)
    case 0xF1...0xF3: byteCount = 4
    default:
      self = .bad(byteCount: 1)
      return
    }
    for offset in 1..<byteCount {
      guard start + offset < bytes.count else {
        self = .cut(byteCount: offset)
        return
      }
      let byte = bytes[start + offset]
      guard byte >= lowest, byte <= highest else {
        self = .bad(byteCount: offset)
        return
      }
      (lowest, highest) = (0x80, 0xBF)
    }
    self = .whole(byteCount: byteCount)
  }
}
