import Platform

/// The cells of one screen: rows in one flat buffer, found through a ring of places, so that scrolling moves no cell.
///
/// There are more places than rows: a row that scrolls off stays where it is, and another place comes in below, until
/// the history takes the departed rows all at once: one by one, short lines take twice the time.
struct Grid: Sendable {
  private(set) var columns: Int
  private(set) var rows: Int
  // The buffers are changed by the files of this type alone.
  var cells: [Cell]
  /// By place.
  var lines: [LineInfo]
  /// Which place holds a row: that of row `r` is `places[(first + r) % rows]`.
  var places: [Int32]
  var first = 0
  /// By place: the name of its row, 0..<rows. A row that scrolls off leaves it to the one that comes in.
  var slots: [Int32]
  /// The places that are in no row: first those of `departedCount` rows that scrolled off, oldest first; then blank
  /// ones.
  var spare: [Int32]
  var departedCount = 0
  /// The number of the latest change. Goes on from one grid to the next (`Screen.generation`).
  var version: UInt64
  /// The number of the latest change by which rows moved, or by which a line came to go on in the next row or not to;
  /// perhaps the number of the change to come.
  var arranged: UInt64

  /// A blank grid; its rows get the numbers after `version`.
  init(columns: Int, rows: Int, version: UInt64) {
    self.columns = columns
    self.rows = rows
    let count = rows + Self.spareCount(columns: columns)
    cells = [Cell](repeating: .blank, count: columns * count)
    lines = (0..<UInt64(count)).map { LineInfo(version: version + 1 + $0) }
    places = (0..<Int32(rows)).map { $0 }
    slots = (0..<Int32(count)).map { $0 }
    spare = (Int32(rows)..<Int32(count)).map { $0 }
    self.version = version + UInt64(rows)
    arranged = self.version
  }

  /// As many as pay: 64 rows of 120 columns and their screen fit into a second-level cache.
  private static func spareCount(columns: Int) -> Int { max(1, min(64, 8192 / columns)) }

  @inline(__always)
  private func turn(_ row: Int) -> Int {
    let turn = first &+ row
    return turn >= rows ? turn &- rows : turn
  }

  @inline(__always) func place(_ row: Int) -> Int { Int(places[turn(row)]) }

  /// A number, 0..<rows, that stays with a row while it is on the screen.
  func slot(_ row: Int) -> Int { Int(slots[place(row)]) }

  /// Where a row begins in `cells`.
  @inline(__always) func start(_ row: Int) -> Int { place(row) &* columns }

  @inline(__always)
  subscript(row: Int, column: Int) -> Cell { cells[start(row) &+ column] }

  @inline(__always)
  func info(_ row: Int) -> LineInfo { lines[place(row)] }

  /// What tells whether the line in a row is as it was when it was looked at.
  @inline(__always)
  func glance(_ row: Int) -> (version: UInt64, isWrapped: Bool, slot: Int) {
    let place = place(row)
    return (lines[place].version, lines[place].isWrapped, Int(slots[place]))
  }

  /// The number of the row's latest change.
  @inline(__always)
  func version(_ row: Int) -> UInt64 { lines[place(row)].version }

  /// The cells of a row that may be other than blank.
  func written(_ row: Int) -> ArraySlice<Cell> {
    let (start, extent) = (start(row), info(row).extent)
    return cells[start + extent.lowerBound..<start + extent.upperBound]
  }

  func row(_ row: Int) -> ArraySlice<Cell> { cells[start(row)..<start(row) + columns] }

  /// Changes the facts about a row.
  @inline(__always)
  mutating func update(_ row: Int, _ change: (inout LineInfo) -> Void) { change(&lines[place(row)]) }

  /// Replaces the facts about a row, but for its version.
  mutating func set(_ info: LineInfo, row: Int) {
    version &+= 1
    lines[place(row)] = info
    lines[place(row)].version = version
    arranged = version
  }

  @inline(__always)
  mutating func setWrapped(_ row: Int, _ isWrapped: Bool) {
    let place = place(row)
    if lines[place].isWrapped != isWrapped {
      lines[place].isWrapped = isWrapped
      arranged = version &+ 1
    }
    if !isWrapped { removeSpacer(row) }
  }

