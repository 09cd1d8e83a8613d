/// One row of a picture as SVG: backgrounds, shapes, then text placed by columns. Coordinates begin at the row's corner.
struct SVGRow {
  private let glyphs: ArraySlice<Glyph>
  private let theme: Theme
  private let isReversed: Bool
  private var looks: [Look?]
  private var bytes: [UInt8] = []

  /// Where letters stand in a row, in pixels from its top.
  static let baseline = 13.5
  static let fontSize = 15

  /// - Parameter size: larger letters are a part of the row, stretched over all of it.
  static func encode(
    _ glyphs: ArraySlice<Glyph>, _ theme: Theme, isReversed: Bool, size: LineInfo.Size
  ) -> [UInt8] {
    guard size != .single else { return encode(glyphs, theme, isReversed: isReversed) }
    let columns = glyphs.count / 2
    let row = encode(glyphs.prefix(columns), theme, isReversed: isReversed)
    if row.isEmpty { return [] }
    let (top, height) = size == .doubleWidth ? (0, 18) : size == .doubleHeightTop ? (0, 9) : (9, 9)
    let window =
      "<svg width=\"\(SVG.x(2 * columns))\" height=\"18\" viewBox=\"0 \(top) \(SVG.x(columns)) \(height)\" "
      + "preserveAspectRatio=\"none\">"
    return Array(window.utf8) + row + Array("</svg>".utf8)
  }

  private static func encode(_ glyphs: ArraySlice<Glyph>, _ theme: Theme, isReversed: Bool) -> [UInt8] {
    var row = SVGRow(glyphs, theme, isReversed)
    row.drawBackgrounds()
    row.drawShapes()
    row.drawText()
    row.drawLines()
    return row.bytes
  }

  private init(_ glyphs: ArraySlice<Glyph>, _ theme: Theme, _ isReversed: Bool) {
    self.glyphs = glyphs
    self.theme = theme
    self.isReversed = isReversed
    looks = []
    var last: (style: CellStyle, look: Look)?
    for glyph in glyphs {
      if last?.style != glyph.style {
        last = (glyph.style, Look(glyph.style, in: theme, isReversed: isReversed))
      }
      looks.append(last?.look)
    }
  }

  private func glyph(_ column: Int) -> Glyph { glyphs[glyphs.startIndex + column] }

  private func look(_ column: Int) -> Look {
    looks[column] ?? Look(.plain, in: theme, isReversed: isReversed)
  }

  /// Calls `body` with each run of columns for which `key` gives the same value that is not nil.
  private func forEachRun<Key: Equatable>(
    _ key: (Int) -> Key?, _ body: (Range<Int>, Key) -> Void
  ) {
    var start = 0
    while start < glyphs.count {
      guard let value = key(start) else {
        start += 1
        continue
      }
      var end = start + 1
      while end < glyphs.count, key(end) == value { end += 1 }
      body(start..<end, value)
      start = end
    }
  }

  private mutating func drawBackgrounds() {
    var out: [UInt8] = []
    forEachRun {
      look($0).background
    } _: { range, color in
      out +=
        "<rect x=\"\(SVG.x(range.lowerBound))\" width=\"\(SVG.x(range.count))\" height=\"18\" fill=\"\(Look.hex(color))\"/>"
        .utf8
    }
    bytes += out
  }

  // MARK: Shapes

  private struct ShapeKey: Equatable {
    var color: UInt32
    var opacity: Double
  }

  private func shape(_ column: Int) -> CellShape? {
    let glyph = glyph(column)
    guard glyph.scalar >= 0x2500, glyph.kind == .narrow, glyph.marks.isEmpty, !look(column).isHidden else {
      return nil
    }
    return CellShape(glyph.scalar)
  }

