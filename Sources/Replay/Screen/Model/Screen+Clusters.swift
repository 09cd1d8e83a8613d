import Platform

/// Mode 2027: what a reader takes for one character has one cell or two, whatever scalars it is made of.
extension Screen {
  /// Adds `scalar`, of one or two columns, to the character before the cursor if the two are one (UAX #29).
  mutating func joins(_ scalar: UInt32) -> Bool {
    guard let column = previousColumn, continues(column, scalar) else { return false }
    let isNarrow = !grid[cursor.row, column].isWide
    // A flag, a skin tone and a joined emoji make the whole wide.
    if isNarrow, Self.isRegional(scalar) || scalar.columnWidth == 2 {
      // A narrow character that has no room to become wide stays as it is.
      return widen(column, scalar)
    }
    append(scalar, to: column)
    return true
  }

  /// Whether no boundary lies between the character at a column and `scalar`.
  private func continues(_ column: Int, _ scalar: UInt32) -> Bool {
    var breaker = GraphemeBreaker()
    for scalar in scalars(of: grid[cursor.row, column]) { _ = breaker.isBoundary(before: scalar) }
    return !breaker.isBoundary(before: scalar)
  }

  private static func isRegional(_ scalar: UInt32) -> Bool { (0x1F1E6...0x1F1FF).contains(scalar) }

  /// U+FE0F draws the character before it as an emoji, in two columns, and U+FE0E as text, in one; characters that
  /// have but one form ignore both.
  mutating func selectVariation(_ column: Int, _ scalar: UInt32) -> Bool {
    let cell = grid[cursor.row, column]
    guard !cell.isCluster, cell.content.hasEmojiVariation else { return false }
    return scalar == 0xFE0F ? widen(column, scalar) : narrow(column, scalar)
  }

  /// Makes the narrow character at `column`, just before the cursor, wide by adding `scalar`; false where it is wide
  /// already or there is no room.
  mutating func widen(_ column: Int, _ scalar: UInt32) -> Bool {
    let cell = grid[cursor.row, column]
    guard !cell.isWide, cursor.edge == .free, cursor.column == column + 1, cursor.column < lineEnd else {
      return false
    }
    append(scalar, to: column)
    let joined = grid[cursor.row, column]
    grid.write(
      joined.with(text: joined.bits & Cell.textMask, .wide), row: cursor.row, column: column, width: 2,
      at: now)
    cursor.column += 1
    if cursor.column >= lineEnd {
      cursor.column = lineEnd - 1
      cursor.edge = modes.contains(.autowrap) ? .pending : .filled
    }
    return true
  }

  /// Makes the wide character at `column`, just before the cursor, narrow by adding `scalar`; false where it is narrow
  /// already.
  private mutating func narrow(_ column: Int, _ scalar: UInt32) -> Bool {
    guard grid[cursor.row, column].isWide, cursor.edge != .free || cursor.column == column + 2 else {
      return false
    }
    append(scalar, to: column)
    let joined = grid[cursor.row, column]
    refreshEraser()
    grid.erase(row: cursor.row, column + 1..<column + 2, with: eraser, at: now)
    grid.write(
      joined.with(text: joined.bits & Cell.textMask, .narrow), row: cursor.row, column: column, width: 1,
      at: now)
    cursor.column = column + 1
    cursor.isPending = false
    return true
  }
}
