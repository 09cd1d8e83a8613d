/// Bytes of text, eight at a time.
enum ByteScanner {
  /// Copies `text[start..<end]` to `output` up to the first quote or backslash: where that is, or `end`. Eight bytes at
  /// a time; `output` must have room for all.
  @inline(__always)
  static func copyPlain(
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
          if marks != 0 {
            let plain = marks.trailingZeroBitCount >> 3
            count &+= plain
            return position &+ plain
          }
          position &+= 8
          count &+= 8
        }
        while position < end {
          let byte = source[position]
          if byte == 0x22 || byte == 0x5C { break }
          target[count] = byte
          count &+= 1
          position &+= 1
        }
        return position
      }
    }
  }
}
