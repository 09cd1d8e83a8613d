/// Erasing and shifting. What is erased or comes in takes the pen's background (background color erase).
extension Screen {
  /// ED and DECSED: 0 from the cursor on, 1 up to it, 2 all, 3 the history.
  mutating func eraseDisplay(_ extent: Int, selective: Bool) {
    refreshEraser()
    switch extent {
    case 0:
      eraseLine(0, selective: selective)
      for row in cursor.row + 1..<max(rows, cursor.row + 1) { eraseRow(row, selective: selective) }
    case 1:
      for row in 0..<cursor.row { eraseRow(row, selective: selective) }
      eraseLine(1, selective: selective)
    case 2:
      for row in 0..<rows { eraseRow(row, selective: selective) }
      cursor.isPending = false
    case 3:
      guard !selective else { return }
      settle()
      history.removeAll()
    default: return
    }
  }

  private mutating func eraseRow(_ row: Int, selective: Bool) {
    if selective {
      eraseText(row, 0..<columns, sparesProtected: true)
    } else if isProtectionISO {
      eraseSparing(row, 0..<columns)
    } else {
      grid.clear(row, with: eraser)
    }
  }

  /// EL and DECSEL: 0 from the cursor on, 1 up to it, 2 all.
  mutating func eraseLine(_ extent: Int, selective: Bool) {
    refreshEraser()
    let range: Range<Int>
    switch extent {
    case 0: range = cursor.column..<columns
    case 1: range = 0..<cursor.column + 1
    case 2: range = 0..<columns
    default: return
    }
    cursor.isPending = false
    if selective {
      eraseText(cursor.row, range, sparesProtected: true)
    } else {
      erase(cursor.row, range)
    }
  }

  /// Erases columns of a row, but for what ISO's protection spares.
  private mutating func erase(_ row: Int, _ range: Range<Int>) {
    if isProtectionISO {
      eraseSparing(row, range)
    } else {
      grid.erase(row: row, range, with: eraser, at: now)
    }
  }

  private mutating func eraseSparing(_ row: Int, _ range: Range<Int>) {
    for column in range where !grid[row, column].isProtected {
      grid.erase(row: row, column..<column + 1, with: eraser, at: now)
    }
  }

  /// Selective erasure: text goes, attributes stay (DEC STD 070).
  mutating func eraseText(_ row: Int, _ range: Range<Int>, sparesProtected: Bool) {
    guard !range.isEmpty else { return }
    // A wide character goes whole.
    let lower = grid[row, range.lowerBound].isTail ? range.lowerBound - 1 : range.lowerBound
    let isCut = range.upperBound < columns && grid[row, range.upperBound].isTail
    for column in lower..<(isCut ? range.upperBound + 1 : range.upperBound) {
      let cell = grid[row, column]
      if !(sparesProtected && cell.isProtected), cell.hasText || cell.kind != .narrow {
        grid.replace(row: row, column: column, with: cell.withoutText, at: now)
      }
    }
    if range.upperBound == columns { grid.setWrapped(row, false) }
  }

  /// ECH. Margins do not matter.
  mutating func eraseCharacters(_ count: Int) {
    refreshEraser()
    cursor.isPending = false
    let end = min(cursor.column + count, columns)
    erase(cursor.row, cursor.column..<end)
  }

  /// ICH.
  mutating func insertCharacters(_ count: Int) {
    cursor.isPending = false
    guard isBetweenSideMargins else { return }
    insertBlanks(count)
  }

  mutating func insertBlanks(_ count: Int) {
    refreshEraser()
    let end = lineEnd
    grid.insert(row: cursor.row, cursor.column..<end, count: count, with: eraser, at: now)
  }

  /// DCH.
  mutating func deleteCharacters(_ count: Int) {
    cursor.isPending = false
    guard isBetweenSideMargins else { return }
    refreshEraser()
    grid.delete(row: cursor.row, cursor.column..<margins.right + 1, count: count, with: eraser, at: now)
  }

  /// IL and DL: only within the margins; the cursor goes to the left one.
  mutating func insertLines(_ count: Int) {
    cursor.isPending = false
    guard isInMargins else { return }
    shiftDown(cursor.row, count)
    cursor.column = margins.left
  }

  mutating func deleteLines(_ count: Int) {
    cursor.isPending = false
    guard isInMargins else { return }
    shiftUp(cursor.row, count)
    cursor.column = margins.left
  }

  // MARK: Scrolling

  var hasSideMargins: Bool { margins.left > 0 || margins.right < columns - 1 }

  /// The region moves up. Rows that leave at the top of the primary screen go into the history.
  mutating func scrollUp(_ count: Int) {
    if keepsAllScrolling ? !hasSideMargins : !isAlternate && margins.top == 0 && !hasSideMargins {
      settle()
      for row in margins.top..<min(margins.top + count, margins.bottom + 1) {
        history.append(grid.cells, from: grid.start(row), grid.info(row))
      }
    }
    shiftUp(margins.top, count)
  }

  /// The whole page up by one row: a third faster for short lines than the general way.
  @inline(__always)
  mutating func scrollPage() {
    refreshEraser()
    guard !isAlternate || keepsAllScrolling else { return grid.scrollPage(with: eraser) }
    if !grid.hasSparePlace { settle() }
    grid.departPage(with: eraser)
  }

  /// Brings the history up to date with the rows that scrolled off. Always so after each portion of output.
  @inline(__always)
  mutating func settle() { if grid.departedCount > 0 { history.takeDeparted(from: &grid) } }

  mutating func scrollDown(_ count: Int) { shiftDown(margins.top, count) }

  private mutating func shiftUp(_ top: Int, _ count: Int) {
    refreshEraser()
    guard hasSideMargins else { return grid.scrollUp(top, margins.bottom, by: count, with: eraser) }
    let range = margins.left..<margins.right + 1
    let count = min(count, margins.bottom - top + 1)
    for row in top..<margins.bottom + 1 - count { grid.copy(range, from: row + count, to: row, at: now) }
    for row in margins.bottom + 1 - count...margins.bottom {
      grid.erase(row: row, range, with: eraser, at: now)
    }
  }

  private mutating func shiftDown(_ top: Int, _ count: Int) {
    refreshEraser()
    guard hasSideMargins else { return grid.scrollDown(top, margins.bottom, by: count, with: eraser) }
    let range = margins.left..<margins.right + 1
    let count = min(count, margins.bottom - top + 1)
    for row in stride(from: margins.bottom, through: top + count, by: -1) {
      grid.copy(range, from: row - count, to: row, at: now)
    }
    for row in top..<top + count { grid.erase(row: row, range, with: eraser, at: now) }
  }

  /// SL and SR, DECIC and DECDC: columns move within the region, from `column` on.
  mutating func shiftColumns(from column: Int, by count: Int, isInsertion: Bool) {
    refreshEraser()
    let range = column..<margins.right + 1
    for row in margins.top...margins.bottom {
      if isInsertion {
        grid.insert(row: row, range, count: count, with: eraser, at: now)
      } else {
        grid.delete(row: row, range, count: count, with: eraser, at: now)
      }
    }
  }
}
