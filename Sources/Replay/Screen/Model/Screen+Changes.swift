/// What changed since somebody looked: for renderers, the player and the search.
extension Screen {
  /// Grows with every change of a row, across both screens. A move of the cursor is none.
  var generation: UInt64 { grid.version }

  /// The number of the row's latest change. It goes with the row when that scrolls, and no two rows ever have the
  /// same: a row with a number known from before, wherever it stood then, has the contents it had.
  @inline(__always) func version(row: Int) -> UInt64 { grid.version(row) }

  /// The rows whose contents changed after `generation`; rows that only moved are not among them.
  func rows(changedSince generation: UInt64) -> [Int] {
    guard grid.version > generation else { return [] }
    return (0..<rows).filter { version(row: $0) > generation }
  }

  /// Brings `drawn`, the versions of the rows as they were last drawn, up to date, and gives the rows to draw anew:
  /// changed, moved, or of another size of the screen. Begin with an empty list.
  func changedRows(updating drawn: inout [UInt64]) -> [Int] {
    if drawn.count != rows { drawn = [UInt64](repeating: 0, count: rows) }
    var changed: [Int] = []
    for row in 0..<rows where drawn[row] != version(row: row) {
      drawn[row] = version(row: row)
      changed.append(row)
    }
    return changed
  }

  /// The number of a row of the primary screen among all rows that ever were there, the first being 0. It stays with a
  /// row while that scrolls up and into the history (`history.firstNumber`).
  func number(ofRow row: Int) -> Int { history.total + row }
}
