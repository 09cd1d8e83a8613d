/// DECERA, DECSERA, DECFRA, DECCRA (DEC STD 070; VT420).
extension Screen {
  /// A rectangle in rows and columns from 0, within the page and in origin mode within the margins; nil: empty.
  private func area(_ rectangle: Rectangle) -> (rows: ClosedRange<Int>, columns: Range<Int>)? {
    let isOrigin = modes.contains(.origin)
    let (top, left) = isOrigin ? (margins.top, margins.left) : (0, 0)
    let (bottom, right) = isOrigin ? (margins.bottom, margins.right) : (rows - 1, columns - 1)
    let first = (row: top + max(1, Int(rectangle.top)) - 1, column: left + max(1, Int(rectangle.left)) - 1)
    let last = (
      row: rectangle.bottom == 0 ? bottom : min(top + Int(rectangle.bottom) - 1, bottom),
      column: rectangle.right == 0 ? right : min(left + Int(rectangle.right) - 1, right)
    )
    guard first.row <= last.row, first.column <= last.column else { return nil }
    return (first.row...last.row, first.column..<last.column + 1)
  }

  mutating func erase(_ rectangle: Rectangle, selective: Bool) {
    guard let area = area(rectangle) else { return }
    refreshEraser()
    for row in area.rows {
      if selective {
        // What ISO protects is nothing to DECSERA, as in xterm.
        eraseText(row, area.columns, sparesProtected: !isProtectionISO)
      } else {
        grid.erase(row: row, area.columns, with: eraser, at: now)
      }
    }
  }

  mutating func fill(_ rectangle: Rectangle, with code: UInt16) {
    guard (0x20...0x7E).contains(code) || (0xA0...0xFF).contains(code), let area = area(rectangle) else {
      return
    }
    refreshPen()
    let scalar = code < 0x80 ? Charsets.translate(UInt32(code), in: charsets[charsets.left]) : UInt32(code)
    for row in area.rows {
      grid.erase(row: row, area.columns, with: Cell(bits: template.bits | UInt64(scalar)), at: now)
    }
  }

  mutating func copy(_ rectangle: Rectangle, top: UInt16, left: UInt16) {
    guard let source = area(rectangle) else { return }
    let corner = Rectangle(top: top, left: left, bottom: 0, right: 0)
    guard let target = area(corner) else { return }
    let height = min(source.rows.count, target.rows.count)
    let width = min(source.columns.count, target.columns.count)
    let columns = source.columns.prefix(width)
    // Taken out whole first: the two may overlap.
    let cells = source.rows.prefix(height).map { row in columns.map { grid[row, $0] } }
    for (offset, line) in cells.enumerated() {
      grid.paste(
        line, row: target.rows.lowerBound + offset, column: target.columns.lowerBound, at: now)
    }
  }
}
