/// What a keyframe holds besides the grids.
extension KeyframeReader {
  mutating func readState(into screen: inout Screen, _ styles: [CellStyle]) throws(KeyframeError) {
    screen.isAlternate = try flag()
    screen.history.skip(to: try number(upTo: .max))
    screen.now = try signed()
    screen.cursor = try cursor(screen)
    screen.pen = try pen(styles)
    let protection = try byte()
    guard protection < 4 else { throw invalid("protection \(protection)") }
    screen.isPenProtected = protection & 1 != 0
    screen.isProtectionISO = protection & 2 != 0
    screen.charsets = try charsets()
    screen.margins = Margins(
      top: try number(upTo: screen.rows), bottom: try number(upTo: screen.rows),
      left: try number(upTo: screen.columns), right: try number(upTo: screen.columns))
    screen.modes = Modes(rawValue: UInt64(bitPattern: Int64(try number())))
    if try flag() { try readTabStops(into: &screen) }
    screen.saved = try savedCursor(screen, styles)
    screen.inactiveSaved = try savedCursor(screen, styles)
    for _ in 0..<(try count()) {
      let mode = try number(upTo: 2 * 65535 + 1)
      screen.savedModes[UInt16(mode >> 1)] = mode & 1 == 1
    }
    screen.cursorShape = try number(upTo: 6)
    let lastPrinted = UInt32(try number(upTo: 0x10FFFF))
    guard lastPrinted == 0 || Screen.isPrintable(lastPrinted) else {
      throw invalid("the last character printed")
    }
    screen.lastPrinted = lastPrinted
    screen.clampedSizeCount = try number(upTo: .max)
    screen.keyboard.modifyOtherKeys = UInt8(try number(upTo: 255))
    screen.keyboard.flags = try text(upTo: KeyboardState.stackLimit + 1)
    screen.keyboard.inactiveFlags = try text(upTo: KeyboardState.stackLimit + 1)
    try readTitles(into: &screen)
    screen.colors.palette = try colors()
    screen.colors.dynamic = try colors()
    screen.workingDirectory = try text(upTo: Titles.lengthLimit)
    guard let phase = ShellState.Phase(rawValue: try byte()) else { throw invalid("the shell's phase") }
    screen.shell.phase = phase
    let hasExitCode = try flag()
    let exitCode = try signed()
    if hasExitCode { screen.shell.exitCode = Int32(truncatingIfNeeded: exitCode) }
    screen.shell.commandLine = try text(upTo: EventLog.textLimit)
  }

  private mutating func cursor(_ screen: Screen) throws(KeyframeError) -> Cursor {
    let (row, column) = (try number(upTo: ScreenSize.cellLimit), try number(upTo: ScreenSize.cellLimit))
    guard let edge = Cursor.Edge(rawValue: try byte()) else { throw invalid("a cursor") }
    return Cursor(row: row, column: column, edge: edge)
  }

  private mutating func pen(_ styles: [CellStyle]) throws(KeyframeError) -> CellStyle {
    let number = try number()
    guard styles.indices.contains(number) else { throw invalid("style \(number) of \(styles.count)") }
    return styles[number]
  }

  private mutating func charsets() throws(KeyframeError) -> Charsets {
    guard let charsets = Charsets(state: UInt32(try number(upTo: Int(UInt32.max)))) else {
      throw invalid("charsets")
    }
    return charsets
  }

  private mutating func savedCursor(
    _ screen: Screen, _ styles: [CellStyle]
  ) throws(KeyframeError) -> SavedCursor? {
    guard try flag() else { return nil }
    var saved = SavedCursor()
    saved.cursor = try cursor(screen)
    saved.pen = try pen(styles)
    let flags = try byte()
    saved.isProtected = flags & 1 != 0
    saved.hasOrigin = flags & 2 != 0
    saved.charsets = try charsets()
    return saved
  }

  private mutating func readTabStops(into screen: inout Screen) throws(KeyframeError) {
    screen.tabStops.removeAll()
    var column = 0
    for _ in 0..<(try count()) {
      column += try number(upTo: screen.columns)
      guard column < screen.columns else { throw invalid("a tab stop in column \(column)") }
      screen.tabStops.set(column, true)
    }
  }

  private mutating func readTitles(into screen: inout Screen) throws(KeyframeError) {
    screen.titles.window = try text(upTo: Titles.lengthLimit)
    screen.titles.icon = try text(upTo: Titles.lengthLimit)
    for _ in 0..<(try number(upTo: Titles.stackLimit)) {
      let window = try flag() ? try text(upTo: Titles.lengthLimit) : nil
      let icon = try flag() ? try text(upTo: Titles.lengthLimit) : nil
      screen.titles.stack.append(Titles.Entry(window: window, icon: icon))
    }
  }

  private mutating func colors() throws(KeyframeError) -> [UInt8: UInt32] {
    var colors: [UInt8: UInt32] = [:]
    for _ in 0..<(try count()) {
      let index = try byte()
      colors[index] = UInt32(try number(upTo: 0xFFFFFF))
    }
    return colors
  }

  // MARK: Parser

  /// Whether an unfinished character can have begun so (Unicode table 3-7).
  private func isBeginning(_ parser: Parser) -> Bool {
    let bounds: (UInt8, UInt8)
    switch (parser.missing, parser.scalar) {
    case (1, 2...0x35F), (1, 0x380...0x43FF), (2, 1...0xC), (2, 0xE...0x10F), (3, 1...3):
      bounds = (0x80, 0xBF)
    case (2, 0): bounds = (0xA0, 0xBF)
    case (2, 0xD): bounds = (0x80, 0x9F)
    case (3, 0): bounds = (0x90, 0xBF)
    case (3, 4): bounds = (0x80, 0x8F)
    default: return false
    }
    return bounds == (parser.lowerBound, parser.upperBound)
  }

  mutating func readParser() throws(KeyframeError) -> Parser {
    var parser = Parser()
    guard let state = Parser.State(rawValue: try byte()) else { throw invalid("the parser's state") }
    parser.state = state
    parser.missing = try byte()
    if parser.missing > 0 {
      guard parser.missing <= 3, state == .ground else { throw invalid("an unfinished character") }
      parser.scalar = UInt32(try number(upTo: 0x10FFFF >> (6 * Int(parser.missing))))
      parser.lowerBound = try byte()
      parser.upperBound = try byte()
      guard isBeginning(parser) else { throw invalid("an unfinished character") }
    }
    guard state != .ground else { return parser }
    parser.prefix = try byte()
    parser.intermediate = try byte()
    guard let kind = ControlString.Kind(rawValue: try byte()) else { throw invalid("a control string") }
    parser.stringKind = kind
    parser.value = UInt32(try number(upTo: Int(Parameters.maximum)))
    parser.hasValue = try flag()
    parser.isAfterColon = try flag()
    let values = try number(upTo: Parameters.limit)
    var parameters: [UInt32] = []
    for _ in 0..<values { parameters.append(UInt32(try number(upTo: Int(Parameters.maximum)))) }
    let colons = UInt64(bitPattern: Int64(try number()))
    for (index, value) in parameters.enumerated() {
      parser.parameters.append(value, afterColon: colons & 1 << UInt64(index) != 0)
    }
    parser.isPayloadCut = try flag()
    parser.payload = try text(upTo: Parser.payloadLimit)
    return parser
  }
}
