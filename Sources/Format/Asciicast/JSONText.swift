import Platform

/// Bytes as the inside of a JSON string.
enum JSONText {
  /// For each byte: 0 stands for itself, 1 is escaped, 2 begins or continues a character outside ASCII.
  private static let classes: [UInt8] = {
    var classes = [UInt8](repeating: 0, count: 256)
    for byte in 0..<0x20 { classes[byte] = 1 }
    classes[Int(UInt8(ascii: "\""))] = 1
    classes[Int(UInt8(ascii: "\\"))] = 1
    for byte in 0x80..<0x100 { classes[byte] = 2 }
    return classes
  }()

  private static let escapes: [[UInt8]] = (0..<0x20).map { byte in
    var text: [UInt8] = []
    JSON.appendEscapedControl(UInt8(byte), to: &text)
    return text
  }

  /// Appends the first `end` bytes; each maximal part that is no UTF-8 becomes U+FFFD.
  /// - Returns: whether all of it was UTF-8.
  static func append(_ bytes: [UInt8], end: Int, to text: inout [UInt8]) -> Bool {
    let classes = Self.classes
    var isExact = true
    var runStart = 0
    var index = 0
    while index < end {
      let byte = bytes[index]
      switch classes[Int(byte)] {
      case 0: index += 1
      case 1:
        if runStart < index { text.append(contentsOf: bytes[runStart..<index]) }
        if byte < 0x20 {
          text.append(contentsOf: escapes[Int(byte)])
        } else {
          text.append(UInt8(ascii: "\\"))
          text.append(byte)
        }
        index += 1
        runStart = index
      default:
        switch UTF8Sequence(in: bytes, at: index) {
        case .whole(let count) where index + count <= end: index += count
        case .bad(let count), .cut(let count), .whole(let count):
          if runStart < index { text.append(contentsOf: bytes[runStart..<index]) }
          text.append(contentsOf: UTF8Sequence.replacement)
          index = min(end, index + count)
          runStart = index
          isExact = false
        }
      }
    }
    if runStart < end { text.append(contentsOf: bytes[runStart..<end]) }
    return isExact
  }

  /// Whether the bytes are UTF-8, every maximal part that is not replaced by U+FFFD in `repaired`.
  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] < 0x80 {
        text.append(bytes[index])
        index += 1
        continue
      }
      switch UTF8Sequence(in: bytes, at: index) {
      case .whole(let count):
        text.append(contentsOf: bytes[index..<index + count])
        index += count
      case .bad(let count), .cut(let count):
        text.append(contentsOf: UTF8Sequence.replacement)
        index += count
      }
    }
    return text
  }
}
