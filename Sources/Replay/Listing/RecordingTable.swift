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

  /// Reasons and titles can be long; the fields and `--json` have them whole.
  private static func short(_ text: String) -> String {
    text.columnCount <= 32 ? text : String(text.prefix(31)) + "…"
  }

  /// A heading and one line a recording. What plays it comes last: its session id, else its path.
  static func lines(_ list: [RecordingFacts], style: Style, zone: (Timestamp) -> Int) -> [String] {
    let rows = list.map { facts in
      [
        facts.started.map { TimeText.local($0, zone: zone) } ?? "-", TimeText.length(facts.microseconds),
        facts.byteCount.map { ByteCount.text($0) } ?? "-", facts.state.word, facts.target ?? "-",
        facts.people ?? "-", short(facts.purpose ?? "-"), facts.sessionID ?? facts.path,
      ].map(\.printable)
    }
    let widths = titles.indices.map { column in
      ([titles] + rows).map { $0[column].columnCount }.max() ?? 0
    }
    func line(_ row: [String]) -> [String] {
      zip(row, widths).enumerated().map { column, cell in
        let (text, width) = cell
        if column == row.count - 1 { return text }
        let blanks = String(repeating: " ", count: max(0, width - text.columnCount))
        return column == 1 || column == 2 ? blanks + text : text + blanks
      }
    }
    let heading = style.bold(line(titles).joined(separator: "  "))
    return [heading]
      + zip(rows, list).map { row, facts in
        var cells = line(row)
        switch facts.state {
        case .damaged: cells[3] = style.red(cells[3])
        case .unfinished: cells[3] = style.yellow(cells[3])
        default: break
        }
        return cells.joined(separator: "  ")
      }
  }
}
