/// Cells to text.
extension Screen {
  /// A row's text: blanks in between are spaces, those at the end are trimmed; spacers and tails are nothing.
  func text(row: Int) -> String {
    var bytes: [UInt8] = []
    appendText(of: grid.row(row), to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The text of the history's row `index`, counted from the oldest.
  func historyText(_ index: Int) -> String {
    var bytes: [UInt8] = []
    appendText(of: history.row(index).cells, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends cells as UTF-8, without the spaces at their end.
  func appendText(of cells: ArraySlice<Cell>, to bytes: inout [UInt8]) {
    let start = bytes.count
    for cell in cells where !cell.isTail { appendText(of: cell, to: &bytes) }
    while bytes.count > start, bytes.last == 0x20 { bytes.removeLast() }
  }

  /// Appends a cell's text, a space for a blank one, nothing for a spacer.
  func appendText(of cell: Cell, to bytes: inout [UInt8]) {
    if cell.isCluster {
      for scalar in clusters[cell.content] { Self.appendUTF8(scalar, to: &bytes) }
    } else if cell.content != 0 {
      Self.appendUTF8(cell.content, to: &bytes)
    } else if cell.kind != .spacer {
      bytes.append(0x20)
    }
  }

  static func appendUTF8(_ scalar: UInt32, to bytes: inout [UInt8]) {
    func tail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: scalar >> shift & 0x3F | 0x80) }
    switch scalar {
    case ..<0x80: bytes.append(UInt8(truncatingIfNeeded: scalar))
    case ..<0x800:
      bytes.append(UInt8(truncatingIfNeeded: scalar >> 6 | 0xC0))
      bytes.append(tail(0))
    case ..<0x10000:
      bytes.append(UInt8(truncatingIfNeeded: scalar >> 12 | 0xE0))
      bytes.append(tail(6))
      bytes.append(tail(0))
    default:
      bytes.append(UInt8(truncatingIfNeeded: scalar >> 18 | 0xF0))
      bytes.append(tail(12))
      bytes.append(tail(6))
      bytes.append(tail(0))
    }
  }
}
