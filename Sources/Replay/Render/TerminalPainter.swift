/// Draws pictures on a real terminal: what changed since the last one, in escape sequences every terminal knows.
///
/// The only bytes that reach the viewer's terminal are made here, from cells; nothing recorded passes through.
struct TerminalPainter {
  /// What the terminal shows; nil: unknown.
  private var shown: Canvas?
  private var pen: CellStyle?
  private var place: Canvas.Position?
  private var bytes: [UInt8] = []

  /// Begins a session: the other screen, cleared.
  static let opening = Array("\u{1B}[?1049h\u{1B}[0m\u{1B}[2J\u{1B}[H\u{1B}[?25l\u{1B}[?7l".utf8)
  /// Ends it: wrapping and cursor as they are everywhere, and the screen from before.
  static let closing = Array("\u{1B}[0m\u{1B}[0 q\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l".utf8)

  /// Forgets what the terminal shows: the next picture is drawn whole.
  mutating func forget() { shown = nil }

  /// The bytes that make the terminal show `canvas`.
  mutating func paint(_ canvas: Canvas) -> [UInt8] {
    bytes.removeAll(keepingCapacity: true)
    (pen, place) = (nil, nil)
    if canvas == shown { return [] }
    // Terminals that know it (mode 2026) show the picture when it is whole.
    add("\u{1B}[?2026h\u{1B}[?25l")
    if shown == nil || shown?.columns != canvas.columns || shown?.rows != canvas.rows {
      add("\u{1B}[0m\u{1B}[2J")
      shown = Canvas(columns: canvas.columns, rows: canvas.rows)
    }
    for row in 0..<canvas.rows { paintRow(row, canvas) }
    add("\u{1B}[0m")
    if let cursor = canvas.cursor {
      move(to: cursor)
      if canvas.cursorShape != shown?.cursorShape { add("\u{1B}[\(min(max(canvas.cursorShape, 0), 6)) q") }
      add("\u{1B}[?25h")
    }
    add("\u{1B}[?2026l")
    shown = canvas
    return bytes
  }

  private mutating func paintRow(_ row: Int, _ canvas: Canvas) {
    guard let shown else { return }
    let isAllNew = shown.isReversed != canvas.isReversed
    guard isAllNew || shown.row(row) != canvas.row(row) else { return }
    var column = 0
    while column < canvas.columns {
      let glyph = canvas[row, column]
      let width = glyph.kind == .wide ? 2 : 1
      let isSame =
        !isAllNew && glyph == shown[row, column]
        && (width == 1 || column + 1 < canvas.columns && canvas[row, column + 1] == shown[row, column + 1])
      if isSame || glyph.kind == .tail {
        column += 1
        continue
      }
      move(to: Canvas.Position(row: row, column: column))
      select(glyph.style, canvas.isReversed)
      draw(glyph, row, column, width)
      column += width
    }
  }

  private mutating func draw(_ glyph: Glyph, _ row: Int, _ column: Int, _ width: Int) {
    var glyph = glyph.drawable
    // Without wrapping, some terminals give a mark after the last column to the letter before.
    if column + width == shown?.columns { glyph.marks = [] }
    glyph.append(to: &bytes)
    if width == 2, CharacterWidth.of(glyph.scalar) == 1 { bytes.append(0x20) }
    // How wide a terminal draws what is not plain, only the terminal knows: the next character is placed anew.
    let isSure = glyph.scalar < 0x300 && glyph.marks.isEmpty
    place = isSure ? Canvas.Position(row: row, column: column + width) : nil
  }

  private mutating func move(to target: Canvas.Position) {
    if place == target { return }
    add("\u{1B}[\(target.row + 1);\(target.column + 1)H")
    place = target
  }

  private mutating func select(_ style: CellStyle, _ isReversed: Bool) {
    var style = style
    if isReversed { style.flags.formSymmetricDifference(.reverse) }
    if style == pen { return }
    pen = style
    add("\u{1B}[0\(ScreenDump.parameters(style))m")
  }

  private mutating func add(_ text: String) { bytes += text.utf8 }
}
