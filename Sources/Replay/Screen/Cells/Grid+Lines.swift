import Platform

/// Many lines at a time: the loop over plain text that scrolls, and the rows that depart by it. Spans throughout: one
/// check of bounds each and no reference counts, which makes short lines twice as fast.
extension Grid {
  /// Where writing lines came to.
  struct LineRun {
    /// The index of the first byte not read.
    var end: Int
    var row: Int
    /// `columns`: the last column is filled.
    var column: Int
    /// The last character written; 0: none.
    var last: UInt32 = 0
  }

  /// Writes lines of printable ASCII, broken by LF with or without CR, from `bytes[run.end...]` on, where the whole
  /// page scrolls and rows come in blank: up to a line that does not fit, to another byte, or to the last spare place.
  /// In one function, as what changes stays in registers then.
  mutating func writeLines(_ bytes: Span<UInt8>, _ run: inout LineRun, template: Cell, at now: Int64) {
    let (columns, rows) = (columns, rows)
    var (first, version, departedCount) = (first, version, departedCount)
    var (row, column, index) = (run.row, run.column, run.end)
    var place = place(row)
    // Taken out: there are no spans of two properties at once.
    var (allCells, allLines): ([Cell], [LineInfo]) = ([], [])
    var (allPlaces, allSlots, allSpare): ([Int32], [Int32], [Int32]) = ([], [], [])
    swap(&allCells, &cells)
    swap(&allLines, &lines)
    swap(&allPlaces, &places)
    swap(&allSlots, &slots)
    swap(&allSpare, &spare)
    do {
      var cells = allCells.mutableSpan
      var lines = allLines.mutableSpan
      var places = allPlaces.mutableSpan
      var slots = allSlots.mutableSpan
      var spare = allSpare.mutableSpan
      reading: while index < bytes.count {
        switch bytes[index] {
        case 0x0A:
          if column == columns { column &-= 1 }
          if row < rows &- 1 {
            row &+= 1
            let turn = first &+ row
            place = Int(places[turn >= rows ? turn &- rows : turn])
          } else {
            guard departedCount < spare.count else { break reading }
            let left = Int(places[first])
            place = Int(spare[departedCount])
            spare[departedCount] = Int32(truncatingIfNeeded: left)
            departedCount &+= 1
            places[first] = Int32(truncatingIfNeeded: place)
            slots[place] = slots[left]
            first = first &+ 1 == rows ? 0 : first &+ 1
            version &+= 1
            lines[place].version = version
          }
          index &+= 1
        case 0x0D:
          column = 0
          index &+= 1
        case 0x20..<0x7F:
          let end = ByteScanner.endOfPrintable(in: bytes, from: index &+ 1)
          let upper = column &+ end &- index
          guard upper <= columns else { break reading }
          version &+= 1
          lines[place].note(column, upper, version, at: now)
          let start = place &* columns
          if cells[start &+ column].isTail, column > 0 {
            cells[start &+ column &- 1] = cells[start &+ column &- 1].withoutText
          }
          if upper < columns, cells[start &+ upper].isTail {
            cells[start &+ upper] = cells[start &+ upper].withoutText
          }
          ByteScanner.widen(
            bytes, index, end &- index, into: &cells, at: start &+ column, template: template)
          column = upper
          run.last = UInt32(bytes[end &- 1])
          index = end
        default: break reading
        }
      }
    }
    swap(&allCells, &cells)
    swap(&allLines, &lines)
    swap(&allPlaces, &places)
    swap(&allSlots, &slots)
    swap(&allSpare, &spare)
    if departedCount > self.departedCount { arranged = version }
    (self.first, self.version, self.departedCount) = (first, version, departedCount)
    (run.row, run.column, run.end) = (row, column, index)
  }

  // MARK: Departed rows

  /// Moves all rows up by one; the first departs. There must be a spare place.
  @inline(__always)
  mutating func departPage(with cell: Cell) {
    let (left, fresh) = (places[first], spare[departedCount])
    spare[departedCount] = left
    departedCount &+= 1
    places[first] = fresh
    slots[Int(fresh)] = slots[Int(left)]
    first = first &+ 1 == rows ? 0 : first &+ 1
    version &+= 1
    lines[Int(fresh)].version = version
    arranged = version
    if cell != .blank { clear(rows &- 1, with: cell) }
  }

  @inline(__always) var hasSparePlace: Bool { departedCount < spare.count }

  /// Whether the places that are in no row are as they should be once no departed row is left.
  var isSpareBlank: Bool {
    spare.allSatisfy { place in
      let start = Int(place) * columns
      return lines[Int(place)].extent.isEmpty && cells[start..<start + columns].allSatisfy { $0 == .blank }
    }
  }

  /// Blanks the places of the departed rows, for rows to come.
  mutating func releaseDeparted() {
    for index in 0..<departedCount {
      let place = Int(spare[index])
      let extent = lines[place].extent
      cells.fill(place * columns + extent.lowerBound..<place * columns + extent.upperBound, with: .blank)
      lines[place] = LineInfo()
    }
    departedCount = 0
  }

  /// Cells of all departed rows.
  var departedCellCount: Int {
    var count = 0
    for index in 0..<departedCount { count &+= lines[Int(spare[index])].extent.count }
    return count
  }

  /// Moves the departed rows `range`, oldest first, to `rows[row...]` and their cells to `target[start...]`; returns
  /// the end of the cells. Their places are blank then.
  mutating func moveDeparted(
    _ range: Range<Int>, to rows: inout MutableSpan<History.Row>, from row: Int,
    cells target: inout MutableSpan<Cell>, from start: Int
  ) -> Int {
    let columns = columns
    var (allCells, allLines): ([Cell], [LineInfo]) = ([], [])
    swap(&allCells, &cells)
    swap(&allLines, &lines)
    defer {
      swap(&allCells, &cells)
      swap(&allLines, &lines)
    }
    var cells = allCells.mutableSpan
    var lines = allLines.mutableSpan
    var end = start
    for index in range {
      let place = Int(spare[index])
      let info = lines[place]
      let extent = info.extent
      let begin = place &* columns &+ extent.lowerBound
      rows[row &+ index &- range.lowerBound] = History.Row(
        start: Int32(truncatingIfNeeded: end), info: info)
      lines[place] = LineInfo()
      if extent.count == 1 {
        target[end] = cells[begin]
        cells[begin] = .blank
      } else {
        ByteScanner.move(&cells, begin..<begin &+ extent.count, to: &target, at: end)
      }
      end &+= extent.count
    }
    return end
  }
}