  /// A spacer stands only where the row goes on.
  private mutating func removeSpacer(_ row: Int) {
    let last = start(row) + columns - 1
    if cells[last].kind == .spacer { cells[last] = cells[last].with(text: 0, .narrow) }
  }

  // MARK: Writing

  /// Notes that `row` changes from `lower` up to `end`, and gives where it begins in `cells`.
  @inline(__always)
  private mutating func touch(_ row: Int, from lower: Int, upTo end: Int, at now: Int64) -> Int {
    let place = place(row)
    version &+= 1
    lines[place].note(lower, end, version, at: now)
    return place &* columns
  }

  /// Blanks the other half of a wide character that an edit of `range` cuts in two.
  @inline(__always)
  private mutating func mend(_ start: Int, _ lower: Int, _ upper: Int) {
    if cells[start &+ lower].isTail, lower > 0 {
      cells[start &+ lower &- 1] = cells[start &+ lower &- 1].withoutText
    }
    if upper < columns, cells[start &+ upper].isTail {
      cells[start &+ upper] = cells[start &+ upper].withoutText
    }
  }

  /// Writes `bytes[from..<from + count]`, printable ASCII, in the style of `template`.
  @inline(__always)
  mutating func write(
    _ bytes: Span<UInt8>, _ from: Int, _ count: Int, row: Int, column: Int, template: Cell, at now: Int64
  ) {
    let start = touch(row, from: column, upTo: column &+ count, at: now)
    mend(start, column, column &+ count)
    ByteScanner.widen(bytes, from, count, into: &cells, at: start &+ column, template: template)
  }

  /// Writes one cell, or the two of a wide character.
  @inline(__always)
  mutating func write(_ cell: Cell, row: Int, column: Int, width: Int, at now: Int64) {
    let start = touch(row, from: column, upTo: column &+ width, at: now)
    mend(start, column, column &+ width)
    cells[start &+ column] = cell
    if width == 2 { cells[start &+ column &+ 1] = cell.with(text: 0, .tail) }
  }

  /// Writes characters of one or two columns from `bytes[start...]`, as far as they are whole and fit before column
  /// `limit`: how many bytes and columns that was, and the last scalar.
  @inline(__always)
  mutating func writeText(
    _ bytes: Span<UInt8>, from start: Int, row: Int, columns range: Range<Int>, template: Cell, at now: Int64
  ) -> ByteScanner.TextRun {
    let base = place(row) &* columns
    let run = ByteScanner.widenText(
      bytes, from: start, into: &cells, range: base &+ range.lowerBound..<base &+ range.upperBound,
      template: template)
    guard run.columnCount > 0 else { return run }
    let end = range.lowerBound &+ run.columnCount
    _ = touch(row, from: range.lowerBound, upTo: end, at: now)
    // The head of a wide character whose tail was written over, and the tail of one whose head was.
    if run.hadTail {
      cells[base &+ range.lowerBound &- 1] = cells[base &+ range.lowerBound &- 1].withoutText
    }
    if end < columns, cells[base &+ end].isTail { cells[base &+ end] = cells[base &+ end].withoutText }
    return run
  }

  /// Replaces a cell without regard to its neighbors: marks on a character, a flag.
  mutating func replace(row: Int, column: Int, with cell: Cell, at now: Int64) {
    let start = touch(row, from: column, upTo: column + 1, at: now)
    cells[start + column] = cell
  }

