/// Text set in lines of limited width, by terminal columns.
struct TextLayout {
  let columns: Int

  /// The words of `text` in lines of at most `columns`; a word that is longer stands alone.
  static func wrap(_ text: some StringProtocol, columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var width = 0
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      let wordWidth = String(word).columnCount
      if width > 0, width + 1 + wordWidth > columns {
        lines.append(line)
        (line, width) = ("", 0)
      }
      line += (width > 0 ? " " : "") + word
      width += wordWidth + (width > 0 ? 1 : 0)
    }
    if width > 0 { lines.append(line) }
    return lines
  }

  /// A piece of prose: words to be wrapped, lines to be kept, or the gap between two.
  enum Block: Equatable { case paragraph(String), verbatim(String), gap }

  /// Splits prose: lines that begin with a space are kept as they are, others run together up to an empty
  /// line.
  static func blocks(_ prose: String) -> [Block] {
    var blocks: [Block] = []
    for line in prose.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy({ $0 == " " }) {
        if let last = blocks.last, last != .gap { blocks.append(.gap) }
      } else if line.first == " " {
        blocks.append(.verbatim(String(line)))
      } else if case .paragraph(let text)? = blocks.last {
        blocks[blocks.count - 1] = .paragraph(text + " " + line)
      } else {
        blocks.append(.paragraph(String(line)))
      }
    }
    if blocks.last == .gap { blocks.removeLast() }
    return blocks
  }

  /// Prose in lines, each with `indent` spaces before it.
  func prose(_ text: String, indent: Int = 0) -> [String] {
    let margin = String(repeating: " ", count: indent)
    return Self.blocks(text).flatMap { block in
      switch block {
      case .gap: [""]
      case .verbatim(let line): [margin + line]
      case .paragraph(let words): Self.wrap(words, columns: columns - indent).map { margin + $0 }
      }
    }
  }

  /// Labels on the left, what they mean on the right. A label longer than `labelColumns` has a line of its
  /// own; where there is no room for two columns, all have.
  func table(_ rows: [(label: String, text: String)], labelColumns: Int, indent: Int = 2) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let hasTwoColumns = labelColumns <= columns * 2 / 5
    let start = hasTwoColumns ? indent + labelColumns + 2 : indent + 6
    return rows.flatMap { row in
      var lines = prose(row.text, indent: start)
      let fits = hasTwoColumns && row.label.columnCount <= labelColumns
      guard fits, let first = lines.first else { return [margin + row.label] + lines }
      lines[0] = (margin + row.label).padded(to: start) + first.dropFirst(start)
      return lines
    }
  }
}
