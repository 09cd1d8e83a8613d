import Testing

@testable import Format
@testable import Replay

@Suite struct HistoryTests {
  /// A search goes on from block to block, and uses again what it dropped.
  @Test func rowsThatAreKeptSayWhatTheySaid() {
    var random = SeededRandom(seed: 5)
    for round in 0..<6 {
      var plain = TerminalScreen(columns: 30, rows: 4, scrollbackLimit: 5000)
      var terminal = TerminalScreen(columns: 30, rows: 4, scrollbackLimit: 2048)
      terminal.screen.history.recyclesBlocks = true
      for _ in 0..<40 {
        let count = Int.random(in: 0...120, using: &random)
        let lines = (0..<count).map { _ in
          "\u{1B}[\(Int.random(in: 31...36, using: &random))m"
            + String(
              repeating: "x\(Int.random(in: 0...99, using: &random)) ",
              count: Int.random(in: 0...9, using: &random))
        }
        let bytes = Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
        plain.feed(bytes)
        terminal.feed(bytes)
        let kept = [0, 0, 1, 100, 256, 700].randomElement(using: &random) ?? 0
        terminal.screen.history.drop(keeping: kept)
        let (history, all) = (terminal.screen.history, plain.screen.history)
        if history.count > kept || history.total != all.total {
          Issue.record("round \(round): \(history.count)")
        }
        for index in 0..<history.count {
          let same = all.row(all.count - history.count + index)
          if history.row(index).cells != same.cells || history.info(index) != same.info {
            Issue.record("round \(round): row \(index) of \(history.count)")
          }
          var text: [UInt8] = []
          terminal.screen.appendHistoryRow(index, to: &text)
          var expected: [UInt8] = []
          plain.screen.appendCells(same.cells, to: &expected)
          if text != expected { Issue.record("round \(round): text of row \(index)") }
        }
        if let problem = terminal.screen.brokenInvariant() { Issue.record("round \(round): \(problem)") }
      }
    }
  }
}
