extension Canvas {
  /// The picture for what draws all letters in one size: those of double width stand apart, in one row or both.
  var spaced: Canvas {
    guard sizes.contains(where: { $0 != .single }) else { return self }
    var other = self
    for row in 0..<rows where sizes[row] != .single {
      other.clear(row: row)
      for column in 0..<columns / 2 {
        let glyph = self[row, column]
        if glyph.kind == .tail {
          for half in 0...1 { other[row, 2 * column + half] = Glyph(style: glyph.style) }
        } else {
          other[row, 2 * column] = glyph
          other[row, 2 * column + 1] = Glyph(kind: glyph.kind == .wide ? .tail : .narrow, style: glyph.style)
        }
      }
      other.sizes[row] = .single
    }
    other.cursor = drawnCursor
    return other
  }

  /// Where the cursor is seen: further right in a row of double width.
  var drawnCursor: Position? {
    guard let cursor, sizes[cursor.row] != .single else { return cursor }
    return Position(row: cursor.row, column: min(2 * cursor.column, max(0, columns - 1)))
  }
}
