/// Modes, margins, resets, and the alternate screen.
extension Screen {
  mutating func set(_ mode: Modes, _ isOn: Bool) {
    if isOn { modes.insert(mode) } else { modes.remove(mode) }
  }

  mutating func setStandardMode(_ number: UInt16, _ isOn: Bool) {
    guard let mode = Modes.standard(number) else { return }
    set(mode, isOn)
    refreshPlain()
  }

  /// Whether a DEC private mode is on; nil: unknown.
  func privateMode(_ number: UInt16) -> Bool? {
    switch number {
    case 47, 1047, 1049: isAlternate
    default: Modes.privates(number).map(modes.contains)
    }
  }

  mutating func setPrivateMode(_ number: UInt16, _ isOn: Bool) {
    switch number {
    case 47: switchScreen(toAlternate: isOn)
    case 1047:
      if !isOn, isAlternate { clearScreen() }
      switchScreen(toAlternate: isOn)
    case 1048: if isOn { saveCursor() } else { restoreCursor() }
    case 1049:
      if isOn {
        saveCursor()
        switchScreen(toAlternate: true)
        clearScreen()
      } else {
        switchScreen(toAlternate: false)
        restoreCursor()
      }
    default:
      guard let mode = Modes.privates(number) else { return }
      let wasOn = modes.contains(mode)
      set(mode, isOn)
      applyMode(mode, isOn, wasOn)
    }
  }

  /// What setting or resetting a mode does at once.
  private mutating func applyMode(_ mode: Modes, _ isOn: Bool, _ wasOn: Bool) {
    switch mode {
    case .origin: home()
    case .autowrap:
      if !isOn {
        if cursor.isPending { cursor.edge = .ended }
      } else if cursor.edge == .filled {
        cursor.isPending = true
      }
    case .leftRightMargins:
      if !isOn {
        (margins.left, margins.right) = (0, columns - 1)
        if !isAtLineEnd { cursor.edge = .free }
      }
      // Lines of double size and side margins exclude each other (DEC STD 070).
      if isOn { for row in 0..<rows { grid.update(row) { $0.size = .single } } }
    case .wideColumns: changeColumns(isOn ? 132 : 80)
    case .synchronizedUpdate: if isOn != wasOn { events.append(isOn ? .updateBegan : .updateEnded) }
    default: return
    }
  }

  /// DECCOLM: a new page. Of the width only where mode 40 allows it.
  private mutating func changeColumns(_ columns: Int) {
    if modes.contains(.allowWideColumns), columns != self.columns {
      resize(to: ScreenSize(columns: columns, rows: rows))
    }
    resetMargins()
    if !modes.contains(.keepsOnColumnChange) { clearScreen() }
    moveTo(row: 0, column: 0)
  }

  mutating func saveMode(_ number: UInt16) {
    if let isOn = privateMode(number) { savedModes[number] = isOn }
  }

  mutating func restoreMode(_ number: UInt16) {
    if let isOn = savedModes[number] { setPrivateMode(number, isOn) }
  }

  // MARK: Margins

  mutating func resetMargins() {
    margins = Margins(top: 0, bottom: rows - 1, left: 0, right: columns - 1)
  }

  /// DECSTBM, from 1; ignored as a whole unless the region has two rows.
  mutating func setMargins(top: Int, bottom: Int) {
    let last = bottom == 0 ? rows : min(bottom, rows)
    let first = max(top, 1)
    guard first < last else { return }
    (margins.top, margins.bottom) = (first - 1, last - 1)
    home()
  }

  /// DECSLRM while mode 69 is on; SCOSC otherwise.
  mutating func setMargins(left: Int, right: Int) {
    guard modes.contains(.leftRightMargins) else { return saveCursor() }
    let last = right == 0 ? columns : min(right, columns)
    let first = max(left, 1)
    guard first < last else { return }
    (margins.left, margins.right) = (first - 1, last - 1)
    home()
  }

  // MARK: Screens

  mutating func clearScreen() {
    refreshEraser()
    grid.clearAll(with: eraser)
    cursor.isPending = false
    hasWideRows = inactiveGrid != nil && hasWideRows
  }

  /// Shows the other screen. The cursor stays where it is; each screen has its own saved one.
  mutating func switchScreen(toAlternate: Bool) {
    guard toAlternate != isAlternate else { return }
    settle()
    var other = inactiveGrid ?? Grid(columns: columns, rows: rows, version: grid.version)
    // The numbers of changes are unique across both.
    other.version = max(other.version, grid.version)
    swap(&grid, &other)
    keyboard.switchScreen()
    inactiveGrid = other
    swap(&saved, &inactiveSaved)
    isAlternate = toAlternate
    cursor.isPending = false
    events.append(.alternateScreen(isOn: toAlternate))
  }

  // MARK: Resets

  /// DECSTR: text stays, and so does the cursor's place.
  mutating func softReset() {
    set(.cursorVisible, true)
    set(.autowrap, true)
    for mode: Modes in [
      .insert, .origin, .applicationCursor, .applicationKeypad, .leftRightMargins, .reverseWrap,
      .extendedReverseWrap, .keyboardLocked,
    ] { set(mode, false) }
    resetMargins()
    pen = .plain
    isPenProtected = false
    changePen()
    charsets = Charsets()
    saved = nil
    cursorShape = 0
    cursor.isPending = false
    refreshPlain()
  }

  /// RIS: as new, but for what is outside of the screen: titles' history of events, tables, the clock.
  mutating func reset() {
    settle()
    if isAlternate { switchScreen(toAlternate: false) }
    if modes.isSuperset(of: [.wideColumns, .allowWideColumns]) {
      resize(to: ScreenSize(columns: 80, rows: rows))
    }
    if modes.contains(.synchronizedUpdate) { events.append(.updateEnded) }
    softReset()
    modes = .initial
    refreshPlain()
    inactiveGrid = nil
    inactiveSaved = nil
    savedModes = [:]
    tabStops = TabStops(columns: columns)
    titles = Titles()
    colors = ColorTable()
    shell = ShellState()
    keyboard = KeyboardState()
    isProtectionISO = false
    lastPrinted = 0
    history.removeAll()
    clearScreen()
    moveTo(row: 0, column: 0)
  }

  /// DECALN: the whole page filled with E, margins reset, the cursor at home.
  mutating func alignmentPattern() {
    resetMargins()
    for row in 0..<rows {
      grid.clear(row, with: Cell(bits: 0x45))
    }
    moveTo(row: 0, column: 0)
  }
}
