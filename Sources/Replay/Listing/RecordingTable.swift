import Format
import Platform

/// The lines `ls` prints: aligned columns for people, tab-separated fields for programs.
struct RecordingTable {
  private static let titles = ["START", "LENGTH", "SIZE", "STATE", "TARGET", "USER", "ABOUT", "SESSION"]

  /// One line a recording, fields separated by tabs, none left out: start (UTC), seconds, bytes, state, target,
  /// user, document, session id, title, reason, path.
  static func fields(_ facts: RecordingFacts) -> String {
    let fields: [String] = [
      facts.started.map { CalendarDate($0).rfc3339 } ?? "", TimeText.json(facts.microseconds).text,
      facts.byteCount.map { String($0) } ?? "", facts.state.word, facts.target ?? "", facts.user ?? "",
      facts.document ?? "", facts.sessionID ?? "", facts.header.title ?? "", facts.reason ?? "",
      facts.path,
    ]
    return fields.map(\.printable).joined(separator: "\t")
  }

  /// A heading and one line a recording. What plays it comes last: its session id, else its path.
  ///
  /// - Parameters:
  ///   - list: the recordings, in order.
  ///   - style: how the heading and the state are drawn.
  ///   - zone: minutes east of UTC at a time.
  ///   - width: columns there are. Where the table is wider, ids are cut to what tells them apart, then the rest gives
  ///     way, the state last; nil: as wide as it gets.
  static func lines(
    _ list: [RecordingFacts], style: Style, zone: (Timestamp) -> Int, width: Int? = nil
  ) -> [String] {
    let rows = list.map { facts in Row(facts, zone: zone) }
    let steps: [Narrowing] = width == nil ? [] : Narrowing.allCases
    var layout = Layout(rows, [])
    for count in 0..<steps.count where layout.width > width ?? .max {
      layout = Layout(rows, Set(steps[...count]))
    }
    return layout.lines(list.map(\.state), style)
  }

  /// What is given up for a narrow terminal, in this order.
  private enum Narrowing: CaseIterable {
    case longIDs, longTexts, size, user, length, seconds, target, state
  }

  /// The cells of a recording, printable.
  private struct Row {
    var cells: [String]
    let isWhole: Bool

    init(_ facts: RecordingFacts, zone: (Timestamp) -> Int) {
      cells = [
        facts.started.map { TimeText.local($0, zone: zone) } ?? "-", TimeText.length(facts.microseconds),
        facts.byteCount.map { ByteCount.text($0) } ?? "-", facts.state.word, facts.target ?? "-",
        facts.people ?? "-", facts.purpose ?? "-", facts.sessionID ?? facts.path,
      ].map(\.printable)
      if case .finished = facts.state { isWhole = true } else { isWhole = false }
    }
  }

  private struct Layout {
    private var titles = RecordingTable.titles
    private var rows: [[String]]
    private let columns: [Int]
    private let widths: [Int]

    init(_ rows: [Row], _ given: Set<Narrowing>) {
      let textLimit = given.contains(.longTexts) ? 14 : 32
      let idLength = given.contains(.longIDs) ? Self.tellingLength(rows.map { $0.cells[7] }) : .max
      self.rows = rows.map { row in
        var cells = row.cells
        if given.contains(.seconds) { cells[0] = String(cells[0].prefix(16)) }
        if given.contains(.state), !row.isWhole { cells[6] = cells[3] + ": " + cells[6] }
        // Reasons and titles can be long; the fields and `--json` have them whole.
        cells[6] = cells[6].cut(to: textLimit)
        if cells[7].count > idLength { cells[7] = String(cells[7].prefix(idLength)) }
        return cells
      }
      let dropped: [(Narrowing, Int)] = [(.length, 1), (.size, 2), (.state, 3), (.target, 4), (.user, 5)]
      columns = titles.indices.filter { column in
        !dropped.contains { given.contains($0.0) && $0.1 == column }
      }
      let all = [titles] + self.rows
      widths = titles.indices.map { column in all.map { $0[column].columnCount }.max() ?? 0 }
    }

    /// How many characters tell all ids apart: eight or more, so that one more recording changes nothing.
    private static func tellingLength(_ ids: [String]) -> Int {
      let sorted = ids.map { Array($0) }.sorted { $0.lexicographicallyPrecedes($1) }
      let common = zip(sorted, sorted.dropFirst()).map { first, second in
        first == second ? 0 : zip(first, second).prefix { $0 == $1 }.count
      }
      return max(10, (common.max() ?? 0) + 2)
    }

    var width: Int { columns.reduce(2 * (columns.count - 1)) { $0 + widths[$1] } }

    func lines(_ states: [RecordingFacts.State], _ style: Style) -> [String] {
      func padded(_ row: [String]) -> [String] {
        row.enumerated().map { column, text in
          if column == row.count - 1 { return text }
          let blanks = String(repeating: " ", count: max(0, widths[column] - text.columnCount))
          return column == 1 || column == 2 ? blanks + text : text + blanks
        }
      }
      func joined(_ cells: [String]) -> String { columns.map { cells[$0] }.joined(separator: "  ") }
      return [style.bold(joined(padded(titles)))]
        + zip(rows, states).map { row, state in
          var cells = padded(row)
          switch state {
          case .damaged: cells[3] = style.red(cells[3])
          case .unfinished: cells[3] = style.yellow(cells[3])
          default: break
          }
          return joined(cells)
        }
    }
  }
}

extension String {
  /// Its beginning, of so many columns at most.
  fileprivate func cut(to limit: Int) -> String {
    if columnCount <= limit { return self }
    var text = ""
    var width = 0
    for character in self {
      width += String(character).columnCount
      if width >= limit { break }
      text.append(character)
    }
    return text + "…"
  }
}
