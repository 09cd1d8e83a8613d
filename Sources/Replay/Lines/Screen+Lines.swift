/// The screen's text, for search.
///
/// Nothing here changes the screen. What is called for every row is `mutating` all the same: only so is a value of this
/// size passed where it is; else it is copied, with a count for each of its tables (a tenth of the time of a search).
extension Screen {
  /// Appends the logical line that begins in a row, without the blanks at its end.
  mutating func appendLine(fromRow row: Int, to bytes: inout [UInt8]) {
    var row = row
    let start = bytes.count
    while true {
      let info = grid.info(row)
      let isWrapped = info.isWrapped && row + 1 < rows
      let begin = grid.start(row)
      let width = isWrapped ? columns : min(columns, Int(info.occupancy))
      appendCells(grid.cells[begin..<begin + width], to: &bytes)
      row += 1
      if !isWrapped || bytes.count - start >= LineTracker.lengthLimit { break }
    }
    while bytes.count > start, bytes[bytes.count - 1] == 0x20 { bytes.removeLast() }
  }

  /// `History.row`.
  mutating func historyRow(_ index: Int) -> (cells: ArraySlice<Cell>, info: LineInfo) { history.row(index) }

  /// Appends cells; blanks at the end stay.
  mutating func appendCells(_ cells: ArraySlice<Cell>, to bytes: inout [UInt8]) {
    var start = cells.startIndex + CellScanner.appendPlain(cells, to: &bytes)
    while start < cells.endIndex {
      appendOther(cells[start], to: &bytes)
      // Behind a character that is not plain, most are not.
      start += 1
      while start < cells.endIndex, !cells[start].isPlain {
        appendOther(cells[start], to: &bytes)
        start += 1
      }
      start += CellScanner.appendPlain(cells[start...], to: &bytes)
    }
  }

  private mutating func appendOther(_ cell: Cell, to bytes: inout [UInt8]) {
    if cell.isTail { return }
    if cell.isCluster {
      for scalar in clusters[cell.content] { Self.appendUTF8(scalar, to: &bytes) }
    } else if cell.content != 0 {
      Self.appendUTF8(cell.content, to: &bytes)
    } else if cell.kind == .narrow || cell.kind == .wide {
      bytes.append(0x20)
    }
  }
}

extension Cell {
  /// Plain ASCII, or blank.
  fileprivate var isPlain: Bool { bits & (Cell.textMask | Cell.kindMask) < 0x80 }
}
