import Platform

/// A screen as JSON, for programs: size, cursor, lines of text, and every cell with its looks.
///
///     {"cols","rows","cursor":{"row","col","visible"},"lines":[…],
///      "cells":[[{"text","width","fg","bg","bold","faint","italic","underline","blink","reverse","hidden","strike"}]]}
///
/// Rows and columns count from 0; colors are null, 0…255 or "#rrggbb"; tails of wide characters are left out.
struct ScreenJSON {
  private let screen: Screen
  private var bytes: [UInt8] = []
  /// The attributes of each style, as text: most cells share a few.
  private var attributes: [Int: [UInt8]] = [:]

  static func encode(_ screen: Screen) -> [UInt8] {
    var json = ScreenJSON(screen)
    json.write()
    return json.bytes
  }

  private init(_ screen: Screen) { self.screen = screen }

  private mutating func write() {
    let cursor = screen.cursor
    add("{\"cols\":\(screen.columns),\"rows\":\(screen.rows),")
    add("\"cursor\":{\"row\":\(cursor.row),\"col\":\(cursor.column),")
    add("\"visible\":\(screen.modes.contains(.cursorVisible))},\"lines\":[")
    for row in 0..<screen.rows {
      if row > 0 { add(",") }
      JSON.appendString(screen.text(row: row), to: &bytes)
    }
    add("],\"cells\":[")
    for row in 0..<screen.rows {
      add(row > 0 ? ",[" : "[")
      var isFirst = true
      for cell in screen.grid.row(row) where !cell.isTail {
        if !isFirst { add(",") }
        isFirst = false
        write(cell)
      }
      add("]")
    }
    add("]}")
  }

  private mutating func write(_ cell: Cell) {
    var text: [UInt8] = []
    screen.appendText(of: cell, to: &text)
    if text.isEmpty { text = [0x20] }
    add("{\"text\":")
    JSON.appendString(String(decoding: text, as: UTF8.self), to: &bytes)
    add(cell.isWide ? ",\"width\":2" : ",\"width\":1")
    let style = cell.style
    if let known = attributes[style] {
      bytes += known
    } else {
      let start = bytes.count
      write(screen.styles[style])
      attributes[style] = Array(bytes[start...])
    }
    add("}")
  }

  private mutating func write(_ style: CellStyle) {
    add(",\"fg\":")
    write(style.foreground)
    add(",\"bg\":")
    write(style.background)
    let flags: [(String, Bool)] = [
      ("bold", style.flags.contains(.bold)), ("faint", style.flags.contains(.faint)),
      ("italic", style.flags.contains(.italic)), ("underline", style.underline != .none),
      ("blink", style.flags.contains(.blink)), ("reverse", style.flags.contains(.reverse)),
      ("hidden", style.flags.contains(.hidden)), ("strike", style.flags.contains(.strike)),
    ]
    for (name, isOn) in flags { add(",\"\(name)\":\(isOn)") }
  }

  private mutating func write(_ color: CellColor) {
    switch color.meaning {
    case .standard: add("null")
    case .indexed(let index): add("\(index)")
    case .rgb(let red, let green, let blue):
      add("\"#")
      for component in [red, green, blue] {
        bytes.append(Self.digits[Int(component >> 4)])
        bytes.append(Self.digits[Int(component & 0x0F)])
      }
      add("\"")
    }
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private mutating func add(_ text: String) { bytes += text.utf8 }
}
