/// A picture made of character cells: what renderers draw, taken from a screen or put together by the player.
struct Canvas: Equatable, Sendable {
  struct Position: Hashable, Sendable {
    var row: Int
    var column: Int
  }

  let columns: Int
  let rows: Int
  /// Row by row.
  private(set) var glyphs: [Glyph]
  /// How large the letters of each row are: those of double width take the left half of its columns.
  var sizes: [LineInfo.Size]
  /// nil: hidden.
  var cursor: Position?
  /// As DECSCUSR: 0 to 2 block, 3 and 4 underline, 5 and 6 bar.
  var cursorShape = 0
  /// All colors are swapped (DECSCNM).
  var isReversed = false

  /// A blank picture.
  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    glyphs = [Glyph](repeating: .blank, count: columns * rows)
    sizes = [LineInfo.Size](repeating: .single, count: rows)
  }

  /// What a screen shows.
  init(_ screen: Screen) {
    self.init(columns: screen.columns, rows: screen.rows)
    for row in 0..<rows {
      let start = screen.grid.start(row)
      sizes[row] = screen.grid.info(row).size
      for column in 0..<min(columns, Int(screen.grid.info(row).occupancy)) {
        let cell = screen.grid.cells[start + column]
        guard cell != .blank else { continue }
        glyphs[row * columns + column] = Self.glyph(cell, screen)
      }
    }
    if screen.modes.contains(.cursorVisible) {
      cursor = Position(row: screen.cursor.row, column: screen.cursor.column)
    }
    cursorShape = screen.cursorShape
    isReversed = screen.modes.contains(.reverseScreen)
  }

  private static func glyph(_ cell: Cell, _ screen: Screen) -> Glyph {
    var style = screen.styles[cell.style]
    style.link = 0
    style.resolveChangedColors(screen.colors)
    guard cell.isCluster else {
      let scalar = Glyph.isSafe(cell.content) ? cell.content : cell.content == 0 ? 0 : 0xFFFD
      return Glyph(scalar: scalar, kind: cell.kind, style: style)
    }
    let scalars = screen.clusters[cell.content].filter { Glyph.isSafe($0) }
    return Glyph(
      scalar: scalars.first ?? 0xFFFD, marks: Array(scalars.dropFirst()), kind: cell.kind, style: style)
  }

  subscript(row: Int, column: Int) -> Glyph {
    get { glyphs[row * columns + column] }
    set { glyphs[row * columns + column] = newValue }
  }

  func row(_ row: Int) -> ArraySlice<Glyph> { glyphs[row * columns..<(row + 1) * columns] }

  /// A row's text without the blanks at its end.
  func text(row: Int) -> String {
    var bytes: [UInt8] = []
    for glyph in self.row(row) { glyph.append(to: &bytes) }
    while bytes.last == 0x20 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes text from a position on, cut at the right edge; characters take the columns a terminal gives them.
  /// - Returns: the column after the text.
  @discardableResult
  mutating func write(_ text: String, row: Int, column: Int, style: CellStyle = .plain) -> Int {
    guard (0..<rows).contains(row) else { return column }
    var column = column
    for scalar in text.unicodeScalars where Glyph.isSafe(scalar.value) {
      let width = CharacterWidth.of(scalar.value)
      guard column + width <= columns else { break }
      if width == 0 {
        if column > 0 { self[row, column - 1].marks.append(scalar.value) }
        continue
      }
      self[row, column] = Glyph(scalar: scalar.value, kind: width == 2 ? .wide : .narrow, style: style)
      if width == 2 { self[row, column + 1] = Glyph(kind: .tail, style: style) }
      column += width
    }
    return column
  }

  /// Gives a row one look and no text.
  mutating func clear(row: Int, style: CellStyle = .plain) {
    for column in 0..<columns { self[row, column] = Glyph(style: style) }
  }

  /// Copies a part of another picture; halves of wide characters at its edges become blank.
  mutating func draw(
    _ other: Canvas, from origin: Position, rows count: Int, columns width: Int, at target: Position
  ) {
    for row in 0..<count {
      for column in 0..<width {
        var glyph = other[origin.row + row, origin.column + column]
        if glyph.kind == .tail && column == 0 || glyph.kind == .wide && column == width - 1 {
          glyph = Glyph(style: glyph.style)
        }
        self[target.row + row, target.column + column] = glyph
      }
    }
  }

  /// Blanks halves of wide characters whose other half was drawn over.
  mutating func mendHalves() {
    for row in 0..<rows {
      for column in 0..<columns {
        let glyph = self[row, column]
        let isOrphan =
          glyph.kind == .tail && (column == 0 || self[row, column - 1].kind != .wide)
          || glyph.kind == .wide && (column + 1 == columns || self[row, column + 1].kind != .tail)
        if isOrphan { self[row, column] = Glyph(style: glyph.style) }
      }
    }
  }
}

extension CellStyle {
  /// Gives colors that the program changed (OSC 4) their values.
  mutating func resolveChangedColors(_ colors: ColorTable) {
    guard !colors.palette.isEmpty else { return }
    func resolve(_ color: inout CellColor) {
      if case .indexed(let index) = color.meaning, let value = colors.palette[index] {
        color = CellColor(raw: 2 << 24 | value & 0xFF_FFFF)
      }
    }
    resolve(&foreground)
    resolve(&background)
    resolve(&underlineColor)
  }
}
