/// A screen as a picture in SVG: system fonts, lines that join, wide characters where their columns are.
enum SVGPicture {
  /// - Parameter title: read out by screen readers, shown by browsers.
  static func encode(_ canvas: Canvas, _ theme: Theme, title: String?) -> [UInt8] {
    var theme = theme
    if canvas.isReversed { swap(&theme.foreground, &theme.background) }
    var bytes = Array(SVG.open(columns: canvas.columns, rows: canvas.rows, title: title, theme).utf8)
    bytes += "<g transform=\"translate(\(SVG.padding) \(SVG.padding))\">\n".utf8
    for row in 0..<canvas.rows {
      let drawn = SVGRow.encode(canvas.row(row), theme, isReversed: false, size: canvas.sizes[row])
      if drawn.isEmpty { continue }
      bytes += row == 0 ? "<g>".utf8 : "<g transform=\"translate(0 \(SVG.y(row)))\">".utf8
      bytes += drawn
      bytes += "</g>\n".utf8
    }
    bytes += SVG.cursor(canvas, theme).utf8
    bytes += "</g>\n</svg>\n".utf8
    return bytes
  }
}
