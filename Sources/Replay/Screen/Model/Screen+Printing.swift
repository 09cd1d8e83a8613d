/// Characters into cells.
extension Screen {
  /// One past the last column that a line of text may fill from where the cursor is.
  @inline(__always)
  var lineEnd: Int {
    let end = cursor.column > margins.right ? columns : margins.right &+ 1
    guard hasWideRows else { return end }
    let width = columns(inRow: cursor.row)
    return cursor.column < width ? min(end, width) : end
  }

  /// Columns of a row: half as many where characters are drawn twice as wide, as in xterm.
  func columns(inRow row: Int) -> Int {
    grid.info(row).size == .single ? columns : max(1, columns / 2)
  }

  /// Prints `bytes[range]`, printable ASCII, whole rows at a time.
  mutating func print(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    refreshPen()
    guard isPlain else {
      for index in range { print(UInt32(bytes[index])) }
      return
    }
    var index = range.lowerBound
    let end = range.upperBound
    while index < end {
      if cursor.isPending { wrap() }
      let limit = lineEnd
      let count = min(end &- index, limit &- cursor.column)
      grid.write(bytes, index, count, row: cursor.row, column: cursor.column, template: template, at: now)
      index &+= count
      cursor.column &+= count
      if cursor.column == limit {
        cursor.column = limit &- 1
        if modes.contains(.autowrap) {
          cursor.isPending = true
        } else {
          cursor.edge = .filled
          // All that follows lands in the last column: the last character stays.
          if index < end { index = end &- 1 }
        }
      }
    }
    lastPrinted = UInt32(bytes[end &- 1])
  }

  /// Prints lines of ASCII while nothing is special about them or about the screen; returns the index of the first byte
  /// not printed.
  mutating func printLines(_ bytes: Span<UInt8>, from start: Int) -> Int {
    refreshPen()
    let isWholePage = margins.top == 0 && margins.bottom == rows &- 1 && !hasSideMargins
    guard isPlain, isWholePage, !hasWideRows, pen.background == .standard,
      !modes.contains(.newLine), !isAlternate || keepsAllScrolling
    else { return start }
    var run = Grid.LineRun(
      end: start, row: cursor.row, column: cursor.edge == .free ? cursor.column : columns)
    var begin: Int
    repeat {
      begin = run.end
      if !grid.hasSparePlace { settle() }
      grid.writeLines(bytes, &run, template: template, at: now)
    } while run.end > begin && !grid.hasSparePlace
    cursor.row = run.row
    cursor.column = min(run.column, columns &- 1)
    cursor.edge = .free
    if run.column == columns { cursor.edge = modes.contains(.autowrap) ? .pending : .filled }
    if run.last != 0 { lastPrinted = run.last }
    return run.end
  }

  /// Prints characters of one or two columns from `bytes[start...]` as far as they are whole and nothing special
  /// about them or about the screen; returns the index of the first byte not printed.
  mutating func printText(_ bytes: Span<UInt8>, from start: Int) -> Int {
    guard isPlain, !modes.contains(.clusters) else { return start }
    refreshPen()
    var index = start
    while index < bytes.count {
      if cursor.isPending {
        // What wraps must be known to be text.
        guard ByteScanner.beginsWide(bytes, index) else { return index }
        wrap()
      }
      let limit = lineEnd
      let run = grid.writeText(
        bytes, from: index, row: cursor.row, columns: cursor.column..<limit, template: template, at: now)
      guard run.columnCount > 0 else { return index }
      index = run.end
      lastPrinted = run.last
      cursor.column &+= run.columnCount
      guard cursor.column == limit else { return index }
      cursor.column = limit &- 1
      guard modes.contains(.autowrap) else {
        cursor.edge = .filled
        return index
      }
      cursor.isPending = true
    }
    return index
  }

  /// Prints one scalar.
  mutating func print(_ scalar: UInt32) {
    refreshPen()
    let original = scalar
    var scalar = scalar
    if scalar < 0x80 {
      scalar = translated(scalar)
    } else if charsets.single != 0 {
      charsets.single = 0
      refreshPlain()
    }
    let width = CharacterWidth.of(scalar)
    if width == 0 { return combine(scalar) }
    if scalar >= 0x80, modes.contains(.clusters), joins(scalar) { return }
    put(Cell(bits: template.bits | UInt64(scalar)), width: width)
    lastPrinted = original
  }

  private mutating func translated(_ scalar: UInt32) -> UInt32 {
    let slot = charsets.single == 0 ? charsets.left : charsets.single
    if charsets.single != 0 {
      charsets.single = 0
      refreshPlain()
    }
    return Charsets.translate(scalar, in: charsets[slot])
  }

