/// Bytes of text, eight at a time.
enum ByteScanner {
  /// Copies the inside of a JSON string, which goes on in `text[start..<end]`, to `output`, up to its closing quote or
  /// to an escape that is not for one ASCII character: where that is, or `end`. Eight bytes at a time; `output` must
  /// have room for all.
  static func copyString(
    _ text: borrowing Span<UInt8>, _ start: Int, _ end: Int, into output: inout OutputSpan<UInt8>
  ) -> Int {
    precondition(start >= 0 && end <= text.count && output.freeCapacity >= end - start, "range outside")
    return text.withUnsafeBytes { source in
      output.withUnsafeMutableBufferPointer { buffer, count in
        let target = UnsafeMutableRawBufferPointer(buffer)
        var position = start
        while position &+ 8 <= end {
          let word = UInt64(littleEndian: source.loadUnaligned(fromByteOffset: position, as: UInt64.self))
          let quote = word ^ 0x2222_2222_2222_2222
          let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
          // A borrow may mark a byte too many, but only behind one that is marked rightly.
          let marks =
            ((quote &- 0x0101_0101_0101_0101) & ~quote | (backslash &- 0x0101_0101_0101_0101) & ~backslash)
            & 0x8080_8080_8080_8080
          // What is written beyond the mark is written over later, or never counted.
          target.storeBytes(of: word.littleEndian, toByteOffset: count, as: UInt64.self)
          if marks == 0 {
            position &+= 8
            count &+= 8
            continue
          }
          let plain = marks.trailingZeroBitCount >> 3
          count &+= plain
          position &+= plain
          guard source[position] == 0x5C, let (byte, length) = escape(source, position, end) else {
            return position
          }
          target[count] = byte
          count &+= 1
          position &+= length
        }
        while position < end {
          var (byte, length) = (source[position], 1)
          if byte == 0x22 { break }
          if byte == 0x5C {
            guard let escaped = escape(source, position, end) else { break }
            (byte, length) = escaped
          }
          target[count] = byte
          count &+= 1
          position &+= length
        }
        return position
      }
    }
  }

  /// The ASCII character that the escape at `position` stands for, and the escape's length; nil where it stands for
  /// another one, or is none.
  @inline(__always)
  private static func escape(
    _ source: UnsafeRawBufferPointer, _ position: Int, _ end: Int
  ) -> (byte: UInt8, length: Int)? {
    guard position &+ 1 < end else { return nil }
    switch source[position &+ 1] {
    case UInt8(ascii: "n"): return (0x0A, 2)
    case UInt8(ascii: "r"): return (0x0D, 2)
    case UInt8(ascii: "t"): return (0x09, 2)
    case UInt8(ascii: "b"): return (0x08, 2)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return (source[position &+ 1], 2)
    case UInt8(ascii: "u"):
      // Of `\u001b` there are most.
      guard position &+ 6 <= end, source[position &+ 2] == 0x30, source[position &+ 3] == 0x30,
        source[position &+ 4] &- 0x30 < 8, let low = hexadecimal(source[position &+ 5])
      else { return nil }
      return ((source[position &+ 4] &- 0x30) << 4 | low, 6)
    default: return nil
    }
  }

  @inline(__always)
  private static func hexadecimal(_ digit: UInt8) -> UInt8? {
    if digit &- 0x30 < 10 { return digit &- 0x30 }
    let letter = (digit | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }
}
