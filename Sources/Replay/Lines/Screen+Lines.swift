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
      let plain = begin + CellScanner.appendPlain(grid.cells.span, begin..<begin + width, to: &bytes)
      if plain < begin + width { appendCells(grid.cells[plain..<begin + width], to: &bytes) }
      row += 1
      if !isWrapped || bytes.count - start >= LineTracker.lengthLimit { break }
    }
    while bytes.count > start, bytes[bytes.count - 1] == 0x20 { bytes.removeLast() }
  }

  /// Appends the row `index` rows after the oldest of the history; blanks at its end stay.
  mutating func appendHistoryRow(_ index: Int, to bytes: inout [UInt8]) {
    let place = history.place(index)
    let range = place.range
    for _ in 0..<place.indent { bytes.append(0x20) }
    if place.isOpen {
      let plain = range.lowerBound + CellScanner.appendPlain(history.open.cells.span, range, to: &bytes)
      if plain < range.upperBound { appendCells(history.open.cells[plain..<range.upperBound], to: &bytes) }
    } else {
      let cells = history.sealed[place.block].cells
      let plain = range.lowerBound + CellScanner.appendPlain(cells.span, range, to: &bytes)
      if plain < range.upperBound { appendCells(cells[plain..<range.upperBound], to: &bytes) }
    }
  }

  /// Appends cells; blanks at the end stay.
  mutating func appendCells(_ cells: ArraySlice<Cell>, to bytes: inout [UInt8]) {
    var start = cells.startIndex + CellScanner.appendPlain(cells.span, 0..<cells.count, to: &bytes)
    while start < cells.endIndex {
      appendOther(cells[start], to: &bytes)
      // Behind a character that is not plain, most are not.
      start += 1
      while start < cells.endIndex, !cells[start].isPlain {
        appendOther(cells[start], to: &bytes)
        start += 1
      }
      let rest = cells[start...]
      start += CellScanner.appendPlain(rest.span, 0..<rest.count, to: &bytes)
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