  /// Erases columns `range` of a row to `cell`.
  mutating func erase(row: Int, _ range: Range<Int>, with cell: Cell, at now: Int64) {
    guard !range.isEmpty else { return }
    let place = place(row)
    let start = place &* columns
    let occupancy = Int(lines[place].occupancy)
    version &+= 1
    lines[place].version = version
    if lines[place].firstWrite >= 0 { lines[place].lastWrite = now }
    mend(start, range.lowerBound, range.upperBound)
    if range.upperBound == columns, lines[place].isWrapped {
      lines[place].isWrapped = false
      arranged = version
    }
    if cell == .blank {
      let end = min(range.upperBound, occupancy)
      if end > range.lowerBound { cells.fill(start + range.lowerBound..<start + end, with: cell) }
      if range.upperBound >= occupancy { lines[place].occupancy = UInt16(min(occupancy, range.lowerBound)) }
    } else {
      cells.fill(start + range.lowerBound..<start + range.upperBound, with: cell)
      lines[place].include(range.lowerBound, range.upperBound)
    }
  }

  /// Makes a row new: blank, not wrapped, of single size, without mark.
  @inline(__always)
  mutating func clear(_ row: Int, with cell: Cell) {
    let place = place(row)
    let start = place &* columns
    version &+= 1
    if lines[place].isWrapped { arranged = version }
    if cell == .blank {
      let extent = lines[place].extent
      if extent.count == 1 {
        cells[start &+ extent.lowerBound] = cell
      } else if !extent.isEmpty {
        cells.fill(start &+ extent.lowerBound..<start &+ extent.upperBound, with: cell)
      }
      lines[place] = LineInfo(version: version)
    } else {
      cells.fill(start..<start &+ columns, with: cell)
      lines[place] = LineInfo(indent: 0, occupancy: UInt16(truncatingIfNeeded: columns), version: version)
    }
  }

  mutating func clearAll(with cell: Cell) {
    for row in 0..<rows { clear(row, with: cell) }
  }

  // MARK: Moving

  /// Moves all rows up by one; the first is lost.
  @inline(__always)
  mutating func scrollPage(with cell: Cell) {
    first = first &+ 1 == rows ? 0 : first &+ 1
    clear(rows &- 1, with: cell)
    arranged = version
  }

  /// Moves rows `top...bottom` up by `count`; new rows at the bottom are filled with `cell`.
  mutating func scrollUp(_ top: Int, _ bottom: Int, by count: Int, with cell: Cell) {
    let count = min(count, bottom - top + 1)
    if top > 0 { setWrapped(top - 1, false) }
    if top == 0, bottom == rows - 1 {
      first = turn(count == rows ? 0 : count)
    } else {
      rotate(top, bottom, by: count)
    }
    for row in bottom - count + 1...bottom { clear(row, with: cell) }
    arranged = version
  }

  /// Moves rows `top...bottom` down by `count`; new rows at the top are filled with `cell`.
  mutating func scrollDown(_ top: Int, _ bottom: Int, by count: Int, with cell: Cell) {
    let height = bottom - top + 1
    let count = min(count, height)
    if top > 0 { setWrapped(top - 1, false) }
    if count < height { rotate(top, bottom, by: height - count) }
    setWrapped(bottom, false)
    for row in top..<top + count { clear(row, with: cell) }
    arranged = version
  }

  /// Turns the places of rows `top...bottom` so that row `top + count` comes to be at `top`.
  private mutating func rotate(_ top: Int, _ bottom: Int, by count: Int) {
    guard count > 0, count <= bottom - top else { return }
    if count == 1 {
      let moved = places[turn(top)]
      for row in top..<bottom { places[turn(row)] = places[turn(row + 1)] }
      places[turn(bottom)] = moved
    } else {
      reverse(top, top + count - 1)
      reverse(top + count, bottom)
      reverse(top, bottom)
    }
  }

  private mutating func reverse(_ top: Int, _ bottom: Int) {
    var (low, high) = (top, bottom)
    while low < high {
      places.swapAt(turn(low), turn(high))
      low += 1
      high -= 1
    }
  }

  /// Within columns `range` of a row: moves what is right of `column` by `count` to the right; the gap is `cell`.
  mutating func insert(row: Int, _ range: Range<Int>, count: Int, with cell: Cell, at now: Int64) {
    let count = min(count, range.count)
    let start = touch(row, from: range.lowerBound, upTo: range.upperBound, at: now)
    cutWide(start, range.lowerBound)
    cutWide(start, range.upperBound)
    cutWide(start, range.upperBound - count)
    if range.upperBound == columns { setWrapped(row, false) }
    cells.move(
      start + range.lowerBound..<start + range.upperBound - count, to: start + range.lowerBound + count)
    cells.fill(start + range.lowerBound..<start + range.lowerBound + count, with: cell)
  }

