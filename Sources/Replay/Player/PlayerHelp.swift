import Format
import Platform

extension Player {
  /// The help in as many boxes as it takes: each key of the player's opens the next one, and after the last closes it.
  var helpPages: [[String]] {
    let table = options.bindings.table
    let width = size.columns >= 80 ? min(KeyBindings.keyColumns, table.map(\.keys.columnCount).max() ?? 0) : 0
    let lines = table.map { $0.keys.padded(to: width) + "  " + $0.help }
    let room = max(1, contentRows - 2)
    if lines.count <= room { return [lines] }
    // One line of each box says that there are more.
    let count = max(1, room - 1)
    let starts = Array(stride(from: 0, to: lines.count, by: count))
    return starts.enumerated().map { page, start in
      let part = Array(lines[start..<min(start + count, lines.count)])
      return room < 2 ? part : part + ["\(page + 1)/\(starts.count)  any key goes on"]
    }
  }

  /// Goes to the next box of the help, or closes it.
  mutating func turnHelp() {
    guard let page = helpPage else { return }
    helpPage = page + 1 < helpPages.count ? page + 1 : nil
  }
}
