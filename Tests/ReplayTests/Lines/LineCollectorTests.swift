import Format
import Platform
import Testing

@testable import Replay

@Suite struct LineCollectorTests {
  private func texts(_ blocks: [LineBlock]) -> [String] {
    blocks.flatMap { block in
      (0..<block.count).map { String(decoding: block.text[block.range(of: $0)], as: UTF8.self) }
    }
  }

  @Test func linesComeInTheOrderInWhichTheyBegan() {
    let table: [(times: [Int64], order: [Int])] = [
      ([], []), ([5], [0]), ([1, 2, 2, 3], [0, 1, 2, 3]), ([4, 1, 2, 3], [1, 2, 3, 0]),
      ([1, 2, 9, 3, 4, 0], [5, 0, 1, 3, 4, 2]), ([3, 3, 1, 3, 1], [2, 4, 0, 1, 3]),
    ]
    for (times, order) in table {
      for isMoved in [false, true] {
        var collector = LineCollector()
        var lines = LineBlock()
        for (index, time) in times.enumerated() {
          let line = SettledLine(Array("line \(index)".utf8), at: time)
          if isMoved { lines.append(line) } else { collector.append(line) }
        }
        collector.take(&lines)
        collector.finish()
        if texts(collector.blocks) != order.map({ "line \($0)" }) {
          Issue.record("\(times): \(texts(collector.blocks))")
        }
        #expect(lines.count == 0)
      }
    }
  }

  @Test func fullBlocksAreCutBetweenLines() {
    for isSorted in [true, false] {
      var lines = LineBlock()
      for index in 0..<3000 {
        lines.append(SettledLine(Array("\(index) \(String(repeating: "x", count: index % 90))".utf8), at: 7))
      }
      if !isSorted { lines.append(SettledLine(Array("first".utf8), at: 1)) }
      var collector = LineCollector()
      collector.take(&lines)
      collector.finish()
      #expect(collector.blocks.count > 2)
      for block in collector.blocks.dropLast() {
        #expect(block.isFull && block.text.count < LineBlock.byteCount + 100)
      }
      let found = texts(collector.blocks)
      #expect(found.count == (isSorted ? 3000 : 3001))
      #expect(found.first == (isSorted ? "0 " : "first") && found.last?.hasPrefix("2999 ") == true)
      for block in collector.blocks {
        #expect(
          (0..<block.count).allSatisfy {
            block[$0].runs == [.init(end: block[$0].text.count, milliseconds: block[$0].first)]
          })
      }
    }
  }
}
