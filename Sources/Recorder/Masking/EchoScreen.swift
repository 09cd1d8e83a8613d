import Platform

/// A place on the screen that keeps its name while the screen scrolls.
struct ScreenCell: Hashable {
  /// Rows since the session's first.
  var row: Int
  var column: Int
}

/// As much of a terminal as it takes to know where the next character will stand and what stands before it:
/// the cursor, and characters without attributes. Near enough for echo; `Replay/Screen` is the exact one.
struct EchoScreen {
  /// Larger windows are treated as if they had this size.
  static let columnLimit = 1024
  static let rowLimit = 512

  private(set) var columns: Int
  private(set) var rows: Int
  private var cells: [UInt32]
  /// Index of the first row in `cells`, which is a ring of rows.
  private var top = 0
  /// Rows that have left the screen at its top.
  private var scrolled = 0
  private(set) var row = 0
  private(set) var column = 0
  /// The last column is filled; the next character goes to the next row.
  private var waitsToWrap = false
  private var saved = (row: 0, column: 0)
  /// Whether a full-screen program has the other screen (DECSET 1049).
  private(set) var isAlternate = false
  /// Where the cursor was before a carriage return that nothing has followed.
  private(set) var beforeReturn: ScreenCell?

  init(size: WindowSize) {
    columns = min(max(size.columns, 1), Self.columnLimit)
    rows = min(max(size.rows, 1), Self.rowLimit)
    cells = Array(repeating: 0x20, count: columns * rows)
  }

  /// Where the next character will stand.
  var cursor: ScreenCell {
    waitsToWrap
      ? ScreenCell(row: scrolled + row + 1, column: 0) : ScreenCell(row: scrolled + row, column: column)
  }

  /// Where a character of `width` columns will stand.
  func target(width: Int) -> ScreenCell {
    waitsToWrap || column + width > columns
      ? ScreenCell(row: scrolled + row + 1, column: 0) : ScreenCell(row: scrolled + row, column: column)
  }

  /// Where the character after one of `width` columns at `cell` will stand.
  func cell(after cell: ScreenCell, width: Int) -> ScreenCell {
    cell.column + width >= columns
      ? ScreenCell(row: cell.row + 1, column: 0) : ScreenCell(row: cell.row, column: cell.column + width)
  }

  /// Whether the last column is filled, so that the next character goes to the next row.
  var isAtMargin: Bool { waitsToWrap }

  /// The last row.
  var isOnLastRow: Bool { row == rows - 1 }

  /// What stands before the cursor in its row, without blanks at its ends.
  var prefix: [UInt32] { waitsToWrap ? [] : prefix(upTo: column) }

  /// What stands in the cursor's row before a column, without blanks at its ends.
  func prefix(upTo column: Int) -> [UInt32] {
    let start = base(row)
    var text = Array(cells[start..<start + min(column, columns)])
    while text.last == 0x20 { text.removeLast() }
    return Array(text.drop { $0 == 0x20 })
  }

  mutating func resize(to size: WindowSize) {
    let old = self
    self = EchoScreen(size: size)
    scrolled = old.scrolled + old.rows  // no cell keeps its name: rows may have been wrapped anew
    isAlternate = old.isAlternate
    move(old.row, old.column)
    for column in 0..<column { cells[base(row) + column] = old.cells[old.base(old.row) + column] }
  }

  mutating func apply(_ token: OutputToken) {
    switch token {
    case .glyph(let character):
      put(character, width: character.columnCount)
    case .lineFeed: lineFeed()
    case .carriageReturn:
      if beforeReturn == nil { beforeReturn = cursor }
      column = 0
      waitsToWrap = false
      return
    case .backspace:
      column = max(0, column - (waitsToWrap ? 0 : 1))
      waitsToWrap = false
    case .tab: move(row, min(columns - 1, (column / 8 + 1) * 8))
    case .escape(let final): escape(final)
    case .control(let final, let isPrivate, let parameters):
      if final == UInt8(ascii: "m") || isPrivate && !setsScreen(final) { return }
      if isPrivate {
        setMode(parameters, isOn: final == UInt8(ascii: "h"))
      } else {
        control(final, parameters)
      }
    }
    beforeReturn = nil
  }

  private func base(_ row: Int) -> Int { (top + row) % rows * columns }

  mutating func put(_ character: UInt32, width: Int) {
    if width == 0 { return }
    if waitsToWrap || column + width > columns {
      lineFeed()
      column = 0
      waitsToWrap = false
    }
    let start = base(row)
    cells[start + column] = character
    if width == 2, column + 1 < columns { cells[start + column + 1] = 0x20 }
    column += width
    if column >= columns {
      column = columns - 1
      waitsToWrap = true
    }
    beforeReturn = nil
  }

