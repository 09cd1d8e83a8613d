/// A terminal's state as escape sequences, from which another terminal goes on: what both screens show (`ScreenDump`),
/// and what decides where further output goes.
///
/// Read by our own parser it gives a screen without `Screen.stateDifference`. What no sequence sets is left out: the
/// history, XTSAVE's modes, REP's character, a wish for synchronized output (it would hold the viewer's screen), and
/// a cursor outside of the margins in origin mode. The stream must be between sequences (`Parser.isAtRest`).
struct StateDump {
  private let screen: Screen
  private var bytes: [UInt8] = []

  static func encode(_ screen: Screen) -> [UInt8] {
    var dump = StateDump(screen: screen)
    dump.write()
    return dump.bytes
  }

  private init(screen: Screen) { self.screen = screen }

  private mutating func write() {
    // Column mode clears the page: before all else, and without a change of size.
    add("\u{1B}[?47l")
    if screen.modes.contains(.wideColumns) { add("\u{1B}[?40l\u{1B}[?3h") }
    add("\u{1B}[!p\u{1B}[?69l\u{1B}[2J")
    if let hidden = screen.inactiveGrid {
      if !screen.isAlternate { add("\u{1B}[?47h") }
      var other = screen
      other.grid = hidden
      other.cursor = Cursor()
      if let saved = screen.inactiveSaved { write(saved) }
      bytes += ScreenDump.encode(other, isReset: false)
      // More terminals know 1047 than 47, but on the way back it would clear what was drawn.
      add(screen.isAlternate ? "\u{1B}[?1047h" : "\u{1B}[?47l")
    }
    if let saved = screen.saved { write(saved) }
    bytes += ScreenDump.encode(screen, isReset: false)
    writeTabStops()
    writeRegion()
    writeModes()
    writeCursor()
    writePen()
  }

  /// DECSC of a state that is made for it, and unmade: what is drawn comes later.
  private mutating func write(_ saved: SavedCursor) {
    let column = saved.cursor.column
    let isAtEdge = saved.cursor.edge != .free
    if isAtEdge, column < screen.columns - 1, column > 0 { add("\u{1B}[?69h\u{1B}[1;\(column + 1)s") }
    if saved.hasOrigin { add("\u{1B}[?6h") }
    move(saved.cursor.row, column)
    if isAtEdge { write(edge: saved.cursor.edge) { dump in dump.add("x") } }
    write(saved.charsets)
    select(saved.pen)
    if saved.isProtected { add("\u{1B}[1\"q") }
    add("\u{1B}7\u{1B}[?7h\u{1B}[?6l\u{1B}[?69l\u{1B}[0\"q\u{1B}]8;;\u{1B}\\\u{1B}[0m")
    // The letter takes a shift that is for one character.
    add("\u{1B}[Hx\u{1B}(B\u{1B})B\u{1B}*B\u{1B}+B\u{F}\u{1B}}\u{1B}[H\u{1B}[2J")
  }

  /// Brings the cursor to an edge by printing there.
  private mutating func write(edge: Cursor.Edge, _ text: (inout StateDump) -> Void) {
    if edge == .filled { add("\u{1B}[?7l") }
    text(&self)
    if edge == .ended { add("\u{1B}[?7l") }
  }

  private mutating func writeTabStops() {
    guard screen.tabStops != TabStops(columns: screen.columns) else { return }
    add("\u{1B}[3g")
    for column in 0..<screen.columns where screen.tabStops.stops[column] {
      move(0, column)
      add("\u{1B}H")
    }
  }

  private mutating func writeRegion() {
    let margins = screen.margins
    if screen.modes.contains(.leftRightMargins) {
      add("\u{1B}[?69h\u{1B}[\(margins.left + 1);\(margins.right + 1)s")
    }
    if margins.top > 0 || margins.bottom < screen.rows - 1 {
      add("\u{1B}[\(margins.top + 1);\(margins.bottom + 1)r")
    }
  }

