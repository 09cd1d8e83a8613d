/// Cells to text, the loop that every byte of a recording's lines passes through.
enum CellScanner {
  /// Room for most lines: what grows by a few letters each time is copied each time.
  private static let leastCapacity = 256

  /// Appends `cells[range]` to `bytes` up to the first cell that is not plain ASCII; the answer is how many were taken.
  /// Blank cells are spaces.
  @inline(__always)
  static func appendPlain(_ cells: Span<Cell>, _ range: Range<Int>, to bytes: inout [UInt8]) -> Int {
    let needed = bytes.count &+ range.count
    if bytes.capacity < needed { bytes.reserveCapacity(max(needed, bytes.capacity &* 2, leastCapacity)) }
    var count = 0
    bytes.append(addingCapacity: range.count) { output in
      count = ByteScanner.narrow(cells, range, into: &output)
    }
    return count
  }
}
