/// Finding the end of runs eight bytes at a time, and turning runs of ASCII into cells: the two loops that most of
/// a recording's bytes pass through.
enum ByteScanner {
  /// Index of the first byte from `start` on that is no printable ASCII (0x20…0x7E); the count when all are.
  @inline(__always)
  static func endOfPrintable(in bytes: Span<UInt8>, from start: Int) -> Int {
    bytes.withUnsafeBytes { buffer in
      var index = start
      while index &+ 8 <= buffer.count {
        let word = UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        // The high bit of each byte that is below 0x20, is 0x7F, or is above it. A borrow may mark a byte too many,
        // but only behind one that is marked rightly, and the first is what counts.
        let low = (word &- 0x2020_2020_2020_2020) & ~word
        let delete = word ^ 0x7F7F_7F7F_7F7F_7F7F
        let marks = (low | (delete &- 0x0101_0101_0101_0101) & ~delete | word) & 0x8080_8080_8080_8080
        if marks != 0 { return index &+ marks.trailingZeroBitCount >> 3 }
        index &+= 8
      }
      while index < buffer.count {
        let byte = buffer[index]
        if byte < 0x20 || byte > 0x7E { return index }
        index &+= 1
      }
      return index
    }
  }

  /// Index of the first byte from `start` on that may end a control string: a C0 control, or 0xC2, with which U+009C
  /// begins.
  static func endOfPayload(in bytes: Span<UInt8>, from start: Int) -> Int {
    bytes.withUnsafeBytes { buffer in
      var index = start
      while index &+ 8 <= buffer.count {
        let word = UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let low = (word &- 0x2020_2020_2020_2020) & ~word
        let lead = word ^ 0xC2C2_C2C2_C2C2_C2C2
        let marks = (low | (lead &- 0x0101_0101_0101_0101) & ~lead) & 0x8080_8080_8080_8080
        if marks != 0 { return index &+ marks.trailingZeroBitCount >> 3 }
        index &+= 8
      }
      while index < buffer.count {
        let byte = buffer[index]
        if byte < 0x20 || byte == 0xC2 { return index }
        index &+= 1
      }
      return index
    }
  }

  /// Sets `cells[start...]` to `template` with each of `bytes[from..<from + count]` as its character.
  @inline(__always)
  static func widen(
    _ bytes: Span<UInt8>, _ from: Int, _ count: Int, into cells: inout [Cell], at start: Int, template: Cell
  ) {
    precondition(count >= 0 && from >= 0 && from &+ count <= bytes.count, "range outside the bytes")
    precondition(start >= 0 && start &+ count <= cells.count, "range outside the cells")
    guard count > 0 else { return }
    bytes.withUnsafeBufferPointer { source in
      cells.withUnsafeMutableBufferPointer { target in
        // Both bases exist: neither range is empty.
        let source = source.baseAddress! + from
        let target = target.baseAddress! + start
        for index in 0..<count { target[index] = Cell(bits: template.bits | UInt64(source[index])) }
      }
    }
  }

  /// Appends `bytes[range]` to `payload`.
  static func append(_ bytes: Span<UInt8>, _ range: Range<Int>, to payload: inout [UInt8]) {
    bytes.withUnsafeBufferPointer { payload.append(contentsOf: $0[range]) }
  }
}