  private mutating func drawShapes() {
    var out: [UInt8] = []
    forEachRun { column in
      shape(column).map { ShapeKey(color: look(column).foreground, opacity: $0.opacity) }
    } _: { range, key in
      var fill = ""
      var lines = ""
      for column in range {
        guard let shape = shape(column) else { continue }
        let x = Double(column) * CellShape.width
        fill += Self.path(shape, x)
        for stroke in shape.strokes { lines += Self.path(stroke, x) }
      }
      let color = Look.hex(key.color)
      if !fill.isEmpty {
        let opacity = key.opacity < 1 ? " opacity=\"\(SVG.number(key.opacity))\"" : ""
        out += "<path fill=\"\(color)\"\(opacity) d=\"\(fill)\"/>".utf8
      }
      if !lines.isEmpty { out += "<path class=\"l\" stroke=\"\(color)\" d=\"\(lines)\"/>".utf8 }
    }
    bytes += out
  }

  private static func path(_ shape: CellShape, _ x: Double) -> String {
    var text = ""
    for one in shape.rectangles {
      let (left, top) = (SVG.number(x + one.left), SVG.number(one.top))
      text +=
        "M\(left) \(top)H\(SVG.number(x + one.right))V\(SVG.number(one.bottom))H\(left)z"
    }
    for points in shape.polygons {
      for (index, point) in points.enumerated() {
        text += "\(index == 0 ? "M" : "L")\(SVG.number(x + point.x)) \(SVG.number(point.y))"
      }
      text += "z"
    }
    return text
  }

  private static func path(_ stroke: CellShape.Stroke, _ x: Double) -> String {
    let start = "M\(SVG.number(x + stroke.fromX)) \(SVG.number(stroke.fromY))"
    let end = "\(SVG.number(x + stroke.toX)) \(SVG.number(stroke.toY))"
    guard let controlX = stroke.controlX, let controlY = stroke.controlY else { return start + "L" + end }
    return start + "Q\(SVG.number(x + controlX)) \(SVG.number(controlY)) " + end
  }

  // MARK: Text

  private struct TextKey: Equatable {
    var look: Look
    /// Characters whose width a font may not keep are placed one by one.
    var column: Int?
  }

  private func textKey(_ column: Int) -> TextKey? {
    let glyph = glyph(column)
    guard glyph.kind != .tail, glyph.kind != .spacer, glyph.scalar != 0, shape(column) == nil else {
      return nil
    }
    var look = look(column)
    if look.isHidden { return nil }
    look.background = nil
    let isPlain = glyph.scalar < 0x250 && glyph.kind == .narrow && glyph.marks.isEmpty
    return TextKey(look: look, column: isPlain ? nil : column)
  }

  private mutating func drawText() {
    var out: [UInt8] = []
    forEachRun(textKey) { range, key in
      // Spaces at the ends draw nothing.
      var range = range
      while !range.isEmpty, glyph(range.lowerBound).isBlank { range = range.dropFirst() }
      while !range.isEmpty, glyph(range.upperBound - 1).isBlank { range = range.dropLast() }
      if range.isEmpty { return }
      let isWide = glyph(range.lowerBound).kind == .wide
      out += "<text x=\"\(SVG.x(range.lowerBound))\" y=\"\(Self.baseline)\"".utf8
      if range.count > 1 || key.column != nil {
        let columns = isWide ? 2 : range.count
        let adjust = key.column == nil ? "" : " lengthAdjust=\"spacingAndGlyphs\""
        out += " textLength=\"\(SVG.x(columns))\"\(adjust)".utf8
      }
      if key.look.foreground != theme.foreground { out += " fill=\"\(Look.hex(key.look.foreground))\"".utf8 }
      if key.look.isBold { out += " font-weight=\"bold\"".utf8 }
      if key.look.isItalic { out += " font-style=\"italic\"".utf8 }
      out += ">".utf8
      var text: [UInt8] = []
      for column in range { glyph(column).append(to: &text) }
      SVG.escape(text, into: &out)
      out += "</text>".utf8
    }
    bytes += out
  }

  // MARK: Lines over and under text

  private struct LineKey: Equatable {
    /// Of the underline; the other lines have that of the text.
    var color: UInt32
    var textColor: UInt32
    var underline: CellStyle.Underline
    var isStruck: Bool
    var isOverlined: Bool
  }

