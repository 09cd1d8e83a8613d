/// ASCII facts the HTTP and AWS parsers share.
enum ASCII {
  static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  static func isLetter(_ byte: UInt8) -> Bool { lowercased(byte) &- 0x61 < 26 }

  /// Space or tab, HTTP's optional white space.
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Without blanks at both ends.
  static func trimmed<Slice: BidirectionalCollection>(_ bytes: Slice) -> Slice.SubSequence
  where Slice.Element == UInt8 {
    guard let first = bytes.firstIndex(where: { !isBlank($0) }),
      let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return bytes[bytes.endIndex..<bytes.endIndex] }
    return bytes[first...last]
  }

  /// A token of RFC 9110 §5.6.2: what methods and field names are made of.
  static func isToken(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) || tokenMarks.contains(byte)
  }

  private static let tokenMarks = Array("!#$%&'*+-.^_`|~".utf8)

  /// The value of a hexadecimal digit; nil for other bytes.
  static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte - 0x30 }
    let letter = lowercased(byte) &- 0x61
    return letter < 6 ? letter + 10 : nil
  }

  /// `%XX` turned into bytes, and with `plusIsSpace` also `+` into a space (HTML forms); other `%` stay.
  static func percentDecoded(_ bytes: some Collection<UInt8>, plusIsSpace: Bool = false) -> [UInt8] {
    let bytes = Array(bytes)
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = hexadecimalValue(bytes[index + 1]), let low = hexadecimalValue(bytes[index + 2])
      {
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(plusIsSpace && bytes[index] == UInt8(ascii: "+") ? 0x20 : bytes[index])
        index += 1
      }
    }
    return decoded
  }

  /// The first bytes of something unexpected, made safe to print.
  static func excerpt(_ bytes: [UInt8]) -> String {
    let shown = bytes.prefix(40).map { $0 < 0x20 || $0 >= 0x7F ? UInt8(ascii: ".") : $0 }
    return String(decoding: shown, as: UTF8.self) + (bytes.count > 40 ? "…" : "")
  }
}
