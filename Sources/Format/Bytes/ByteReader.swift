/// Reads numbers from the front of a byte array, never past its end.
struct ByteReader {
  let bytes: [UInt8]
  private(set) var position: Int
  let end: Int

  /// What a reader throws when bytes are missing or a number is too large.
  struct Failure: Error, Equatable {}

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

  var remaining: Int { end - position }

  mutating func byte() throws(Failure) -> UInt8 {
    guard position < end else { throw Failure() }
    position += 1
    return bytes[position - 1]
  }

  mutating func bytes(_ count: Int) throws(Failure) -> [UInt8] {
    guard count >= 0, count <= remaining else { throw Failure() }
    position += count
    return Array(bytes[position - count..<position])
  }

  mutating func skip(_ count: Int) throws(Failure) {
    guard count >= 0, count <= remaining else { throw Failure() }
    position += count
  }

  /// Two bytes, the low one first.
  mutating func uint16() throws(Failure) -> Int {
    let low = try byte()
    return Int(low) | Int(try byte()) << 8
  }

  /// Four bytes, the lowest first.
  mutating func uint32() throws(Failure) -> UInt32 {
    let low = try uint16()
    return UInt32(low) | UInt32(try uint16()) << 16
  }

  /// An unsigned LEB128 number below 2^63, in its shortest form.
  mutating func varint() throws(Failure) -> Int64 {
    var value: Int64 = 0
    for shift in stride(from: Int64(0), to: 63, by: 7) {
      let byte = try byte()
      value |= Int64(byte & 0x7F) << shift
      if byte < 0x80 {
        if byte == 0, shift > 0 { throw Failure() }  // not the shortest form
        return value
      }
    }
    throw Failure()
  }

  /// A varint that fits an `Int` and a limit.
  mutating func count(limit: Int) throws(Failure) -> Int {
    let value = try varint()
    guard value <= Int64(limit) else { throw Failure() }
    return Int(value)
  }
}

extension [UInt8] {
  /// Appends two bytes, the low one first.
  mutating func append(uint16 value: Int) {
    append(UInt8(truncatingIfNeeded: value))
    append(UInt8(truncatingIfNeeded: value >> 8))
  }

  /// Appends four bytes, the lowest first.
  mutating func append(uint32 value: UInt32) {
    append(uint16: Int(value & 0xFFFF))
    append(uint16: Int(value >> 16))
  }

  /// Appends an unsigned LEB128 number; `value` is not negative.
  mutating func append(varint value: Int64) {
    precondition(value >= 0, "a varint holds no negative number")
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}