  private mutating func drawLines() {
    var out: [UInt8] = []
    forEachRun { column -> LineKey? in
      let look = look(column)
      guard look.underline != .none || look.isStruck || look.isOverlined else { return nil }
      return LineKey(
        color: look.underlineColor ?? look.foreground, textColor: look.foreground, underline: look.underline,
        isStruck: look.isStruck, isOverlined: look.isOverlined)
    } _: { range, key in
      let (start, end) = (SVG.x(range.lowerBound), SVG.x(range.upperBound))
      func line(_ y: Double, _ dashes: String = "", color: UInt32? = nil) {
        out +=
          "<path class=\"l\" stroke=\"\(Look.hex(color ?? key.color))\"\(dashes) d=\"M\(start) \(y)H\(end)\"/>"
          .utf8
      }
      switch key.underline {
      case .none: break
      case .single: line(15.5)
      case .double:
        line(14.5)
        line(16.5)
      case .dotted: line(15.5, " stroke-dasharray=\"1 2\"")
      case .dashed: line(15.5, " stroke-dasharray=\"4 2\"")
      case .curly:
        var path = "M\(start) 15.5"
        for _ in 0..<range.count * 2 { path += "q1.125 -2 2.25 0t2.25 0" }
        out += "<path class=\"l\" stroke=\"\(Look.hex(key.color))\" d=\"\(path)\"/>".utf8
      }
      if key.isStruck { line(9.5, color: key.textColor) }
      if key.isOverlined { line(0.5, color: key.textColor) }
    }
    bytes += out
  }
}

/// Numbers and text of SVG.
enum SVG {
  static let padding = 12

  /// Pixels of so many columns.
  static func x(_ columns: Int) -> Int { columns * Int(CellShape.width) }
  static func y(_ rows: Int) -> Int { rows * Int(CellShape.height) }

  /// At most two digits after the point, none where it is whole.
  static func number(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    return "\(sign)\(whole).\(rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)")"
  }

  /// Appends text as XML and HTML want it, in elements and in quoted attributes.
  static func escape(_ text: [UInt8], into bytes: inout [UInt8]) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      case UInt8(ascii: "'"): bytes += "&#39;".utf8
      case 0..<0x20: bytes.append(0x20)
      default: bytes.append(byte)
      }
    }
  }

  static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    escape(Array(text.utf8), into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Fonts of the system, those with even widths first.
  static let fonts =
    "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono','Noto Sans Mono CJK SC',monospace"

  static func open(columns: Int, rows: Int, title: String?, _ theme: Theme) -> String {
    let (width, height) = (x(columns) + 2 * padding, y(rows) + 2 * padding)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
      font-family="\(fonts)" font-size="\(SVGRow.fontSize)" fill="\(Look.hex(theme.foreground))" role="img">
      \(title.map { "<title>\(escaped($0))</title>\n" } ?? "")\
      <style>text{white-space:pre}.l{fill:none;stroke-width:1}rect,path{shape-rendering:crispEdges}\
      .l{shape-rendering:auto}</style>
      <rect width="\(width)" height="\(height)" rx="6" fill="\(Look.hex(theme.background))"/>

      """
  }

  /// The cursor over a picture whose corner is the origin.
  static func cursor(_ canvas: Canvas, _ theme: Theme) -> String {
    guard let cursor = canvas.cursor, let place = canvas.drawnCursor, place.row < canvas.rows else {
      return ""
    }
    let isWide = canvas[cursor.row, cursor.column].kind == .wide || canvas.sizes[cursor.row] != .single
    let (left, top) = (x(place.column), y(place.row))
    let width = x(isWide ? 2 : 1)
    let color = Look.hex(theme.foreground)
    switch canvas.cursorShape {
    case 3, 4:
      return "<rect x=\"\(left)\" y=\"\(top + 15)\" width=\"\(width)\" height=\"2\" fill=\"\(color)\"/>"
    case 5, 6: return "<rect x=\"\(left)\" y=\"\(top)\" width=\"2\" height=\"18\" fill=\"\(color)\"/>"
    default:
      return
        "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(width)\" height=\"18\" fill=\"\(color)\" opacity=\".55\"/>"
    }
  }
}
