/// A screen as escape sequences that draw it again on any terminal of its size.
///
/// Holds what can be seen: text, looks, links, line sizes, the cursor; no title, no modes of keyboard or mouse. Read
/// by our own parser it gives the same visible state. Text is safe as it is: cells hold no control characters.
struct ScreenDump {
  private let screen: Screen
  private(set) var bytes: [UInt8] = []
  private var pen = CellStyle.plain
  private var isProtected = false
  /// Of clusters, by text and kind.
  private var sized: [UInt64: Bool] = [:]

  /// `isReset`: with a soft reset first, which forgets a saved cursor.
  static func encode(_ screen: Screen, isReset: Bool = true) -> [UInt8] {
    var dump = ScreenDump(screen)
    if isReset { dump.add("\u{1B}[!p") }
    dump.write()
    return dump.bytes
  }

  /// One cell with its text, in its style; what follows must choose its own.
  static func encode(_ cell: Cell, of screen: Screen) -> [UInt8] {
    var dump = ScreenDump(screen)
    dump.add("\u{1B}[0m")
    dump.write(cell)
    if dump.isProtected { dump.add("\u{1B}[0\"q") }
    if dump.pen.link != 0 { dump.link(0) }
    return dump.bytes
  }

  private init(_ screen: Screen) { self.screen = screen }

  private mutating func write() {
    // As a soft reset, for terminals that know no DECSTR too.
    add(
      "\u{1B}[?6l\u{1B}[?69l\u{1B}[r\u{1B}[4l\u{1B}[?7h\u{1B}(B\u{F}\u{1B}[0m\u{1B}[?25l\u{1B}[H\u{1B}[2J"
    )
    add(screen.modes.contains(.reverseScreen) ? "\u{1B}[?5h" : "\u{1B}[?5l")
    add("\u{1B}[?2027l")
    for row in 0..<screen.rows { write(row: row) }
    // Last of all: in a line of double width no text can be put beyond its middle.
    for row in 0..<screen.rows where screen.grid.info(row).size != .single {
      move(row, 0)
      add(["", "\u{1B}#6", "\u{1B}#3", "\u{1B}#4"][Int(screen.grid.info(row).size.rawValue)])
    }
    writeCursor()
  }

  private mutating func write(row: Int) {
    let info = screen.grid.info(row)
    let follows = row > 0 && screen.grid.info(row - 1).isWrapped
    guard follows || info.occupancy > 0 else { return }
    move(row, 0)
    if follows {
      // Takes away the character that made the row above wrap.
      select(.plain)
      add("\u{1B}[K")
    }
    write(row: row, upTo: Int(info.occupancy))
    if info.isWrapped, row + 1 < screen.rows { wrap(row) }
  }

  private mutating func write(row: Int, upTo end: Int) {
    var column = 0
    while column < end {
      let cell = screen.grid[row, column]
      var count = 1
      if cell.hasText {
        write(cell)
        if cell.isWide { count = 2 }
      } else {
        while column + count < end, screen.grid[row, column + count] == cell { count += 1 }
        writeBlanks(cell, count)
      }
      column += count
    }
  }

  /// Positions without text: erased to a background, or never written.
  private mutating func writeBlanks(_ cell: Cell, _ count: Int) {
    if cell.style != 0 {
      select(screen.styles[cell.style])
      add("\u{1B}[\(count)X")
    }
    add("\u{1B}[\(count)C")
  }

  private mutating func write(_ cell: Cell) {
    select(screen.styles[cell.style])
    if cell.isProtected != isProtected {
      isProtected = cell.isProtected
      add(isProtected ? "\u{1B}[1\"q" : "\u{1B}[0\"q")
    }
    if isSized(cell) {
      add("\u{1B}]66;w=\(cell.isWide ? 2 : 1);")
      screen.appendText(of: cell, to: &bytes)
      add("\u{7}")
    } else {
      print(cell)
    }
  }

  /// Whether printing gives another cell: its width was told (OSC 66).
  private mutating func isSized(_ cell: Cell) -> Bool {
    guard cell.isCluster else { return CharacterWidth.of(cell.content) != (cell.isWide ? 2 : 1) }
    let text = cell.bits & (Cell.textMask | Cell.kindMask)
    if let known = sized[text] { return known }
    var dump = ScreenDump(screen)
    dump.print(cell)
    var trial = TerminalScreen(columns: 4, rows: 1)
    trial.feed(dump.bytes)
    let printed = trial.screen.grid[0, 0]
    let isSame =
      printed.kind == cell.kind && trial.screen.scalars(of: printed) == screen.scalars(of: cell)
    sized[text] = !isSame
    return !isSame
  }