  private mutating func lineFeed() {
    if row < rows - 1 {
      row += 1
      return
    }
    top = (top + 1) % rows
    scrolled += 1
    blank(row, 0..<columns)
  }

  private mutating func move(_ newRow: Int, _ newColumn: Int) {
    row = min(max(newRow, 0), rows - 1)
    column = min(max(newColumn, 0), columns - 1)
    waitsToWrap = false
  }

  private mutating func blank(_ row: Int, _ range: Range<Int>) {
    let start = base(row)
    for column in range { cells[start + column] = 0x20 }
  }

  private mutating func escape(_ final: UInt8) {
    switch final {
    case UInt8(ascii: "7"): saved = (row, column)
    case UInt8(ascii: "8"): move(saved.row, saved.column)
    case UInt8(ascii: "D"): lineFeed()
    case UInt8(ascii: "E"):
      lineFeed()
      column = 0
      waitsToWrap = false
    case UInt8(ascii: "M"): move(row - 1, column)
    case UInt8(ascii: "c"):
      isAlternate = false
      clear()
    default: break
    }
  }

  private func setsScreen(_ final: UInt8) -> Bool { final == UInt8(ascii: "h") || final == UInt8(ascii: "l") }

  private mutating func setMode(_ parameters: [Int?], isOn: Bool) {
    guard parameters.contains(where: { $0 == 1049 || $0 == 1047 || $0 == 47 }), isOn != isAlternate else {
      return
    }
    isAlternate = isOn
    if isOn { saved = (row, column) }
    for row in 0..<rows { blank(row, 0..<columns) }
    scrolled += rows  // cells of one screen are none of the other
    if !isOn { move(saved.row, saved.column) }
  }

  private mutating func clear() {
    for row in 0..<rows { blank(row, 0..<columns) }
    move(0, 0)
    scrolled += rows
  }

  private mutating func control(_ final: UInt8, _ parameters: [Int?]) {
    let count = min(max(parameters[0] ?? 1, 1), Self.columnLimit)
    switch final {
    case UInt8(ascii: "A"): move(row - count, column)
    case UInt8(ascii: "B"): move(row + count, column)
    case UInt8(ascii: "C"), UInt8(ascii: "a"): move(row, column + count)
    case UInt8(ascii: "D"): move(row, column - count)
    case UInt8(ascii: "E"): move(row + count, 0)
    case UInt8(ascii: "F"): move(row - count, 0)
    case UInt8(ascii: "G"), UInt8(ascii: "`"): move(row, count - 1)
    case UInt8(ascii: "d"): move(count - 1, column)
    case UInt8(ascii: "H"), UInt8(ascii: "f"):
      move(count - 1, (parameters.count > 1 ? parameters[1] ?? 1 : 1) - 1)
    case UInt8(ascii: "r"): move(0, 0)
    case UInt8(ascii: "s"): saved = (row, column)
    case UInt8(ascii: "u"): move(saved.row, saved.column)
    case UInt8(ascii: "J"), UInt8(ascii: "K"), UInt8(ascii: "X"), UInt8(ascii: "P"), UInt8(ascii: "@"):
      erase(final, parameters[0] ?? 0, count)
    case UInt8(ascii: "b"): move(row, column + count)
    default: break
    }
  }

  private mutating func erase(_ final: UInt8, _ mode: Int, _ count: Int) {
    let end = min(columns, column + count)
    switch final {
    case UInt8(ascii: "J"):
      if mode != 1 { blank(row, column..<columns) }
      if mode == 1 || mode == 2 { for row in 0..<row { blank(row, 0..<columns) } }
      if mode == 2 { blank(row, 0..<columns) }
      if mode != 1 { for row in row + 1..<max(rows, row + 1) { blank(row, 0..<columns) } }
    case UInt8(ascii: "K"):
      blank(row, (mode == 0 ? column : 0)..<(mode == 1 ? min(column + 1, columns) : columns))
    case UInt8(ascii: "X"): blank(row, column..<end)
    default:
      // Only what is left of the cursor is ever asked for: what shifts is on its right.
      blank(row, column..<end)
    }
  }
}

extension UInt32 {
  /// Columns of a character as the scanner names them.
  var columnCount: Int {
    if 0x20..<0x7F ~= self { return 1 }
    return UnicodeScalar(self).map { String(Character($0)).columnCount } ?? 1
  }
}