  /// Those that ScreenDump does not set, and that are not set where they matter.
  private mutating func writeModes() {
    let elsewhere: Modes = [
      .autowrap, .insert, .wideColumns, .leftRightMargins, .synchronizedUpdate, .clusters, .cursorVisible,
      .reverseScreen,
    ]
    let changed = screen.modes.symmetricDifference(.initial).subtracting(elsewhere)
    for (number, mode) in Modes.standard where changed.contains(mode) {
      add("\u{1B}[\(number)\(screen.modes.contains(mode) ? "h" : "l")")
    }
    for (number, mode) in Modes.privates where changed.contains(mode) {
      add("\u{1B}[?\(number)\(screen.modes.contains(mode) ? "h" : "l")")
    }
    // What is written once more is no cluster by itself.
    add("\u{1B}[?2027l")
  }

  private mutating func writeCursor() {
    let cursor = screen.cursor
    let isWrapping = screen.modes.contains(.autowrap)
    guard cursor.edge != .free else {
      place(cursor.row, cursor.column)
      if !isWrapping { add("\u{1B}[?7l") }
      return
    }
    var start = cursor.column
    if screen.grid[cursor.row, start].isTail { start -= 1 }
    let cell = screen.grid[cursor.row, start]
    place(cursor.row, start)
    // The character in the last column once more; where there is none, another that is erased again.
    write(edge: cursor.edge) { dump in
      if cell.hasText {
        dump.bytes += ScreenDump.encode(cell, of: dump.screen)
      } else {
        dump.add(" ")
        dump.select(dump.screen.styles[cell.style])
        dump.erase(cursor.row, start)
      }
    }
    if isWrapping, cursor.edge != .pending { add("\u{1B}[?7h") }
  }

  private mutating func erase(_ row: Int, _ column: Int) {
    let (row, column) = relative(row, column)
    add("\u{1B}[\(row);\(column);\(row);\(column)$z")
  }

  private mutating func writePen() {
    write(screen.charsets)
    select(screen.pen)
    if screen.isProtectionISO { add("\u{1B}V\u{1B}W") }
    if screen.isPenProtected { add(screen.isProtectionISO ? "\u{1B}V" : "\u{1B}[1\"q") }
    if screen.modes.contains(.insert) { add("\u{1B}[4h") }
    if screen.modes.contains(.clusters) { add("\u{1B}[?2027h") }
  }

  // MARK: Pieces

  private mutating func select(_ style: CellStyle) {
    add("\u{1B}[0\(ScreenDump.parameters(style))m")
    bytes += ScreenDump.link(style.link, of: screen)
  }

  private mutating func place(_ row: Int, _ column: Int) {
    let (row, column) = relative(row, column)
    add("\u{1B}[\(row);\(column)H")
  }

  /// From 1, and from the margins in origin mode.
  private func relative(_ row: Int, _ column: Int) -> (Int, Int) {
    guard screen.modes.contains(.origin) else { return (row + 1, column + 1) }
    return (max(0, row - screen.margins.top) + 1, max(0, column - screen.margins.left) + 1)
  }

  private mutating func move(_ row: Int, _ column: Int) { add("\u{1B}[\(row + 1);\(column + 1)H") }

  private mutating func write(_ charsets: Charsets) {
    for (slot, designator) in [(UInt8(0), "("), (1, ")"), (2, "*"), (3, "+")] {
      switch charsets[slot] {
      case .ascii: break
      case .british: add("\u{1B}\(designator)A")
      case .graphics: add("\u{1B}\(designator)0")
      }
    }
    add(["", "\u{E}", "\u{1B}n", "\u{1B}o"][Int(charsets.left)])
    add(["", "\u{1B}~", "\u{1B}}", "\u{1B}|"][Int(charsets.right)])
    if charsets.single != 0 { add(charsets.single == 2 ? "\u{1B}N" : "\u{1B}O") }
  }

  private mutating func add(_ text: String) { bytes += text.utf8 }
}
