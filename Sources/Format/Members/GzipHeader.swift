/// The header of a gzip member (RFC 1952 §2.3), as far as reading needs it.
struct GzipHeader: Equatable {
  /// Bytes of the whole header.
  var byteCount: Int
  /// The data of the `SC` subfield.
  var seal: [UInt8]?
  /// Whether it is exactly the form our writer uses: FEXTRA alone, no time, one subfield.
  var isCanonical: Bool

  static let magic: [UInt8] = [0x1F, 0x8B, 0x08]
  /// Longest name or comment that is skipped.
  static let textLimit = 1 << 16

  /// What is at a place where a member should begin.
  enum Problem: Error, Equatable {
    /// The bytes end inside the header.
    case cutOff
    case notGzip
  }

  private static let hasHeaderCheck: UInt8 = 2
  private static let hasExtra: UInt8 = 4
  private static let hasName: UInt8 = 8
  private static let hasComment: UInt8 = 16

  init(parsing bytes: [UInt8], at start: Int) throws(Problem) {
    guard start < bytes.count else { throw .cutOff }
    for (offset, expected) in Self.magic.enumerated() where start + offset < bytes.count {
      if bytes[start + offset] != expected { throw .notGzip }
    }
    guard start + 10 <= bytes.count else { throw .cutOff }
    let flags = bytes[start + 3]
    if flags & 0xE0 != 0 { throw .notGzip }
    var position = start + 10
    var isOneSubfield = false
    if flags & Self.hasExtra != 0 {
      guard position + 2 <= bytes.count else { throw .cutOff }
      let length = Int(bytes[position]) | Int(bytes[position + 1]) << 8
      position += 2
      guard position + length <= bytes.count else { throw .cutOff }
      (seal, isOneSubfield) = Self.seal(in: bytes, position..<position + length)
      position += length
    }
    for flag in [Self.hasName, Self.hasComment] where flags & flag != 0 {
      guard let zero = bytes[position...].prefix(Self.textLimit).firstIndex(of: 0) else {
        if bytes.count - position < Self.textLimit { throw .cutOff }
        throw .notGzip
      }
      position = zero + 1
    }
    if flags & Self.hasHeaderCheck != 0 { position += 2 }
    guard position <= bytes.count else { throw .cutOff }
    byteCount = position - start
    isCanonical =
      flags == Self.hasExtra && isOneSubfield && bytes[start + 4..<start + 10].elementsEqual(Self.fixedFields)
  }

  /// MTIME, XFL and OS of our members: no time, smallest form, system unknown.
  private static let fixedFields: [UInt8] = [0, 0, 0, 0, 2, 255]

  /// The `SC` subfield among those of `range`, and whether it is the only one.
  private static func seal(in bytes: [UInt8], _ range: Range<Int>) -> ([UInt8]?, Bool) {
    var position = range.lowerBound
    while position + 4 <= range.upperBound {
      let length = Int(bytes[position + 2]) | Int(bytes[position + 3]) << 8
      let end = position + 4 + length
      if end > range.upperBound { break }
      if bytes[position] == UInt8(ascii: "S"), bytes[position + 1] == UInt8(ascii: "C") {
        return (Array(bytes[position + 4..<end]), position == range.lowerBound && end == range.upperBound)
      }
      position = end
    }
    return (nil, false)
  }

  /// The header of a member of ours.
  static func encode(seal: [UInt8]) -> [UInt8] {
    var bytes = magic + [hasExtra] + fixedFields
    bytes.append(uint16: seal.count + 4)
    bytes += [UInt8(ascii: "S"), UInt8(ascii: "C")]
    bytes.append(uint16: seal.count)
    return bytes + seal
  }
}
