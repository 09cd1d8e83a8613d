/// OSC 66, kitty's text sizing: `key=value:…;text` (kitty's text-sizing protocol). What a character takes of the screen
/// is obeyed (`s`, a scale of 1 to 7, and `w`, a width of 0 to 7); how it is drawn is not (`n`, `d`, `v`, `h`).
///
/// The text stands in the upper left cell of its block; the rest of the block is blank. Writing over a part of it
/// leaves the other parts.
extension Screen {
  private struct Block {
    /// Columns and rows that each takes.
    var columns: Int
    var rows: Int
  }

  /// More text than this is no text.
  private static let sizedTextLimit = 4096

  mutating func printSized(_ command: OperatingSystemCommand) {
    let fields = command.fields(limit: 2)
    guard fields.count == 2, fields[1].count <= Self.sizedTextLimit else { return }
    var (scale, width) = (1, 0)
    for pair in fields[0].split(separator: UInt8(ascii: ":")) where pair.count > 2 {
      guard let value = OperatingSystemCommand.number(pair.dropFirst(2)) else { continue }
      if pair.starts(with: "s=".utf8), (1...7).contains(value) { scale = value }
      if pair.starts(with: "w=".utf8), (0...7).contains(value) { width = value }
    }
    let scalars = String(decoding: fields[1], as: UTF8.self).unicodeScalars.map(\.value)
      .filter { $0 >= 0x20 && !(0x7F...0x9F).contains($0) }
    if scale == 1, width == 0 {
      for scalar in scalars { print(scalar) }
    } else if width > 0 {
      if !scalars.isEmpty { put(scalars, in: Block(columns: scale * width, rows: scale)) }
    } else {
      printScaled(scalars, by: scale)
    }
  }

  /// Each character by itself, with the marks that follow it.
  private mutating func printScaled(_ scalars: [UInt32], by scale: Int) {
    var start = 0
    while start < scalars.count {
      var end = start + 1
      while end < scalars.count, CharacterWidth.of(scalars[end]) == 0 { end += 1 }
      let width = CharacterWidth.of(scalars[start])
      if width > 0 {
        put(Array(scalars[start..<end]), in: Block(columns: scale * width, rows: scale))
      }
      start = end
    }
  }

  /// Puts one block where the cursor is, and moves on in its first row. One that is larger than the region is dropped.
  private mutating func put(_ scalars: [UInt32], in block: Block) {
    if cursor.isPending { wrap() }
    let height = margins.bottom - margins.top + 1
    guard block.columns <= margins.right - margins.left + 1, block.rows <= height else { return }
    if cursor.column + block.columns > lineEnd {
      guard modes.contains(.autowrap) else { return }
      wrap()
    }
    let surplus = cursor.row + block.rows - 1 - margins.bottom
    if surplus > 0, cursor.row <= margins.bottom {
      scrollUp(surplus)
      cursor.row -= surplus
    }
    guard cursor.row + block.rows <= rows, cursor.column + block.columns <= lineEnd else { return }
    refreshPen()
    let space = Cell(bits: template.bits | 0x20)
    for row in cursor.row..<cursor.row + block.rows {
      for column in cursor.column..<cursor.column + block.columns {
        grid.write(space, row: row, column: column, width: 1, at: now)
      }
    }
    var head = Cell(bits: template.bits | UInt64(scalars[0]))
    if block.columns > 1 { head.bits |= 1 << Cell.kindShift }
    grid.write(head, row: cursor.row, column: cursor.column, width: min(2, block.columns), at: now)
    for scalar in scalars.dropFirst() { append(scalar, to: cursor.column) }
    lastPrinted = scalars[0]
    moveOn(block.columns)
  }

  private mutating func moveOn(_ columns: Int) {
    let limit = lineEnd
    cursor.column += columns
    cursor.edge = .free
    guard cursor.column >= limit else { return }
    cursor.column = limit - 1
    cursor.edge = modes.contains(.autowrap) ? .pending : .filled
  }
}
