/// Whether two screens are in the same state, however their tables and buffers came to be.
extension Screen {
  /// The first difference in words; nil: the two show the same and will go on the same. Events, versions of rows and
  /// the clock are not compared.
  func difference(from other: Screen, withMarks: Bool = true) -> String? {
    if columns != other.columns || rows != other.rows { return "size" }
    if cursor != other.cursor { return "cursor \(cursor), \(other.cursor)" }
    if isAlternate != other.isAlternate { return "screen" }
    if modes != other.modes { return "modes \(modes.rawValue), \(other.modes.rawValue)" }
    if margins != other.margins { return "margins \(margins), \(other.margins)" }
    if tabStops != other.tabStops { return "tab stops" }
    if charsets != other.charsets { return "charsets" }
    if isProtectionISO != other.isProtectionISO { return "kind of protection" }
    if isPenProtected != other.isPenProtected || !isSame(pen, other.pen, in: other) { return "pen" }
    if let problem = savedDifference(from: other) { return problem }
    if savedModes != other.savedModes { return "saved modes" }
    if cursorShape != other.cursorShape { return "cursor shape" }
    if lastPrinted != other.lastPrinted { return "last printed" }
    if titles != other.titles { return "titles" }
    if colors != other.colors { return "colors" }
    if workingDirectory != other.workingDirectory { return "working directory" }
    if shell != other.shell { return "shell" }
    if keyboard != other.keyboard { return "keyboard" }
    if let problem = visibleDifference(from: other) { return problem }
    return inactiveDifference(from: other, withMarks)
  }

  /// As `difference`, of what can be seen alone: the text, its looks, and the cursor.
  func visibleDifference(from other: Screen) -> String? {
    if cursor.row != other.cursor.row || cursor.column != other.cursor.column {
      return "cursor \(cursor), \(other.cursor)"
    }
    return difference(of: grid, and: other.grid, in: other, withMarks: false)
  }

  /// As `difference`, of what `StateDump` holds: both screens, cursors, margins, tab stops, charsets, pen and modes.
  func stateDifference(from other: Screen) -> String? {
    var (mine, theirs) = (self, other)
    mine.titles = theirs.titles
    mine.modes.remove(.synchronizedUpdate)
    theirs.modes.remove(.synchronizedUpdate)
    (mine.savedModes, mine.lastPrinted) = (theirs.savedModes, theirs.lastPrinted)
    (mine.colors, mine.workingDirectory) = (theirs.colors, theirs.workingDirectory)
    (mine.shell, mine.keyboard) = (theirs.shell, theirs.keyboard)
    return mine.difference(from: theirs, withMarks: false)
  }

  private func savedDifference(from other: Screen) -> String? {
    for (mine, theirs) in [(saved, other.saved), (inactiveSaved, other.inactiveSaved)] {
      guard var mine, var theirs else {
        if mine != nil || theirs != nil { return "saved cursor of one only" }
        continue
      }
      if !isSame(mine.pen, theirs.pen, in: other) { return "saved pen" }
      mine.pen = .plain
      theirs.pen = .plain
      if mine != theirs { return "saved cursor \(mine), \(theirs)" }
    }
    return nil
  }

  private func inactiveDifference(from other: Screen, _ withMarks: Bool) -> String? {
    guard let mine = inactiveGrid, let theirs = other.inactiveGrid else {
      // A screen that was never shown is as good as a blank one.
      guard let grid = inactiveGrid ?? other.inactiveGrid else { return nil }
      return grid.cells.allSatisfy { $0 == .blank } ? nil : "inactive screen of one only"
    }
    return difference(of: mine, and: theirs, in: other, withMarks: withMarks).map { "inactive " + $0 }
  }

  private func isSame(_ mine: CellStyle, _ theirs: CellStyle, in other: Screen) -> Bool {
    var (left, right) = (mine, theirs)
    left.link = 0
    right.link = 0
    return left == right && links[mine.link] == other.links[theirs.link]
  }

  private func difference(
    of mine: Grid, and theirs: Grid, in other: Screen, withMarks: Bool = true
  ) -> String? {
    for row in 0..<mine.rows {
      let (first, second) = (mine.info(row), theirs.info(row))
      if first.isWrapped != second.isWrapped || first.size != second.size
        || withMarks && first.mark != second.mark
      {
        return "row \(row): \(first), \(second)"
      }
      for column in 0..<mine.columns {
        let (left, right) = (mine[row, column], theirs[row, column])
        let isSame =
          left.kind == right.kind && left.isProtected == right.isProtected
          && scalars(of: left) == other.scalars(of: right)
          && self.isSame(styles[left.style], other.styles[right.style], in: other)
        if !isSame { return "row \(row), column \(column): \(describe(left)), \(other.describe(right))" }
      }
    }
    return nil
  }

  private func describe(_ cell: Cell) -> String { "\(scalars(of: cell)) \(cell.kind) \(styles[cell.style])" }
}