  /// Within columns `range` of a row: takes away `count` cells at its start; what comes in at its end is `cell`.
  mutating func delete(row: Int, _ range: Range<Int>, count: Int, with cell: Cell, at now: Int64) {
    let count = min(count, range.count)
    let start = touch(row, from: range.lowerBound, upTo: range.upperBound, at: now)
    cutWide(start, range.lowerBound)
    cutWide(start, range.upperBound)
    cutWide(start, range.lowerBound + count)
    if range.upperBound == columns { setWrapped(row, false) }
    cells.move(start + range.lowerBound + count..<start + range.upperBound, to: start + range.lowerBound)
    cells.fill(start + range.upperBound - count..<start + range.upperBound, with: cell)
  }

  /// Blanks both halves of a wide character that column `column` lies in the middle of.
  private mutating func cutWide(_ start: Int, _ column: Int) {
    guard column > 0, column < columns, cells[start + column].isTail else { return }
    cells[start + column] = cells[start + column].withoutText
    cells[start + column - 1] = cells[start + column - 1].withoutText
  }

  /// Copies columns `range` of `source` over those of `target`; the ends are mended.
  mutating func copy(_ range: Range<Int>, from source: Int, to target: Int, at now: Int64) {
    let from = start(source)
    if range.upperBound == columns {
      setWrapped(source, false)
      setWrapped(target, false)
    }
    let start = touch(target, from: range.lowerBound, upTo: range.upperBound, at: now)
    mend(start, range.lowerBound, range.upperBound)
    cells.move(from + range.lowerBound..<from + range.upperBound, to: start + range.lowerBound)
    trimHalves(start, range)
  }

  /// Blanks halves of wide characters that stand alone at the ends of `range`.
  private mutating func trimHalves(_ start: Int, _ range: Range<Int>) {
    if cells[start + range.lowerBound].isTail {
      cells[start + range.lowerBound] = cells[start + range.lowerBound].withoutText
    }
    if cells[start + range.upperBound - 1].isWide {
      cells[start + range.upperBound - 1] = cells[start + range.upperBound - 1].withoutText
    }
    for index in start + range.lowerBound..<start + range.upperBound where cells[index].kind == .spacer {
      cells[index] = cells[index].with(text: 0, .narrow)
    }
  }

  /// Writes `source` over the row from `column` on: a copy of cells that were taken out before.
  mutating func paste(_ source: [Cell], row: Int, column: Int, at now: Int64) {
    guard !source.isEmpty else { return }
    if column + source.count == columns { setWrapped(row, false) }
    let start = touch(row, from: column, upTo: column + source.count, at: now)
    mend(start, column, column + source.count)
    cells.overwrite(at: start + column, with: source, 0..<source.count)
    trimHalves(start, column..<column + source.count)
  }
}

extension Grid {
  /// Replaces every cell, for a table of styles or clusters that was swept.
  mutating func mapCells(_ transform: (Cell) -> Cell) {
    for index in cells.indices { cells[index] = transform(cells[index]) }
  }
}

extension Grid {
  /// Sets one cell of the buffer, for a row that is put together anew.
  mutating func replaceCell(_ index: Int, with cell: Cell) { cells[index] = cell }
}

extension Grid: Equatable {
  /// Equal in what can be seen and asked for, wherever the rows lie.
  static func == (left: Grid, right: Grid) -> Bool {
    guard left.columns == right.columns, left.rows == right.rows else { return false }
    return (0..<left.rows).allSatisfy { row in
      var (first, second) = (left.info(row), right.info(row))
      first.version = 0
      second.version = 0
      // How far a row was touched says nothing of what it shows.
      (first.occupancy, second.occupancy) = (0, 0)
      (first.indent, second.indent) = (0, 0)
      return first == second && left.row(row) == right.row(row)
    }
  }
}
