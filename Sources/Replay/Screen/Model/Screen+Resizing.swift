/// Another size. Lines are not broken anew unless `reflows` says so: the program redraws, and it knows best.
extension Screen {
  /// Takes another size. At the right, columns are cut off or come in blank. Below, rows go while they are blank and
  /// below the cursor; then rows scroll off at the top, those of the primary screen into the history.
  mutating func resize(to size: ScreenSize) {
    if size.isClamped { clampedSizeCount += 1 }
    guard size.columns != columns || size.rows != rows else { return }
    settle()
    if reflows, !isAlternate, size.columns != columns {
      reflow(to: size)
    } else {
      cut(to: size)
    }
    if let other = inactiveGrid {
      let cursorRow = min(inactiveSaved?.cursor.row ?? 0, other.rows - 1)
      let surplus = other.surplus(over: size.rows, cursor: cursorRow)
      if isAlternate { keep(surplus, of: other) }
      let resized = other.resized(to: size, droppingAtTop: surplus, version: grid.version)
      grid.version = resized.version
      inactiveGrid = resized
      if var saved = inactiveSaved {
        saved.cursor.row = max(saved.cursor.row - surplus, 0)
        inactiveSaved = saved
      }
    }
    if cursor.column >= size.columns { cursor.isPending = false }
    cursor.column = min(cursor.column, size.columns - 1)
    tabStops.resize(to: size.columns)
    resetMargins()
    if !isAtLineEnd { cursor.edge = .free }
  }

  private mutating func cut(to size: ScreenSize) {
    let surplus = grid.surplus(over: size.rows, cursor: cursor.row)
    if !isAlternate { keep(surplus, of: grid) }
    grid = grid.resized(to: size, droppingAtTop: surplus, version: grid.version)
    cursor.row = min(max(cursor.row - surplus, 0), size.rows - 1)
    if var saved {
      saved.cursor.row = max(saved.cursor.row - surplus, 0)
      self.saved = saved
    }
  }

  private mutating func keep(_ count: Int, of grid: Grid) {
    for row in 0..<count { history.append(grid.cells, from: grid.start(row), grid.info(row)) }
  }
}

extension Grid {
  /// How many rows must go at the top for the cursor's row, and what is written below it, to be among `rows`; the
  /// cursor's own never goes.
  func surplus(over rows: Int, cursor: Int) -> Int {
    var last = self.rows - 1
    while last > cursor, written(last).allSatisfy({ $0 == .blank }) { last -= 1 }
    return min(max(0, last + 1 - rows), cursor)
  }

  /// A grid of another size with the same text, from row `top` on.
  func resized(to size: ScreenSize, droppingAtTop top: Int, version: UInt64) -> Grid {
    var grid = Grid(columns: size.columns, rows: size.rows, version: version)
    let width = min(columns, size.columns)
    for row in 0..<min(rows - top, size.rows) {
      grid.take(
        self.row(row + top).prefix(width), info(row + top), row: row, isWhole: columns == size.columns)
    }
    grid.setWrapped(size.rows - 1, false)
    return grid
  }

  /// Replaces a row by cells and facts from elsewhere; half a wide character at the end is blanked.
  /// `isWhole`: the row was as wide as this grid.
  mutating func take(_ source: ArraySlice<Cell>, _ info: LineInfo, row: Int, isWhole: Bool) {
    let start = start(row)
    for (offset, cell) in source.enumerated() {
      let isStray = cell.kind == .spacer && !isWhole
      replaceCell(start + offset, with: isStray ? cell.with(text: 0, .narrow) : cell)
    }
    if let last = source.last, last.isWide, source.count == columns {
      replaceCell(start + source.count - 1, with: last.withoutText)
    }
    let columns = columns
    var info = info
    info.occupancy = min(info.occupancy, UInt16(columns))
    info.isWrapped = info.isWrapped && isWhole
    set(info, row: row)
  }
}