  /// Puts a character of one or two columns where the cursor is, and moves on.
  @inline(__always)
  mutating func put(_ cell: Cell, width: Int) {
    if cursor.isPending { wrap() }
    if width == 2, lineEnd &- cursor.column < 2, !makeRoomForWide() { return }
    // Outside of the side margins nothing moves, as with ICH.
    if modes.contains(.insert), isBetweenSideMargins { insertBlanks(width) }
    var cell = cell
    if width == 2 { cell.bits |= 1 << Cell.kindShift }
    let limit = lineEnd
    grid.write(cell, row: cursor.row, column: cursor.column, width: width, at: now)
    cursor.column &+= width
    if cursor.column >= limit {
      cursor.column = limit &- 1
      cursor.edge = modes.contains(.autowrap) ? .pending : .filled
    }
  }

  /// A wide character does not fit in the last column: it goes to the next line and leaves a spacer. Without autowrap,
  /// or where a line has one column only, it is dropped: false.
  private mutating func makeRoomForWide() -> Bool {
    guard modes.contains(.autowrap), margins.right > margins.left || cursor.column > margins.right,
      columns > 1
    else { return false }
    if cursor.column > margins.right, margins.left == columns - 1 { return false }
    // What stands in the last column does not matter any more.
    refreshEraser()
    grid.write(eraser.with(text: 0x20, .narrow), row: cursor.row, column: cursor.column, width: 1, at: now)
    if wrapsWholeRow() {
      grid.write(eraser.with(text: 0, .spacer), row: cursor.row, column: cursor.column, width: 1, at: now)
    }
    wrap()
    return lineEnd - cursor.column >= 2
  }

  /// Whether a wrap here goes on from a whole row to a whole row. Below the region there may be none to go to.
  /// `mutating`, as only so the screen is not copied for it.
  private mutating func wrapsWholeRow() -> Bool {
    guard cursor.column == columns - 1, !hasSideMargins else { return false }
    let last = grid[cursor.row, cursor.column]
    return (cursor.row == margins.bottom || cursor.row < rows - 1) && (last.hasText || last.kind != .narrow)
  }

  /// Goes on in the next line, as text does at the end of one.
  mutating func wrap() {
    cursor.isPending = false
    let isWhole = wrapsWholeRow()
    cursor.column = cursor.column >= margins.left ? margins.left : 0
    if isWhole { grid.setWrapped(cursor.row, true) }
    index()
  }

  /// The column of the character before the cursor; nil: none.
  var previousColumn: Int? {
    var column = cursor.edge == .free ? cursor.column - 1 : cursor.column
    guard column >= 0 else { return nil }
    if grid[cursor.row, column].isTail { column -= 1 }
    guard column >= 0, grid[cursor.row, column].hasText else { return nil }
    return column
  }

  /// The scalars of a cell, none for a blank one.
  func scalars(of cell: Cell) -> [UInt32] {
    if cell.isCluster { return clusters[cell.content] }
    return cell.content == 0 ? [] : [cell.content]
  }

  /// Adds a scalar of no width to the character before the cursor.
  mutating func combine(_ scalar: UInt32) {
    guard let column = previousColumn else { return }
    if modes.contains(.clusters), scalar == 0xFE0F || scalar == 0xFE0E, selectVariation(column, scalar) {
      return
    }
    append(scalar, to: column)
  }

  /// Adds a scalar to the character at a column of the cursor's row.
  mutating func append(_ scalar: UInt32, to column: Int) {
    makeRoomForClusters()
    let cell = grid[cursor.row, column]
    if cell.isCluster, clusters.scalarCount(cell.content) >= ClusterTable.scalarLimit { return }
    guard let index = clusters.index(of: scalar, after: cell.bits & Cell.textMask) else { return }
    let changed = cell.with(text: UInt64(index) | Cell.clusterBit, cell.kind)
    grid.replace(row: cursor.row, column: column, with: changed, at: now)
  }

  /// REP: the last character printed, again. More than fills the screen changes nothing.
  mutating func repeatLast(_ count: Int) {
    guard lastPrinted != 0 else { return }
    refreshPen()
    // In the charset of now, as in xterm.
    let scalar = lastPrinted < 0x80 ? translated(lastPrinted) : lastPrinted
    let width = CharacterWidth.of(scalar)
    guard width > 0 else { return }
    let cell = Cell(bits: template.bits | UInt64(scalar))
    for _ in 0..<min(count, columns * rows) { put(cell, width: width) }
  }

  /// Whether a scalar can be in a cell.
  static func isPrintable(_ scalar: UInt32) -> Bool {
    scalar >= 0x20 && !(0x7F..<0xA0).contains(scalar) && Unicode.Scalar(scalar) != nil
  }
}
