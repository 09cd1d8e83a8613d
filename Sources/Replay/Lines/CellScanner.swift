/// Cells to text, the loop that every byte of a recording's lines passes through.
enum CellScanner {
  /// Appends `cells` to `bytes` up to the first cell that is not plain ASCII; the answer is how many were taken.
  /// Blank cells are spaces.
  static func appendPlain(_ cells: ArraySlice<Cell>, to bytes: inout [UInt8]) -> Int {
    var index = 0
    bytes.append(addingCapacity: cells.count) { output in
      // Spans: one check of bounds each, no reference counts.
      let source = cells.span
      let count = source.count
      output.append(repeating: 0x20, count: count)
      var target = output.mutableSpan
      // Eight at a time without a branch among them, while all are plain.
      while index &+ 8 <= count {
        var all: UInt64 = 0
        for place in index..<index &+ 8 { all |= source[place].bits & (Cell.textMask | Cell.kindMask) }
        if all >= 0x80 { break }
        for place in index..<index &+ 8 {
          let bits = UInt8(truncatingIfNeeded: source[place].bits & Cell.textMask)
          target[place] = bits == 0 ? 0x20 : bits
        }
        index &+= 8
      }
      while index < count {
        let bits = source[index].bits & (Cell.textMask | Cell.kindMask)
        if bits >= 0x80 { break }
        if bits != 0 { target[index] = UInt8(truncatingIfNeeded: bits) }
        index &+= 1
      }
      output.removeLast(count &- index)
    }
    return index
  }
}
