/// Cursor movement. Every move ends a pending wrap.
extension Screen {
  mutating func moveTo(row: Int, column: Int) {
    cursor.row = min(max(row, 0), rows - 1)
    cursor.column = min(max(column, 0), columns - 1)
    cursor.isPending = false
    if hasWideRows { cursor.column = min(cursor.column, columns(inRow: cursor.row) - 1) }
  }

  /// CUP, from 1: in origin mode within the margins.
  mutating func position(row: Int, column: Int) {
    guard modes.contains(.origin) else { return moveTo(row: row - 1, column: column - 1) }
    moveTo(
      row: min(margins.top + row - 1, margins.bottom), column: min(margins.left + column - 1, margins.right))
  }

  mutating func home() { position(row: 1, column: 1) }

  /// CHA and HPA, from 1.
  mutating func moveTo(column: Int) {
    let target = modes.contains(.origin) ? min(margins.left + column - 1, margins.right) : column - 1
    moveTo(row: cursor.row, column: target)
  }

  /// VPA, from 1.
  mutating func moveTo(row: Int) {
    let target = modes.contains(.origin) ? min(margins.top + row - 1, margins.bottom) : row - 1
    moveTo(row: target, column: cursor.column)
  }

  mutating func up(_ count: Int) {
    let limit = cursor.row >= margins.top ? margins.top : 0
    moveTo(row: max(cursor.row - count, limit), column: cursor.column)
  }

  mutating func down(_ count: Int) {
    let limit = cursor.row <= margins.bottom ? margins.bottom : rows - 1
    moveTo(row: min(cursor.row + count, limit), column: cursor.column)
  }

  mutating func right(_ count: Int) {
    let limit = cursor.column <= margins.right ? margins.right : columns - 1
    moveTo(row: cursor.row, column: min(cursor.column + count, limit))
  }

  /// CUB and BS: to the left margin, and with mode 45 on through the line before.
  mutating func left(_ count: Int) {
    let isExtended = modes.contains(.extendedReverseWrap)
    guard modes.contains(.autowrap), isExtended || modes.contains(.reverseWrap) else {
      let limit = cursor.column >= margins.left ? margins.left : 0
      return moveTo(row: cursor.row, column: max(cursor.column - count, limit))
    }
    // A pending wrap is a column of its own for this mode, as in xterm.
    var count = min(cursor.isPending ? count - 1 : count, columns * rows)
    cursor.isPending = false
    let start = cursor.column >= margins.left ? margins.left : 0
    // Above the region there is no line before: to the region, as in ghostty.
    if count > 0, !isExtended, cursor.column == start, cursor.row < margins.top { cursor.row = margins.top }
    while count > 0 {
      let limit = cursor.column >= margins.left ? margins.left : 0
      if cursor.column > limit {
        let step = min(count, cursor.column - limit)
        cursor.column -= step
        count -= step
        continue
      }
      guard reverseWrap(isExtended) else { return }
      count -= 1
    }
  }

  /// From the start of a line to the end of the line before; false: there is none to go to.
  private mutating func reverseWrap(_ isExtended: Bool) -> Bool {
    if cursor.row == margins.top {
      guard isExtended else { return false }
      cursor.row = margins.bottom
    } else if cursor.row == 0 {
      return false
    } else {
      guard isExtended || grid.info(cursor.row - 1).isWrapped else { return false }
      cursor.row -= 1
    }
    cursor.column = margins.right
    return true
  }

  mutating func carriageReturn() {
    let isInside = cursor.column >= margins.left || modes.contains(.origin)
    cursor.column = isInside ? margins.left : 0
    cursor.isPending = false
  }

  /// LF, VT, FF, IND: down, and at the bottom margin the region scrolls. Below it nothing ever scrolls.
  @inline(__always)
  mutating func index() {
    cursor.isPending = false
    if cursor.row == margins.bottom {
      scrollAtMargin()
    } else if cursor.row < rows - 1 {
      cursor.row += 1
    }
  }

  private mutating func scrollAtMargin() {
    guard isBetweenSideMargins else { return }
    if margins.top == 0, margins.bottom == rows - 1, !hasSideMargins {
      scrollPage()
    } else {
      scrollUp(1)
    }
  }

  /// RI: up, and at the top margin the region scrolls down.
  mutating func reverseIndex() {
    cursor.isPending = false
    if cursor.row == margins.top {
      if isBetweenSideMargins { scrollDown(1) }
    } else if cursor.row > 0 {
      cursor.row -= 1
    }
  }

  /// Whether a character printed here leaves a pending wrap.
  var isAtLineEnd: Bool { cursor.column == lineEnd - 1 }
  var isBetweenSideMargins: Bool { cursor.column >= margins.left && cursor.column <= margins.right }
  var isInMargins: Bool {
    isBetweenSideMargins && cursor.row >= margins.top && cursor.row <= margins.bottom
  }

  // MARK: Tabs

  /// HT: with mode 41 on, a pending wrap comes first (for more(1), and a fault of old curses).
  mutating func horizontalTab() {
    if cursor.isPending, modes.contains(.moreFix) { wrap() }
    tab(1)
  }

  /// HT and CHT. A pending wrap stays where there is no column to move to.
  mutating func tab(_ count: Int) {
    let limit = cursor.column <= margins.right ? margins.right : columns - 1
    for _ in 0..<min(count, columns) {
      guard cursor.column < limit else { return }
      cursor.column = min(tabStops.next(after: cursor.column), limit)
      cursor.isPending = false
    }
  }

  mutating func backTab(_ count: Int) {
    let limit = modes.contains(.origin) ? margins.left : 0
    cursor.isPending = false
    for _ in 0..<min(count, columns) {
      guard cursor.column > limit else { return }
      cursor.column = max(tabStops.previous(before: cursor.column), limit)
    }
  }

  // MARK: Saving

  mutating func saveCursor() {
    saved = SavedCursor(
      cursor: cursor, pen: pen, isProtected: isPenProtected, hasOrigin: modes.contains(.origin),
      charsets: charsets)
  }

  /// DECRC; with nothing saved, home and everything reset.
  mutating func restoreCursor() {
    let state = saved ?? SavedCursor()
    moveTo(row: state.cursor.row, column: state.cursor.column)
    if isAtLineEnd { cursor.edge = state.cursor.edge.restored(isWrapping: modes.contains(.autowrap)) }
    pen = state.pen
    isPenProtected = state.isProtected
    changePen()
    set(.origin, state.hasOrigin)
    charsets = state.charsets
    refreshPlain()
  }
}
