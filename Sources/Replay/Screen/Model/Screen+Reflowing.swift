/// Breaking lines anew when the primary screen gets another width, for those who ask for it (`reflows`): what the
/// terminal broke is joined, and broken where the new width asks for it. The alternate screen never is.
extension Screen {
  /// Rows on their way from one width to another.
  private struct Flow {
    let columns: Int
    var rows: [(cells: [Cell], info: LineInfo)] = []
    /// Where the cursor comes to be: one past the last column where a wrap is pending.
    var cursor = (row: 0, column: 0)

    /// Adds one line as the rows it takes. `offset`: the cursor's place in it.
    mutating func add(_ line: [Cell], _ info: LineInfo, cursor offset: Int?) {
      var row: [Cell] = []
      var index = 0
      while index < line.count {
        let width = line[index].isWide ? 2 : 1
        if row.count + width > columns, !row.isEmpty { wrap(&row, info, line[index]) }
        if offset == index { cursor = (rows.count, row.count) }
        if offset == index + 1, width == 2 { cursor = (rows.count, row.count + 1) }
        if width > columns {
          row.append(line[index].withoutText)
        } else {
          row += line[index..<index + width]
        }
        index += width
      }
      if let offset, offset >= line.count { cursor = (rows.count, row.count + offset - line.count) }
      append(row, info, isWrapped: false)
    }

    /// Ends a row that goes on: after text, or after a spacer where a wide character did not fit.
    private mutating func wrap(_ row: inout [Cell], _ info: LineInfo, _ next: Cell) {
      if row.count < columns {
        row.append(Cell(style: 0).with(text: 0, .spacer))
      } else if let last = row.last, !last.hasText, last.kind == .narrow {
        row[row.count - 1] = last.with(text: 0x20, .narrow)
      }
      append(row, info, isWrapped: true)
      row = []
    }

    private mutating func append(_ row: [Cell], _ info: LineInfo, isWrapped: Bool) {
      var info = info
      info.isWrapped = isWrapped
      info.size = .single
      (info.indent, info.occupancy) = (0, UInt16(row.count))
      rows.append((row, info))
    }
  }

  /// Takes another size, lines broken anew. Only of the primary screen while it shows.
  mutating func reflow(to size: ScreenSize) {
    var flow = flow(columns: size.columns)
    while flow.rows.count > max(size.rows, flow.cursor.row + 1), flow.rows.last?.cells.isEmpty == true {
      flow.rows.removeLast()
    }
    let surplus = min(max(0, flow.rows.count - size.rows), flow.cursor.row)
    for row in flow.rows.prefix(surplus) { history.append(row.cells, from: 0, row.info) }
    var grid = Grid(columns: size.columns, rows: size.rows, version: self.grid.version)
    for (row, source) in flow.rows.dropFirst(surplus).prefix(size.rows).enumerated() {
      for (column, cell) in source.cells.enumerated() {
        grid.replaceCell(grid.start(row) + column, with: cell)
      }
      grid.set(source.info, row: row)
    }
    grid.setWrapped(size.rows - 1, false)
    self.grid = grid
    let isAtEnd = flow.cursor.column >= size.columns
    cursor = Cursor(
      row: min(flow.cursor.row - surplus, size.rows - 1), column: min(flow.cursor.column, size.columns - 1))
    cursor.isPending = isAtEnd && modes.contains(.autowrap)
  }

  private func flow(columns: Int) -> Flow {
    var flow = Flow(columns: columns)
    var line: [Cell] = []
    var start = 0
    var offset: Int?
    for row in 0..<rows {
      let info = grid.info(row)
      if row == cursor.row { offset = line.count + cursor.column + (cursor.isPending ? 1 : 0) }
      var cells = Array(grid.row(row))
      if info.isWrapped {
        if cells.last?.kind == .spacer { cells.removeLast() }
        line += cells
        continue
      }
      while cells.last == .blank { cells.removeLast() }
      line += cells
      flow.add(line, grid.info(start), cursor: offset)
      (line, start, offset) = ([], row + 1, nil)
    }
    return flow
  }
}
