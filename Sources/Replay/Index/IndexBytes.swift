/// Writes the index's numbers: little-endian, or as varints of seven bits a byte.
struct IndexWriter {
  var bytes: [UInt8] = []

  mutating func varint(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }

  mutating func varint(_ value: Int) { varint(UInt64(value)) }

  /// Small numbers of either sign stay short.
  mutating func signed(_ value: Int64) { varint(UInt64(bitPattern: value << 1 ^ value >> 63)) }

  mutating func fixed(_ value: some FixedWidthInteger) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func text(_ text: [UInt8]) {
    varint(text.count)
    bytes += text
  }
}

/// What a damaged index says that it cannot.
enum IndexDamage: Error, Equatable {
  /// A number or a text goes beyond the part that holds it.
  case cutOff(part: String)
  case badChecksum(part: String)
  case badNumber(part: String)
  case notASegment
  /// Written by another version.
  case otherVersion(UInt32)
  case unreadable(String)

  var words: String {
    switch self {
    case .cutOff(let part): "its \(part) end too early"
    case .badChecksum(let part): "its \(part) fail their checksum"
    case .badNumber(let part): "its \(part) make no sense"
    case .notASegment: "it is no segment"
    case .otherVersion(let version): "it has layout \(version), which this version does not read"
    case .unreadable(let words): words
    }
  }
}

/// Reads what `IndexWriter` wrote, from bytes that may be damaged.
struct IndexReader {
  let bytes: [UInt8]
  var position: Int
  let end: Int
  let part: String

  init(_ bytes: [UInt8], _ range: Range<Int>? = nil, part: String) {
    self.bytes = bytes
    position = range?.lowerBound ?? 0
    end = range?.upperBound ?? bytes.count
    self.part = part
  }

  var isAtEnd: Bool { position >= end }

  @inline(__always)
  mutating func varint() throws(IndexDamage) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      guard position < end, shift < 64 else { throw .cutOff(part: part) }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  /// A count or an offset, at most `limit`.
  mutating func number(upTo limit: Int) throws(IndexDamage) -> Int {
    let value = try varint()
    guard value <= UInt64(max(0, limit)) else { throw .badNumber(part: part) }
    return Int(value)
  }

  mutating func signed() throws(IndexDamage) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  mutating func fixed<Number: FixedWidthInteger>(_: Number.Type) throws(IndexDamage) -> Number {
    let count = Number.bitWidth / 8
    guard position + count <= end else { throw .cutOff(part: part) }
    var value: Number = 0
    for index in 0..<count { value |= Number(truncatingIfNeeded: bytes[position + index]) << (8 * index) }
    position += count
    return value
  }

  mutating func text() throws(IndexDamage) -> [UInt8] {
    let count = try number(upTo: end - position)
    defer { position += count }
    return Array(bytes[position..<position + count])
  }
}
