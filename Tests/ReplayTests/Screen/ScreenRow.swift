import Testing

@testable import Replay

/// One row of a table: bytes in, rows of text and the cursor out.
struct ScreenRow: Sendable {
  let rule: String
  let input: String
  /// Rows of text, without the empty ones at the end.
  let lines: [String]
  /// Row and column from 0, and `true` for a pending wrap.
  let cursor: (Int, Int, Bool)?
  let columns: Int
  let rows: Int

  init(
    _ rule: String, _ input: String, _ lines: [String], at cursor: (Int, Int, Bool)? = nil, columns: Int = 10,
    rows: Int = 4
  ) {
    self.rule = rule
    self.input = input
    self.lines = lines
    self.cursor = cursor
    self.columns = columns
    self.rows = rows
  }

  /// Feeds the input whole and byte by byte; what differs from the expectation, in words.
  func problems() -> [String] {
    var problems: [String] = []
    var whole = TerminalScreen(columns: columns, rows: rows)
    whole.feed(Array(input.utf8))
    var parts = TerminalScreen(columns: columns, rows: rows)
    for byte in input.utf8 { parts.feed([byte]) }
    var lines = whole.lines
    while lines.last == "" { lines.removeLast() }
    if lines != self.lines { problems.append("\(rule): \(lines) for \(self.lines)") }
    let at = whole.screen.cursor
    if let cursor, cursor != (at.row, at.column, at.isPending) {
      problems.append("\(rule): cursor \((at.row, at.column, at.isPending)) for \(cursor)")
    }
    if let broken = whole.screen.brokenInvariant() { problems.append("\(rule): \(broken)") }
    if let difference = parts.screen.difference(from: whole.screen) {
      problems.append("\(rule): byte by byte: \(difference)")
    }
    return problems
  }

  static func check(_ table: [ScreenRow]) {
    let problems = table.flatMap { $0.problems() }
    #expect(problems == [])
  }
}
