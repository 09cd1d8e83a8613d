import Platform

/// The rows that scrolled off the top of the primary screen, oldest first.
///
/// Rows are kept as long as their text, in blocks that never change once full: copies of a screen share them.
struct History: Sendable {
  /// One row: where its cells are in its block.
  struct Row: Equatable, Sendable, BitwiseCopyable {
    /// Of the cell at the row's indent.
    var start: Int32
    var info: LineInfo
  }

  struct Block: Equatable, Sendable {
    /// Cells of all rows; only the first `used` count.
    var cells: [Cell] = []
    var used = 0
    /// Of the open block only the first `rowCount` count.
    var rows: [Row] = []
    var rowCount = 0
  }

  static let rowsPerBlock = 256
  /// Rows beyond this many cells are dropped, oldest first, whatever the limit in rows (64 MB).
  static let cellLimit = 8 << 20

  /// At most so many rows are kept.
  let limit: Int
  private(set) var sealed: [Block] = []
  private(set) var open = Block(rows: [Row](repeating: Row(start: 0, info: LineInfo()), count: rowsPerBlock))
  private var sealedCells = 0
  /// Rows at the front of the first block that are no longer kept.
  private var dropped = 0
  /// Rows that ever scrolled off, also those dropped since.
  private(set) var total = 0

  init(limit: Int) { self.limit = max(0, limit) }

  /// Rows kept.
  private(set) var count = 0

  /// Cells that memory is held for.
  var cellCount: Int { sealedCells + open.used }

  /// Takes the row at `cells[start...]`.
  mutating func append(_ cells: [Cell], from start: Int, _ info: LineInfo) {
    total &+= 1
    guard limit > 0 else { return }
    let extent = info.extent
    let count = extent.count
    if open.used + count > open.cells.count { makeRoom(for: count) }
    open.rows[open.rowCount] = Row(start: Int32(open.used), info: info)
    open.rowCount &+= 1
    if count == 1 {
      open.cells[open.used] = cells[start + extent.lowerBound]
    } else {
      open.cells.overwrite(at: open.used, with: cells, start + extent.lowerBound..<start + extent.upperBound)
    }
    open.used += count
    self.count &+= 1
    if open.rowCount == Self.rowsPerBlock { seal() }
    if self.count > limit {
      // The usual case by itself: looking at the oldest block would take longer than all else here.
      dropped += 1
      self.count &-= 1
      if dropped >= Self.rowsPerBlock || sealed.isEmpty { trim() }
    }
    if cellCount > Self.cellLimit { trim() }
  }

  /// Takes the rows that departed from a grid.
  mutating func takeDeparted(from grid: inout Grid) {
    let departed = grid.departedCount
    total &+= departed
    guard limit > 0 else { return grid.releaseDeparted() }
    let needed = grid.departedCellCount
    if open.used + needed > open.cells.count { makeRoom(for: needed) }
    count &+= departed
    var index = 0
    while index < departed {
      // Taken out: there are no spans of two properties at once.
      var (allRows, allCells): ([Row], [Cell]) = ([], [])
      swap(&allRows, &open.rows)
      swap(&allCells, &open.cells)
      let end = min(departed, index &+ Self.rowsPerBlock &- open.rowCount)
      do {
        var rows = allRows.mutableSpan
        var cells = allCells.mutableSpan
        open.used = grid.moveDeparted(
          index..<end, to: &rows, from: open.rowCount, cells: &cells, from: open.used)
      }
      swap(&allRows, &open.rows)
      swap(&allCells, &open.cells)
      open.rowCount &+= end &- index
      if open.rowCount == Self.rowsPerBlock { seal() }
      index = end
    }
    grid.departedCount = 0
    if count > limit {
      dropped &+= count &- limit
      count = limit
      if dropped >= Self.rowsPerBlock { trim() }
    }
    if cellCount > Self.cellLimit { trim() }
  }

  /// The number of the oldest row kept, counted from the first that ever scrolled off.
  var firstNumber: Int { total - count }

  /// Begins after `total` rows that are kept elsewhere. Only of an empty history.
  mutating func skip(to total: Int) { self.total = total }

  mutating func removeAll() {
    let total = total
    self = History(limit: limit)
    self.total = total
  }

  /// The row `index` rows after the oldest, as its cells up to the last that is not blank, and the facts about it.
  func row(_ index: Int) -> (cells: ArraySlice<Cell>, info: LineInfo) {
    let place = index + dropped
    let (number, offset) = (place / Self.rowsPerBlock, place % Self.rowsPerBlock)
    let isSealed = number < sealed.count
    let row = isSealed ? sealed[number].rows[offset] : open.rows[offset]
    let (start, extent) = (Int(row.start), row.info.extent)
    let range = start..<start + extent.count
    let cells = isSealed ? sealed[number].cells[range] : open.cells[range]
    guard extent.lowerBound > 0 else { return (cells, row.info) }
    return (([Cell](repeating: .blank, count: extent.lowerBound) + cells)[...], row.info)
  }

  /// Replaces every cell, for a table of styles or clusters that was swept.
  mutating func mapCells(_ transform: (Cell) -> Cell) {
    for index in sealed.indices { sealed[index].cells = sealed[index].cells.map(transform) }
    open.cells = open.cells.map(transform)
  }

  func forEachCell(_ body: (Cell) -> Void) {
    for block in sealed { for cell in block.cells { body(cell) } }
    for cell in open.cells[..<open.used] { body(cell) }
  }

  private mutating func makeRoom(for count: Int) {
    let size = max(open.used + count, open.cells.count * 2, 1024)
    open.cells += [Cell](repeating: .blank, count: size - open.cells.count)
  }

  private mutating func seal() {
    // A block of its exact size: what is left over would be kept for as long as the block.
    var block = Block()
    block.cells = Array(open.cells[..<open.used])
    block.used = open.used
    block.rows = open.rows
    block.rowCount = open.rowCount
    sealed.append(block)
    sealedCells += open.used
    open.used = 0
    open.rowCount = 0
  }

  private mutating func trim() {
    while !sealed.isEmpty, dropped >= Self.rowsPerBlock || cellCount > Self.cellLimit {
      sealedCells -= sealed[0].used
      sealed.removeFirst()
      // Rows of the block that were still kept go with it.
      count -= max(0, Self.rowsPerBlock - dropped)
      dropped = max(0, dropped - Self.rowsPerBlock)
    }
  }
}

extension History: Equatable {
  static func == (left: History, right: History) -> Bool {
    guard left.limit == right.limit, left.count == right.count else { return false }
    return (0..<left.count).allSatisfy { index in
      let (first, second) = (left.row(index), right.row(index))
      return first.cells == second.cells && first.info == second.info
    }
  }
}
