/// Operations to what they do.
extension Screen: OperationReceiver {
  @inline(__always) var rendition: CellStyle {
    get { pen }
    set {
      pen = newValue
      changePen()
    }
  }

  @inline(__always)
  mutating func lineFeed() {
    index()
    if modes.contains(.newLine) { carriageReturn() }
  }

  mutating func perform(_ operation: Operation) {
    switch operation {
    case .cr: carriageReturn()
    case .bs: left(1)
    case .ht: horizontalTab()
    case .cup(let row, let column): position(row: Int(row), column: Int(column))
    case .cuu(let count): up(count)
    case .cud(let count): down(count)
    case .cuf(let count): right(count)
    case .cub(let count): left(count)
    case .cha(let column): moveTo(column: column)
    case .vpa(let row): moveTo(row: row)
    case .el(let extent, let selective): eraseLine(extent, selective: selective)
    case .ed(let extent, let selective): eraseDisplay(extent, selective: selective)
    case .ech(let count): eraseCharacters(count)
    case .ich(let count): insertCharacters(count)
    case .dch(let count): deleteCharacters(count)
    case .il(let count): insertLines(count)
    case .dl(let count): deleteLines(count)
    case .decset(let number): setPrivateMode(number, true)
    case .decrst(let number): setPrivateMode(number, false)
    case .rep(let count): repeatLast(count)
    default: performRare(operation)
    }
  }

  private mutating func performRare(_ operation: Operation) {
    switch operation {
    case .bel: events.append(.bell)
    case .ind: index()
    case .ri: reverseIndex()
    case .nel:
      index()
      carriageReturn()
    case .cnl(let count):
      down(count)
      carriageReturn()
    case .cpl(let count):
      up(count)
      carriageReturn()
    case .vpr(let count): moveTo(row: cursor.row + count, column: cursor.column)
    case .hpr(let count): moveTo(row: cursor.row, column: cursor.column + count)
    case .cht(let count): tab(count)
    case .cbt(let count): backTab(count)
    case .hts: tabStops.set(cursor.column, true)
    case .tbc(let which): clearTabs(which)
    case .decst8c: tabStops = TabStops(columns: columns)
    case .su(let count):
      scrollUp(count)
      refreshPending()
    case .sd(let count):
      scrollDown(count)
      refreshPending()
    case .sl(let count): shiftColumns(from: margins.left, by: count, isInsertion: false)
    case .sr(let count): shiftColumns(from: margins.left, by: count, isInsertion: true)
    case .decic(let count):
      if isInMargins { shiftColumns(from: cursor.column, by: count, isInsertion: true) }
    case .decdc(let count):
      if isInMargins { shiftColumns(from: cursor.column, by: count, isInsertion: false) }
    case .decbi: backIndex()
    case .decfi: forwardIndex()
    case .decstbm(let top, let bottom): setMargins(top: Int(top), bottom: Int(bottom))
    case .decslrm(let left, let right): setMargins(left: Int(left), right: Int(right))
    case .decera(let area): erase(area, selective: false)
    case .decsera(let area): erase(area, selective: true)
    case .decfra(let code, let area): fill(area, with: code)
    case .deccra(let area, let top, let left): copy(area, top: top, left: left)
    default: performState(operation)
    }
  }

  private mutating func performState(_ operation: Operation) {
    switch operation {
    case .decsc: saveCursor()
    case .decrc, .scorc: restoreCursor()
    case .sm(let number): setStandardMode(number, true)
    case .rm(let number): setStandardMode(number, false)
    case .xtsave(let number): saveMode(number)
    case .xtrestore(let number): restoreMode(number)
    case .decstr: softReset()
    case .ris: reset()
    case .decaln: alignmentPattern()
    case .decsca(let value):
      isPenProtected = value == 1
      if value == 1 { isProtectionISO = false }
      changePen()
    case .spa(let isOn):
      isPenProtected = isOn
      if isOn { isProtectionISO = true }
      changePen()
    case .decscusr(let shape): if shape <= 6 { cursorShape = shape }
    case .decpam: set(.applicationKeypad, true)
    case .decpnm: set(.applicationKeypad, false)
    case .lineSize(let size): setLineSize(size)
    case .ls(let slot): change { $0.left = slot }
    case .lsr(let slot): change { $0.right = slot }
    case .ss(let slot): change { $0.single = slot }
    case .scs(let slot, let charset): change { $0[slot] = charset }
    case .pushTitle(let which): titles.push(which)
    case .popTitle(let which): titles.pop(which)
    case .resizeWish(let rows, let columns):
      events.append(.resizeWish(rows: Int(rows), columns: Int(columns)))
    case .modifyOtherKeys(let level): keyboard.modifyOtherKeys = UInt8(min(level, 3))
    case .pushKeyboard(let flags): keyboard.push(flags)
    case .popKeyboard(let count): keyboard.pop(count)
    case .setKeyboard(let flags, let mode): keyboard.set(flags, mode)
    case .unknown(let prefix, let intermediate, let final):
      events.append(.unknown(prefix: prefix, intermediate: intermediate, final: final))
    default: return
    }
  }

  private mutating func change(_ change: (inout Charsets) -> Void) {
    change(&charsets)
    refreshPlain()
  }

  private mutating func clearTabs(_ which: Int) {
    if which == 0 { tabStops.set(cursor.column, false) }
    if which == 3 { tabStops.removeAll() }
  }

  /// DECDHL and the like: kept for the renderer. Not while there are side margins.
  private mutating func setLineSize(_ size: LineInfo.Size) {
    guard !modes.contains(.leftRightMargins) else { return }
    grid.update(cursor.row) { $0.size = size }
    hasWideRows = hasWideRows || size != .single
    cursor.column = min(cursor.column, columns(inRow: cursor.row) - 1)
    refreshPending()
  }

  /// After the row under the cursor became another one: no wrap is pending where it does not end.
  private mutating func refreshPending() { if !isAtLineEnd { cursor.edge = .free } }

  /// DECBI: left, and at the left margin the columns of the region move right; above and below it nothing does.
  private mutating func backIndex() {
    cursor.isPending = false
    if cursor.column == margins.left {
      if isInMargins { shiftColumns(from: margins.left, by: 1, isInsertion: true) }
    } else if cursor.column > 0 {
      cursor.column -= 1
    }
  }

  /// DECFI: right, and at the right margin the columns of the region move left; above and below it nothing does.
  private mutating func forwardIndex() {
    cursor.isPending = false
    if cursor.column == margins.right {
      if isInMargins { shiftColumns(from: margins.left, by: 1, isInsertion: false) }
    } else if cursor.column < columns - 1 {
      cursor.column += 1
    }
  }
}
