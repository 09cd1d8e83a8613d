/// Mode 2027: what a reader takes for one character has one cell or two, whatever scalars it is made of.
extension Screen {
  /// Adds `scalar` to the character before the cursor if the two are one (UAX #29, in the part that terminals need:
  /// joined emoji, skin tones, flags).
  mutating func joins(_ scalar: UInt32) -> Bool {
    guard let column = previousColumn else { return false }
    let scalars = scalars(of: grid[cursor.row, column])
    guard let last = scalars.last else { return false }
    let isModifier = (0x1F3FB...0x1F3FF).contains(scalar)
    let isJoined = last == 0x200D && scalar >= 0xA9
    let isFlag = Self.isRegional(scalar) && scalars.count == 1 && Self.isRegional(last)
    guard isModifier && last >= 0x261D || isJoined || isFlag else { return false }
    if widen(column, scalar) { return true }
    // A narrow character that has no room to become wide stays as it is.
    guard grid[cursor.row, column].isWide else { return false }
    append(scalar, to: column)
    return true
  }

  private static func isRegional(_ scalar: UInt32) -> Bool { (0x1F1E6...0x1F1FF).contains(scalar) }

  /// Makes the narrow character at `column`, just before the cursor, wide by adding `scalar`; false where it is wide
  /// already or there is no room.
  mutating func widen(_ column: Int, _ scalar: UInt32) -> Bool {
    let cell = grid[cursor.row, column]
    guard !cell.isWide, !cursor.isPending, cursor.column == column + 1, cursor.column < lineEnd else {
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
      cursor.isPending = modes.contains(.autowrap)
    }
    return true
  }
}
