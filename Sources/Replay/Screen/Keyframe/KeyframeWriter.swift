/// Writes a keyframe: the grids first, as they tell which styles and links are in use.
struct KeyframeWriter {
  private let terminal: TerminalScreen
  private var screen: Screen { terminal.screen }
  private var bytes: [UInt8] = []
  /// By index in the screen's table: the number in the keyframe and 1; 0: not in use so far.
  private var styleNumbers: [UInt32]
  private var styles: [CellStyle] = []
  private var linkNumbers: [UInt32: UInt32] = [0: 0]
  private var links: [LinkTable.Link] = []

  init(_ terminal: TerminalScreen) {
    self.terminal = terminal
    styleNumbers = [UInt32](repeating: 0, count: terminal.screen.styles.count)
    bytes.reserveCapacity(4096)
  }

  mutating func write() -> [UInt8] {
    add(grid: screen.grid)
    add(screen.inactiveGrid != nil)
    if let other = screen.inactiveGrid { add(grid: other) }
    let grids = take()
    addState()
    let state = take()
    add(terminal.parser)
    let parser = take()

    bytes = [Keyframe.layout]
    add(screen.columns)
    add(screen.rows)
    let tables = takeTables()
    bytes += tables
    bytes += state
    bytes += parser
    bytes += grids
    let checksum = Checksum.of(bytes.span, 0..<bytes.count)
    for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: checksum >> shift)) }
    return bytes
  }

  private mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  /// Links and styles; a style refers to a link, so the styles are numbered before the links are written.
  private mutating func takeTables() -> [UInt8] {
    var (header, body) = (bytes, [UInt8]())
    bytes.removeAll()
    add(styles.count)
    for style in styles { add(fields: style) }
    body = take()
    add(links.count)
    for link in links {
      add(text: link.id)
      add(text: link.address)
    }
    body = take() + body
    swap(&bytes, &header)
    return body
  }

  // MARK: Numbers

  @inline(__always)
  private mutating func add(_ value: Int) {
    var rest = UInt64(bitPattern: Int64(value))
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private mutating func add(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  /// Zigzag: small either way.
  private mutating func add(signed value: Int64) { add(Int(truncatingIfNeeded: value << 1 ^ value >> 63)) }

  private mutating func add(text: [UInt8]) {
    add(text.count)
    bytes += text
  }

  // MARK: Tables

  @inline(__always)
  private mutating func number(ofStyle index: Int) -> Int {
    let known = styleNumbers[index]
    if known != 0 { return Int(known) - 1 }
    styles.append(screen.styles[index])
    styleNumbers[index] = UInt32(styles.count)
    return styles.count - 1
  }

  private mutating func number(ofLink index: UInt32) -> Int {
    if let known = linkNumbers[index] { return Int(known) }
    guard let link = screen.links[index] else { return 0 }
    links.append(link)
    linkNumbers[index] = UInt32(links.count)
    return links.count
  }

  private mutating func add(fields style: CellStyle) {
    add(Int(style.foreground.raw))
    add(Int(style.background.raw))
    add(Int(style.underlineColor.raw))
    add(Int(style.flags.rawValue))
    bytes.append(style.underline.rawValue)
    add(number(ofLink: style.link))
  }

  // MARK: Grids

  private mutating func add(grid: Grid) {
    for row in 0..<grid.rows { add(grid.info(row)) }
    for row in 0..<grid.rows { addRuns(grid.written(row)) }
    for row in 0..<grid.rows { addText(grid.written(row)) }
  }

  private mutating func add(_ info: LineInfo) {
    let hasTimes = info.firstWrite >= 0
    bytes.append(
      (info.isWrapped ? 1 : 0) | info.size.rawValue << 1 | info.mark.rawValue << 3 | (hasTimes ? 32 : 0))
    // A row that nothing was written in has no indent.
    add(info.extent.lowerBound)
    add(info.extent.upperBound)
    guard hasTimes else { return }
    add(signed: screen.now &- info.lastWrite)
    add(signed: info.lastWrite &- info.firstWrite)
  }

  /// Runs of one style: how many cells, and twice the style's number, 1 more where they are protected.
  private mutating func addRuns(_ cells: ArraySlice<Cell>) {
    var start = cells.startIndex
    while start < cells.endIndex {
      let looks = cells[start].bits & (Cell.styleMask | Cell.protectedBit)
      var end = start &+ 1
      while end < cells.endIndex, cells[end].bits & (Cell.styleMask | Cell.protectedBit) == looks {
        end &+= 1
      }
      add(end &- start)
      add(number(ofStyle: cells[start].style) << 1 | (cells[start].isProtected ? 1 : 0))
      start = end
    }
  }

  private mutating func addText(_ cells: ArraySlice<Cell>) {
    for cell in cells {
      let text = cell.bits & (Cell.textMask | Cell.kindMask)
      if text < 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: text))
      } else {
        addRareText(cell)
      }
    }
  }

  private mutating func addRareText(_ cell: Cell) {
    switch cell.kind {
    case .tail: return
    case .spacer: return bytes.append(2)
    case .wide: bytes.append(1)
    case .narrow: break
    }
    if cell.isCluster {
      let scalars = screen.clusters[cell.content]
      bytes += [3, UInt8(truncatingIfNeeded: scalars.count)]
      for scalar in scalars { Screen.appendUTF8(scalar, to: &bytes) }
    } else if cell.content == 0 {
      bytes.append(0)
    } else {
      Screen.appendUTF8(cell.content, to: &bytes)
    }
  }

  // MARK: State

  private mutating func addState() {
    add(screen.isAlternate)
    add(screen.history.total)
    add(signed: screen.now)
    add(screen.cursor)
    add(pen: screen.pen)
    bytes.append((screen.isPenProtected ? 1 : 0) | (screen.isProtectionISO ? 2 : 0))
    add(Int(screen.charsets.state))
    for edge in [screen.margins.top, screen.margins.bottom, screen.margins.left, screen.margins.right] {
      add(edge)
    }
    add(Int(truncatingIfNeeded: screen.modes.rawValue))
    addTabStops()
    add(screen.saved)
    add(screen.inactiveSaved)
    add(screen.savedModes.count)
    for (number, isOn) in screen.savedModes.sorted(by: { $0.key < $1.key }) {
      add(Int(number) << 1 | (isOn ? 1 : 0))
    }
    add(screen.cursorShape)
    add(Int(screen.lastPrinted))
    add(screen.clampedSizeCount)
    add(screen.keyboard)
    addTitles()
    addColors()
    add(text: screen.workingDirectory)
    bytes.append(screen.shell.phase.rawValue)
    add(screen.shell.exitCode != nil)
    add(signed: Int64(screen.shell.exitCode ?? 0))
    add(text: screen.shell.commandLine)
  }

  private mutating func add(_ cursor: Cursor) {
    add(cursor.row)
    add(cursor.column)
    bytes.append(cursor.edge.rawValue)
  }

  /// A style outside of cells gets a number in the table too.
  private mutating func add(pen: CellStyle) {
    styles.append(pen)
    add(styles.count - 1)
  }

  private mutating func add(_ saved: SavedCursor?) {
    add(saved != nil)
    guard let saved else { return }
    add(saved.cursor)
    add(pen: saved.pen)
    bytes.append((saved.isProtected ? 1 : 0) | (saved.hasOrigin ? 2 : 0))
    add(Int(saved.charsets.state))
  }

  /// Usually as at the start: one byte.
  private mutating func addTabStops() {
    let isInitial = screen.tabStops == TabStops(columns: screen.columns)
    add(!isInitial)
    guard !isInitial else { return }
    let stops = screen.tabStops.stops.indices.filter { screen.tabStops.stops[$0] }
    add(stops.count)
    var last = 0
    for stop in stops {
      add(stop - last)
      last = stop
    }
  }

  private mutating func add(_ keyboard: KeyboardState) {
    add(Int(keyboard.modifyOtherKeys))
    for stack in [keyboard.flags, keyboard.inactiveFlags] { add(text: stack) }
  }

  private mutating func addTitles() {
    add(text: screen.titles.window)
    add(text: screen.titles.icon)
    add(screen.titles.stack.count)
    for entry in screen.titles.stack {
      for title in [entry.window, entry.icon] {
        add(title != nil)
        if let title { add(text: title) }
      }
    }
  }

  private mutating func addColors() {
    for table in [screen.colors.palette, screen.colors.dynamic] {
      add(table.count)
      for (index, color) in table.sorted(by: { $0.key < $1.key }) {
        bytes.append(index)
        add(Int(color))
      }
    }
  }

  // MARK: Parser

  private mutating func add(_ parser: Parser) {
    bytes += [parser.state.rawValue, parser.missing]
    if parser.missing > 0 {
      add(Int(parser.scalar))
      bytes += [parser.lowerBound, parser.upperBound]
    }
    guard parser.state != .ground else { return }
    bytes += [parser.prefix, parser.intermediate, parser.stringKind.rawValue]
    add(Int(parser.value))
    add(parser.hasValue)
    add(parser.isAfterColon)
    add(parser.parameters.count)
    for index in 0..<parser.parameters.count { add(Int(parser.parameters[index])) }
    add(Int(truncatingIfNeeded: parser.parameters.colons))
    add(parser.isPayloadCut)
    add(text: parser.payload)
  }
}
