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

    mutating func mapCells(_ transform: (Cell) -> Cell) {
      for index in 0..<used { cells[index] = transform(cells[index]) }
    }
  }

  static let rowsPerBlock = 256
  /// Rows beyond this many cells are dropped, oldest first, whatever the limit in rows (64 MB).
  static let cellLimit = 8 << 20

  /// At most so many rows are kept.
  let limit: Int
  /// Rows are taken for a moment (`drop`): blocks go round, instead of being cut to their size.
  var recyclesBlocks = false
  /// A block that was dropped, to be filled anew.
  private var idle: Block?
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
    count &+= departed
    var index = 0
    while index < departed {
      // A block that was begun anew in between may be a smaller one.
      if open.used + needed > open.cells.count { makeRoom(for: needed) }
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

  /// Forgets all rows but the newest `kept`.
  mutating func drop(keeping kept: Int) {
    guard count > kept else { return }
    if kept <= 0 {
      if let block = sealed.first { idle = block }
      sealed.removeAll(keepingCapacity: true)
      (open.used, open.rowCount, sealedCells, dropped, count) = (0, 0, 0, 0, 0)
      return
    }
    dropped &+= count &- kept
    count = kept
    if dropped >= Self.rowsPerBlock { trim() }
  }

  /// The number of the oldest row kept, counted from the first that ever scrolled off.
  var firstNumber: Int { total - count }

  /// Begins after `total` rows that are kept elsewhere. Only of an empty history.
  mutating func skip(to total: Int) { self.total = total }

  mutating func removeAll() {
    let (total, recyclesBlocks) = (total, recyclesBlocks)
    self = History(limit: limit)
    (self.total, self.recyclesBlocks) = (total, recyclesBlocks)
  }

  /// Where the cells of a row are.
  struct Place {
    var isOpen: Bool
    /// Index in `sealed`, unless it is in the open block.
    var block: Int
    var range: Range<Int>
    /// Blanks before them.
    var indent: Int
  }

  /// Where the row is `index` rows after the oldest.
  func place(_ index: Int) -> Place {
    let (block, offset) = (index &+ dropped).quotientAndRemainder(dividingBy: Self.rowsPerBlock)
    let isOpen = block >= sealed.count
    let row = isOpen ? open.rows[offset] : sealed[block].rows[offset]
    let (start, extent) = (Int(row.start), row.info.extent)
    return Place(
      isOpen: isOpen, block: block, range: start..<start &+ extent.count, indent: extent.lowerBound)
  }

  /// The facts about the row `index` rows after the oldest.
  func info(_ index: Int) -> LineInfo {
    let (block, offset) = (index &+ dropped).quotientAndRemainder(dividingBy: Self.rowsPerBlock)
    return block < sealed.count ? sealed[block].rows[offset].info : open.rows[offset].info
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
    for index in sealed.indices { sealed[index].mapCells(transform) }
    open.mapCells(transform)
  }

  func forEachCell(_ body: (Cell) -> Void) {
    for block in sealed { for cell in block.cells[..<block.used] { body(cell) } }
    for cell in open.cells[..<open.used] { body(cell) }
  }

  private mutating func makeRoom(for count: Int) {
    let size = max(open.used + count, open.cells.count * 2, 1024)
    open.cells.reserveCapacity(size)
    open.cells.append(contentsOf: repeatElement(.blank, count: size - open.cells.count))
  }

  private mutating func seal() {
    if recyclesBlocks {
      sealedCells += open.used
      sealed.append(open)
      open =
        idle.take()
        ?? Block(rows: [Row](repeating: Row(start: 0, info: LineInfo()), count: Self.rowsPerBlock))
      open.used = 0
      open.rowCount = 0
      return
    }
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
      let block = sealed.removeFirst()
      if recyclesBlocks { idle = block }
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
