/// Cells to text, the loop that every byte of a recording's lines passes through.
enum CellScanner {
  /// Appends `cells` to `bytes` up to the first cell that is not plain ASCII; the answer is how many were taken.
  /// Blank cells are spaces.
  static func appendPlain(_ cells: ArraySlice<Cell>, to bytes: inout [UInt8]) -> Int {
    let start = bytes.count
    let count = cells.count
    bytes.append(contentsOf: repeatElement(0x20, count: count))
    var index = 0
    do {
      // Spans: one check of bounds each, no reference counts.
      let source = cells.span
      var target = bytes.mutableSpan
      // Eight at a time without a branch among them, while all are plain.
      while index &+ 8 <= count {
        var all: UInt64 = 0
        for place in index..<index &+ 8 { all |= source[place].bits & (Cell.textMask | Cell.kindMask) }
        if all >= 0x80 { break }
        for place in index..<index &+ 8 {
          let bits = UInt8(truncatingIfNeeded: source[place].bits & Cell.textMask)
          target[start &+ place] = bits == 0 ? 0x20 : bits
        }
        index &+= 8
      }
      while index < count {
        let bits = source[index].bits & (Cell.textMask | Cell.kindMask)
        if bits >= 0x80 { break }
        if bits != 0 { target[start &+ index] = UInt8(truncatingIfNeeded: bits) }
        index &+= 1
      }
    }
    bytes.removeLast(count - index)
    return index
  }
}
