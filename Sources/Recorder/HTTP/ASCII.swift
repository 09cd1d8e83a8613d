/// ASCII facts the HTTP and AWS parsers share.
enum ASCII {
  static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

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
    isDigit(byte) || lowercased(byte) &- 0x61 < 26 || tokenMarks.contains(byte)
  }

  private static let tokenMarks = Array("!#$%&'*+-.^_`|~".utf8)
}
