import Platform

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
    guard count > 0 else { return }
    var target = cells.mutableSpan
    widen(bytes, from, count, into: &target, at: start, template: template)
  }

  /// The same within a span, for loops over many lines.
  @inline(__always)
  static func widen(
    _ bytes: Span<UInt8>, _ from: Int, _ count: Int, into cells: inout MutableSpan<Cell>, at start: Int,
    template: Cell
  ) {
    precondition(count > 0 && from >= 0 && from &+ count <= bytes.count, "range outside the bytes")
    precondition(start >= 0 && start &+ count <= cells.count, "range outside the cells")
    bytes.withUnsafeBufferPointer { source in
      cells.withUnsafeMutableBufferPointer { target in
        // Both bases exist: neither range is empty.
        let source = UnsafeRawPointer(source.baseAddress! + from)
        let target = UnsafeMutableRawPointer(target.baseAddress! + start)
        // Eight at a time, which the compiler does not find by itself: 40 columns in 6 instead of 10 ns.
        let templates = SIMD8<UInt64>(repeating: template.bits)
        var index = 0
        while index &+ 8 <= count {
          let eight = source.loadUnaligned(fromByteOffset: index, as: SIMD8<UInt8>.self)
          target.storeBytes(
            of: SIMD8<UInt64>(truncatingIfNeeded: eight) | templates, toByteOffset: index &* 8,
            as: SIMD8<UInt64>.self)
          index &+= 8
        }
        while index < count {
          let byte = source.load(fromByteOffset: index, as: UInt8.self)
          target.storeBytes(of: template.bits | UInt64(byte), toByteOffset: index &* 8, as: UInt64.self)
          index &+= 1
        }
      }
    }
  }

  /// The way back: appends the characters of `cells[range]` up to the first that is not plain ASCII, blanks as spaces;
  /// how many they were. Sixteen cells at a time; `output` must have room for all.
  @inline(__always)
  static func narrow(_ cells: Span<Cell>, _ range: Range<Int>, into output: inout OutputSpan<UInt8>) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= cells.count, "range outside the cells")
    precondition(output.freeCapacity >= range.count, "no room for the characters")
    return cells.withUnsafeBytes { source in
      output.withUnsafeMutableBufferPointer { buffer, count in
        let target = UnsafeMutableRawBufferPointer(buffer)
        var index = range.lowerBound
        while index &+ 16 <= range.upperBound {
          guard let text = sixteen(source, index) else { break }
          target.storeBytes(of: text, toByteOffset: count, as: SIMD2<UInt64>.self)
          index &+= 16
          count &+= 16
        }
        // What is left of a longer row: its last sixteen, some of them again.
        let left = range.upperBound &- index
        if left > 0, left < 16, range.count >= 16, let text = sixteen(source, range.upperBound &- 16) {
          count &+= left
          target.storeBytes(of: text, toByteOffset: count &- 16, as: SIMD2<UInt64>.self)
          return range.count
        }
        while index < range.upperBound {
          let bits =
            source.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)
            & (Cell.textMask | Cell.kindMask)
          if bits >= 0x80 { break }
          target[count] = bits == 0 ? 0x20 : UInt8(truncatingIfNeeded: bits)
          index &+= 1
          count &+= 1
        }
        return index &- range.lowerBound
      }
    }
  }

  /// The characters of sixteen cells from `index` on; nil where one is not plain ASCII.
  @inline(__always)
  private static func sixteen(_ source: UnsafeRawBufferPointer, _ index: Int) -> SIMD2<UInt64>? {
    @inline(__always) func pair(_ number: Int) -> SIMD2<UInt64> {
      source.loadUnaligned(fromByteOffset: index &* 8 &+ number &* 16, as: SIMD2<UInt64>.self)
    }
    let (first, second, third, fourth) = (pair(0), pair(1), pair(2), pair(3))
    let (fifth, sixth, seventh, eighth) = (pair(4), pair(5), pair(6), pair(7))
    let all = ((first | second) | (third | fourth)) | ((fifth | sixth) | (seventh | eighth))
    if (all[0] | all[1]) & (Cell.textMask | Cell.kindMask) >= 0x80 { return nil }
    let low = SIMD2<UInt64>(repeating: 0x7F)
    // Of eight characters every other one in each half.
    let front = (first & low) | (second & low) &<< 16 | (third & low) &<< 32 | (fourth & low) &<< 48
    let back = (fifth & low) | (sixth & low) &<< 16 | (seventh & low) &<< 32 | (eighth & low) &<< 48
    let text = SIMD2(front[0], back[0]) | SIMD2(front[1], back[1]) &<< 8
    // The high bit of each byte that is zero: two to the right it makes a space.
    let high = SIMD2<UInt64>(repeating: 0x8080_8080_8080_8080)
    let blanks = ~(text &+ SIMD2(repeating: 0x7F7F_7F7F_7F7F_7F7F)) & high
    return text | blanks &>> 2
  }

  /// Moves `cells[range]` to `target[start...]`; blanks stay behind.
  @inline(__always)
  static func move(
    _ cells: inout MutableSpan<Cell>, _ range: Range<Int>, to target: inout MutableSpan<Cell>, at start: Int
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= cells.count, "range outside the cells")
    precondition(start >= 0 && start &+ range.count <= target.count, "range outside the target")
    guard !range.isEmpty else { return }
    cells.withUnsafeMutableBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        // Both bases exist: neither range is empty.
        let source = source.baseAddress! + range.lowerBound
        (target.baseAddress! + start).update(from: source, count: range.count)
        source.update(repeating: .blank, count: range.count)
      }
    }
  }

  /// What `widenText` wrote.
  struct TextRun {
    /// The index of the first byte not read.
    var end: Int
    var columnCount: Int
    /// The last scalar.
    var last: UInt32
    /// The first cell was the tail of a wide character.
    var hadTail: Bool
  }

  /// Turns text into cells while it is whole, printable, of one or two columns, and fits into `cells[range]`: three
  /// times as fast for East Asian text as one scalar at a time.
  @inline(__always)
  static func widenText(
    _ bytes: Span<UInt8>, from start: Int, into cells: inout [Cell], range: Range<Int>, template: Cell
  ) -> TextRun {
    precondition(
      start >= 0 && range.lowerBound >= 0 && range.upperBound <= cells.count, "range outside the cells")
    return bytes.withUnsafeBufferPointer { source in
      cells.withUnsafeMutableBufferPointer { target in
        var run = TextRun(end: start, columnCount: 0, last: 0, hadTail: false)
        run.hadTail = !range.isEmpty && target[range.lowerBound].isTail
        var place = range.lowerBound
        while let (scalar, length) = scalar(source, run.end) {
          let width = columnWidth(scalar)
          guard width > 0, place &+ width <= range.upperBound else { break }
          let bits = template.bits | UInt64(scalar)
          if width == 1 {
            target[place] = Cell(bits: bits)
          } else {
            target[place] = Cell(bits: bits | 1 << Cell.kindShift)
            target[place &+ 1] = Cell(bits: template.bits | 2 << Cell.kindShift)
          }
          place &+= width
          run.end &+= length
          run.last = scalar
        }
        run.columnCount = place &- range.lowerBound
        return run
      }
    }
  }

  /// As `UInt32.columnWidth`, of what is no control; without the table for letters of Europe and East Asia and for
  /// lines, a fifth of the time of such text.
  @inline(__always)
  static func columnWidth(_ scalar: UInt32) -> Int {
    if scalar < 0x300 || scalar &- 0x2500 < 0x80 { return 1 }
    // Ideographs, Hangul, Hiragana, Katakana.
    let isWide =
      scalar &- 0x4E00 < 0x5200 || scalar &- 0xAC00 < 0x2BA4 || scalar &- 0x3041 < 0x56
      || scalar &- 0x30A0 < 0x60
    return isWide ? 2 : scalar.columnWidth
  }

  /// Whether a whole character of one or two columns begins at `index`.
  @inline(__always)
  static func beginsWide(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
    bytes.withUnsafeBufferPointer { source in
      guard let (scalar, _) = scalar(source, index) else { return false }
      return columnWidth(scalar) > 0
    }
  }

  /// The printable scalar at `index` and its length; nil: a control character, or malformed, or cut off.
  @inline(__always)
  private static func scalar(_ source: UnsafeBufferPointer<UInt8>, _ index: Int) -> (UInt32, Int)? {
    guard index < source.count else { return nil }
    let first = UInt32(source[index])
    if first < 0x80 { return first >= 0x20 && first < 0x7F ? (first, 1) : nil }
    let left = source.count &- index
    if first >= 0xE0, first < 0xF0 {
      guard left >= 3 else { return nil }
      let (second, third) = (UInt32(source[index &+ 1]), UInt32(source[index &+ 2]))
      let scalar = (first & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F
      guard second & 0xC0 == 0x80, third & 0xC0 == 0x80, scalar >= 0x800, scalar & 0xF800 != 0xD800 else {
        return nil
      }
      return (scalar, 3)
    }
    if first >= 0xF0 {
      guard left >= 4, first <= 0xF4 else { return nil }
      let (second, third, fourth) = (
        UInt32(source[index &+ 1]), UInt32(source[index &+ 2]), UInt32(source[index &+ 3])
      )
      let scalar = (first & 0x07) << 18 | (second & 0x3F) << 12 | (third & 0x3F) << 6 | fourth & 0x3F
      let areTails = second & 0xC0 == 0x80 && third & 0xC0 == 0x80 && fourth & 0xC0 == 0x80
      guard areTails, scalar >= 0x10000, scalar < 0x110000 else { return nil }
      return (scalar, 4)
    }
    guard left >= 2, first >= 0xC2 else { return nil }
    let second = UInt32(source[index &+ 1])
    let scalar = (first & 0x1F) << 6 | second & 0x3F
    return second & 0xC0 == 0x80 && scalar >= 0xA0 ? (scalar, 2) : nil
  }

  /// Appends `bytes[range]` to `payload`.
  static func append(_ bytes: Span<UInt8>, _ range: Range<Int>, to payload: inout [UInt8]) {
    bytes.withUnsafeBufferPointer { payload.append(contentsOf: $0[range]) }
  }
}
