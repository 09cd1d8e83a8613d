/// A screen as a page of HTML: text that can be selected, in its colors. No script.
enum HTMLStill {
  static func encode(_ canvas: Canvas, _ theme: Theme, title: String?) -> [UInt8] {
    var theme = theme
    if canvas.isReversed { swap(&theme.foreground, &theme.background) }
    let name = SVG.escaped(title ?? "Terminal screen")
    var bytes = Array(
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>\(name)</title>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width">
      <style>
      pre{display:inline-block;margin:0;padding:12px;border-radius:6px;font:15px/1.2 \(SVG.fonts);
      color:\(Look.hex(theme.foreground));background:\(Look.hex(theme.background))}
      pre span{text-underline-offset:1px}
      pre b{display:inline-block;width:2ch;font-weight:inherit;text-decoration:inherit}
      </style></head>
      <body><pre>
      """.utf8)
    for row in 0..<canvas.rows { append(canvas, row, theme, to: &bytes) }
    bytes += "</pre></body></html>\n".utf8
    return bytes
  }

  private static func append(_ canvas: Canvas, _ row: Int, _ theme: Theme, to bytes: inout [UInt8]) {
    var text: [UInt8] = []
    var style: String?
    func close() {
      guard let open = style else { return }
      if open.isEmpty {
        bytes += text
      } else {
        bytes += "<span style=\"\(open)\">".utf8 + text + "</span>".utf8
      }
      text.removeAll(keepingCapacity: true)
    }
    var end = canvas.columns
    while end > 0, canvas[row, end - 1].isBlank, canvas[row, end - 1].style == .plain { end -= 1 }
    if let cursor = canvas.cursor, cursor.row == row {
      end = max(end, min(cursor.column + 1, canvas.columns))
    }
    for column in 0..<end {
      let glyph = canvas[row, column]
      if glyph.kind == .tail { continue }
      var look = Look(glyph.style, in: theme, isReversed: false)
      let isCursor = canvas.cursor.map { $0.row == row && $0.column == column } ?? false
      if isCursor {
        (look.foreground, look.background) = (look.background ?? theme.background, look.foreground)
      }
      let wanted = css(look, theme)
      if wanted != style {
        close()
        style = wanted
      }
      var one: [UInt8] = []
      glyph.append(to: &one)
      if look.isHidden { one = [0x20] }
      if glyph.kind == .wide { text += "<b>".utf8 }
      SVG.escape(one, into: &text)
      if glyph.kind == .wide { text += "</b>".utf8 }
    }
    close()
    bytes.append(0x0A)
  }

  /// As text-decoration-style has it; nil: there is no line.
  private static func kind(_ underline: CellStyle.Underline) -> String? {
    switch underline {
    case .none: nil
    case .single: "solid"
    case .double: "double"
    case .curly: "wavy"
    case .dotted: "dotted"
    case .dashed: "dashed"
    }
  }

  /// The declarations of a look; empty for plain text.
  private static func css(_ look: Look, _ theme: Theme) -> String {
    var text = ""
    if look.foreground != theme.foreground { text += "color:\(Look.hex(look.foreground));" }
    if let background = look.background { text += "background:\(Look.hex(background));" }
    if look.isBold { text += "font-weight:bold;" }
    if look.isItalic { text += "font-style:italic;" }
    if look.isOverlined { text += "box-shadow:inset 0 1px;" }
    if let kind = kind(look.underline) {
      let color = look.underlineColor.map { " " + Look.hex($0) } ?? ""
      text += "text-decoration:underline \(kind)\(color) 1px;"
      if look.isStruck { text += Look.strikeBesideUnderline }
    } else if look.isStruck {
      text += "text-decoration:line-through 1px;"
    }
    return text
  }
}
