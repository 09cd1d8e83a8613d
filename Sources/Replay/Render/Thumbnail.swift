/// The last screen of a recording for a report on a terminal: its lines with text, in color, in a frame.
enum Thumbnail {
  /// - Parameters:
  ///   - columns: of the viewer's terminal; wider screens are cut.
  ///   - rows: at most so many lines, the last ones with text.
  static func lines(_ screen: Screen, columns: Int, rows: Int, hasColor: Bool) -> [String] {
    let canvas = Canvas(screen).spaced
    let width = min(canvas.columns, max(1, columns - 4))
    guard let last = (0..<canvas.rows).last(where: { !canvas.text(row: $0).isEmpty }) else { return [] }
    let first = max(0, last - rows + 1)
    let edge = String(repeating: "─", count: width + 2)
    var lines = ["┌\(edge)┐"]
    for row in first...last { lines.append("│ \(text(canvas, row, width, hasColor)) │") }
    return lines + ["└\(edge)┘"]
  }

  /// The whole screen in color, without a frame and without the blank rows at its end.
  static func screen(_ screen: Screen) -> [String] {
    let canvas = Canvas(screen).spaced
    guard let last = (0..<canvas.rows).last(where: { !canvas.text(row: $0).isEmpty }) else { return [] }
    return (0...last).map { row in
      let end = (0..<canvas.columns).last { !canvas[row, $0].isBlank || canvas[row, $0].style != .plain }
      return text(canvas, row, (end ?? -1) + 1, true)
    }
  }

  private static func text(_ canvas: Canvas, _ row: Int, _ width: Int, _ hasColor: Bool) -> String {
    var bytes: [UInt8] = []
    var pen = CellStyle.plain
    for column in 0..<width {
      var glyph = canvas[row, column]
      if glyph.kind == .wide, column + 1 == width { glyph = Glyph(style: glyph.style) }
      if hasColor, glyph.style != pen {
        bytes += "\u{1B}[0\(ScreenDump.parameters(glyph.style))m".utf8
        pen = glyph.style
      }
      glyph.append(to: &bytes)
    }
    if pen != .plain { bytes += "\u{1B}[0m".utf8 }
    return String(decoding: bytes, as: UTF8.self)
  }
}
