/// What is true of every screen, whatever was fed.
extension Screen {
  /// What is broken, in words; nil: nothing. Takes time in proportion to all cells.
  func brokenInvariant() -> String? {
    if let problem = brokenCursor() { return problem }
    if let problem = brokenGrid(grid) { return problem }
    if let other = inactiveGrid {
      if other.columns != columns || other.rows != rows { return "the screens differ in size" }
      if let problem = brokenGrid(other) { return "inactive: " + problem }
    }
    if isAlternate, inactiveGrid == nil { return "alternate without primary" }
    if history.count > history.limit { return "\(history.count) rows of history, limit \(history.limit)" }
    if history.cellCount > History.cellLimit + columns { return "history holds \(history.cellCount) cells" }
    if tabStops.stops.count != columns { return "\(tabStops.stops.count) tab stops" }
    if titles.stack.count > Titles.stackLimit { return "title stack of \(titles.stack.count)" }
    if max(keyboard.flags.count, keyboard.inactiveFlags.count) > KeyboardState.stackLimit + 1 {
      return "keyboard stack of \(keyboard.flags.count)"
    }
    if events.events.count > EventLog.limit { return "\(events.events.count) events" }
    if anyRowIsWide, !hasWideRows { return "hasWideRows is stale" }
    if isPlain != (charsets.isPlain && !modes.contains(.insert)) { return "isPlain is stale" }
    return nil
  }

  var anyRowIsWide: Bool {
    [grid, inactiveGrid].contains { grid in
      guard let grid else { return false }
      return (0..<grid.rows).contains { grid.info($0).size != .single }
    }
  }

  private func brokenCursor() -> String? {
    if !(0..<rows).contains(cursor.row) || !(0..<columns).contains(cursor.column) {
      return "cursor at \(cursor.row), \(cursor.column) of \(rows), \(columns)"
    }
    if cursor.isPending, !modes.contains(.autowrap) { return "pending wrap without autowrap" }
    if cursor.edge != .free, !isAtLineEnd {
      return "pending wrap in column \(cursor.column)"
    }
    let isOrdered = margins.top <= margins.bottom && margins.left <= margins.right
    if !isOrdered || margins.top < 0 || margins.left < 0 || margins.bottom >= rows || margins.right >= columns
    {
      return "margins \(margins)"
    }
    if !modes.contains(.leftRightMargins), hasSideMargins { return "side margins without mode 69" }
    return nil
  }

  private func brokenGrid(_ grid: Grid) -> String? {
    if grid.departedCount > 0 { return "\(grid.departedCount) rows that the history has not" }
    if !grid.isSpareBlank { return "a place that is in no row is not blank" }
    var isSeen = [Bool](repeating: false, count: grid.rows)
    for row in 0..<grid.rows {
      if isSeen[grid.slot(row)] { return "slot \(grid.slot(row)) twice" }
      isSeen[grid.slot(row)] = true
      if grid.info(row).isWrapped {
        let last = grid[row, grid.columns - 1]
        if row == grid.rows - 1 { return "the last row goes on" }
        if !last.hasText, last.kind == .narrow { return "row \(row) goes on from a blank" }
      }
      let extent = grid.info(row).extent
      if extent.upperBound > grid.columns { return "occupancy \(extent.upperBound)" }
      for column in 0..<grid.columns {
        if let problem = brokenCell(grid, row, column, extent) { return "\(row), \(column): " + problem }
      }
    }
    return nil
  }

  private func brokenCell(_ grid: Grid, _ row: Int, _ column: Int, _ extent: Range<Int>) -> String? {
    let cell = grid[row, column]
    if !extent.contains(column), cell != .blank { return "written outside of \(extent)" }
    if cell.style >= styles.count { return "style \(cell.style) of \(styles.count)" }
    if cell.isCluster, !clusters.contains(cell.content) { return "cluster \(cell.content)" }
    if !cell.isCluster, cell.content > 0, cell.content < 0x20 || (0x7F..<0xA0).contains(cell.content) {
      return "control character \(cell.content)"
    }
    if cell.isWide, column + 1 == grid.columns || !grid[row, column + 1].isTail { return "wide without tail" }
    if cell.isTail, column == 0 || !grid[row, column - 1].isWide { return "tail without wide" }
    if cell.kind == .spacer, column != grid.columns - 1 || !grid.info(row).isWrapped { return "spacer" }
    if cell.isTail || cell.kind == .spacer, cell.hasText { return "text in a tail or spacer" }
    return nil
  }
}
