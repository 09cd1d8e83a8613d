/// A terminal's state as escape sequences, from which another terminal can go on: what it shows (`ScreenDump`), both
/// screens, and what decides where further output goes: margins, modes, character sets, pen, saved cursor.
///
/// The terminal must be between sequences (`Parser.isAtRest`). Tab stops and titles are not in it, nor a cursor that
/// stands outside of the margins in origin mode, where no sequence could put it.
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
    if screen.isAlternate, let primary = screen.inactiveGrid {
      var other = screen
      other.grid = primary
      if let saved = screen.inactiveSaved { other.cursor = saved.cursor }
      bytes += ScreenDump.encode(other)
      if let saved = screen.inactiveSaved { add("\u{1B}[0\(ScreenDump.parameters(saved.pen))m") }
      add("\u{1B}[?1049h")
    }
    bytes += ScreenDump.encode(screen)
    writeRegion()
    writeSavedCursor()
    writeModes()
    writeCursor()
    if screen.modes.contains(.insert) { add("\u{1B}[4h") }
    writeCharsets(screen.charsets)
    add("\u{1B}[0\(ScreenDump.parameters(screen.pen))m")
    if screen.isPenProtected { add("\u{1B}[1\"q") }
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

  private mutating func writeSavedCursor() {
    guard let saved = screen.saved else { return }
    if saved.hasOrigin { add("\u{1B}[?6h") }
    move(saved.cursor, hasOrigin: saved.hasOrigin)
    writeCharsets(saved.charsets)
    add("\u{1B}[0\(ScreenDump.parameters(saved.pen))m\u{1B}7")
    if saved.hasOrigin { add("\u{1B}[?6l") }
    add("\u{1B}(B\u{1B})B\u{1B}*B\u{1B}+B\u{0F}\u{1B}[0m")
  }

  private mutating func writeModes() {
    if screen.modes.contains(.newLine) { add("\u{1B}[20h") }
    if screen.modes.contains(.origin) { add("\u{1B}[?6h") }
    if screen.modes.contains(.reverseWrap) { add("\u{1B}[?45h") }
  }

  private mutating func writeCursor() {
    let cursor = screen.cursor
    let hasOrigin = screen.modes.contains(.origin)
    let cell = screen.grid[cursor.row, cursor.column]
    guard cursor.isPending, cell.hasText || cell.isTail else {
      move(cursor, hasOrigin: hasOrigin)
      writeAutowrap()
      return
    }
    // The character in the last column is written once more, so that the next one wraps.
    var start = cursor
    if cell.isTail { start.column -= 1 }
    move(start, hasOrigin: hasOrigin)
    let first = screen.grid[cursor.row, start.column]
    let style = screen.styles[first.style]
    add("\u{1B}[0\(ScreenDump.parameters(style))m")
    openLink(style.link)
    if first.isProtected { add("\u{1B}[1\"q") }
    screen.appendText(of: first, to: &bytes)
    if first.isProtected { add("\u{1B}[0\"q") }
    if style.link != 0 { add("\u{1B}]8;;\u{1B}\\") }
    writeAutowrap()
  }

  private mutating func openLink(_ index: UInt32) {
    guard let link = screen.links[index], (link.id + link.address).allSatisfy({ (0x20...0x7E).contains($0) })
    else { return }
    add(link.id.isEmpty ? "\u{1B}]8;;" : "\u{1B}]8;id=")
    bytes += link.id
    if !link.id.isEmpty { add(";") }
    bytes += link.address
    add("\u{1B}\\")
  }

  private mutating func writeAutowrap() {
    if !screen.modes.contains(.autowrap) { add("\u{1B}[?7l") }
  }

  private mutating func move(_ cursor: Cursor, hasOrigin: Bool) {
    let row = hasOrigin ? cursor.row - screen.margins.top : cursor.row
    let column = hasOrigin ? cursor.column - screen.margins.left : cursor.column
    add("\u{1B}[\(max(0, row) + 1);\(max(0, column) + 1)H")
  }

  private mutating func writeCharsets(_ charsets: Charsets) {
    for (slot, designator) in [(UInt8(0), "("), (1, ")"), (2, "*"), (3, "+")] {
      switch charsets[slot] {
      case .ascii: break
      case .british: add("\u{1B}\(designator)A")
      case .graphics: add("\u{1B}\(designator)0")
      }
    }
    switch charsets.left {
    case 1: add("\u{0E}")
    case 2: add("\u{1B}n")
    case 3: add("\u{1B}o")
    default: break
    }
  }

  private mutating func add(_ text: String) { bytes += text.utf8 }
}