  private mutating func print(_ cell: Cell) {
    let scalars = screen.scalars(of: cell)
    // Only in mode 2027 are these one character.
    let isJoined =
      scalars.dropFirst().contains { CharacterWidth.of($0) > 0 || $0 == 0xFE0F && cell.isWide }
    for (index, scalar) in scalars.enumerated() {
      if index == 1, isJoined { add("\u{1B}[?2027h") }
      Screen.appendUTF8(scalar, to: &bytes)
    }
    if isJoined { add("\u{1B}[?2027l") }
  }

  /// Makes the terminal wrap at the end of a row, by one more character, that the next row takes away.
  private mutating func wrap(_ row: Int) {
    let last = screen.grid[row, screen.columns - 1]
    if last.kind == .spacer {
      select(screen.styles[last.style])
      move(row, screen.columns - 1)
      add("\u{4E2D}")
    } else if last.hasText || last.isTail {
      add(" ")
    }
  }

  private mutating func writeCursor() {
    let cursor = screen.cursor
    let last = screen.grid[cursor.row, cursor.column]
    let isPending = cursor.isPending && cursor.column == screen.columns - 1
    if isPending, last.isTail {
      move(cursor.row, cursor.column - 1)
      write(screen.grid[cursor.row, cursor.column - 1])
    } else {
      place(cursor)
      if isPending, last.hasText { write(last) }
    }
    select(.plain)
    if isProtected { add("\u{1B}[0\"q") }
    if screen.modes.contains(.clusters) { add("\u{1B}[?2027h") }
    if screen.cursorShape != 0 { add("\u{1B}[\(screen.cursorShape) q") }
    if screen.modes.contains(.cursorVisible) { add("\u{1B}[?25h") }
  }

  /// Moves to where the cursor is: beyond the middle of a line of double width it can only come from another line.
  private mutating func place(_ cursor: Cursor) {
    func fits(_ row: Int) -> Bool {
      (0..<screen.rows).contains(row) && cursor.column < screen.columns(inRow: row)
    }
    if !fits(cursor.row), fits(cursor.row - 1) {
      move(cursor.row - 1, cursor.column)
      add("\u{1B}D")
    } else if !fits(cursor.row), fits(cursor.row + 1) {
      move(cursor.row + 1, cursor.column)
      add("\u{1B}M")
    } else {
      move(cursor.row, cursor.column)
    }
  }

  private mutating func move(_ row: Int, _ column: Int) { add("\u{1B}[\(row + 1);\(column + 1)H") }

  // MARK: Style

  private mutating func select(_ style: CellStyle) {
    guard style != pen else { return }
    if style.link != pen.link { link(style.link) }
    var looks = style
    looks.link = pen.link
    if looks != pen { add("\u{1B}[0\(Self.parameters(style))m") }
    pen = style
  }

  private mutating func link(_ index: UInt32) { bytes += Self.link(index, of: screen) }

  /// Opens a link of the table; 0 or one that is not safe: ends the one before.
  static func link(_ index: UInt32, of screen: Screen) -> [UInt8] {
    var bytes = Array("\u{1B}]8;".utf8)
    if let link = screen.links[index], isSafe(link.address), isSafe(link.id) {
      if !link.id.isEmpty { bytes += "id=".utf8 + link.id }
      bytes.append(UInt8(ascii: ";"))
      bytes += link.address
    } else {
      bytes.append(UInt8(ascii: ";"))
    }
    return bytes + "\u{1B}\\".utf8
  }

  /// Addresses are ASCII; one that is not is shown as plain text.
  private static func isSafe(_ text: [UInt8]) -> Bool { text.allSatisfy { (0x20...0x7E).contains($0) } }

  /// SGR parameters from the reset on, each with its separator before it.
  static func parameters(_ style: CellStyle) -> String {
    let flags: [(CellStyle.Flags, Int)] = [
      (.bold, 1), (.faint, 2), (.italic, 3), (.blink, 5), (.reverse, 7), (.hidden, 8), (.strike, 9),
      (.framed, 51), (.overline, 53), (.superscript, 73), (.subscript, 74),
    ]
    var text = ""
    for (flag, code) in flags where style.flags.contains(flag) { text += ";\(code)" }
    switch style.underline {
    case .none: break
    case .single: text += ";4"
    default: text += ";4:\(style.underline.rawValue)"
    }
    text += color(style.foreground, base: 30, extended: 38)
    text += color(style.background, base: 40, extended: 48)
    text += color(style.underlineColor, base: nil, extended: 58)
    return text
  }

  private static func color(_ color: CellColor, base: Int?, extended: Int) -> String {
    switch color.meaning {
    case .standard: return ""
    case .indexed(let index):
      if let base, index < 16 { return ";\(index < 8 ? base + Int(index) : base + 52 + Int(index))" }
      return ";\(extended);5;\(index)"
    case .rgb(let red, let green, let blue): return ";\(extended);2;\(red);\(green);\(blue)"
    }
  }

  private mutating func add(_ text: String) { bytes += text.utf8 }
}
