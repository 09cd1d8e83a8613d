import Testing

@testable import Platform

@Suite struct ProgressBarTests {
  private func line(
    _ done: Int64, _ total: Int64?, seconds: Int64 = 10, columns: Int = 80, unit: ProgressText.Unit = .bytes
  ) -> String {
    ProgressText(
      "Indexing", done: done, total: total, unit: unit, elapsedMicroseconds: seconds * 1_000_000
    ).line(columns: columns)
  }

  @Test func oneLineShowsBarPercentAmountsAndTimeLeft() {
    let mebibyte: Int64 = 1 << 20
    let cases: [(String, String)] = [
      (
        line(50 * mebibyte, 100 * mebibyte),
        "Indexing  [=============>              ]   50%  50.0 MiB of 100.0 MiB  0:10 left"
      ),
      (line(50, 100, columns: 60), "Indexing  [=======>        ]   50%  50 B of 100 B  0:10 left"),
      (line(50, 100, columns: 45), "Indexing   50%  50 B of 100 B  0:10 left"),
      (line(50, 100, columns: 30), "Indexing   50%  0:10 left"), (line(50, 100, columns: 10), "Indexing  "),
      (line(50, nil), "Indexing  50 B"), (line(7, nil, unit: .items("recordings")), "Indexing  7 recordings"),
      (line(0, 100, columns: 60), "Indexing  [                            ]    0%  0 B of 100 B"),
      (line(200, 100, columns: 60), "Indexing  [=========================>]  100%  200 B of 100 B"),
      (line(0, 0), "Indexing  0 B of 0 B"), (line(50, 100, seconds: 0, columns: 20), "Indexing   50%"),
      (line(1, 4, columns: 30, unit: .items("files")), "Indexing   25%  0:30 left"),
      (line(1, 100, columns: 0), ""),
    ]
    for (found, expected) in cases { #expect(found == expected) }
  }

  @Test func noLineIsLongerThanTheTerminal() {
    for columns in 0...120 {
      for total in [nil, 0, 1, 1000, Int64.max] as [Int64?] {
        for done in [0, 1, 999, Int64.max] {
          let width = line(done, total, columns: columns).columnCount
          if width > columns {
            Issue.record("\(done) of \(String(describing: total)) at \(columns): \(width)")
          }
        }
      }
    }
  }

  @Test func clocksShowHoursOnlyWhereThereAreSome() {
    let cases: [(Int64, String)] = [
      (0, "0:00"), (1, "0:01"), (59_000_000, "0:59"), (3_599_000_000, "59:59"), (3_723_000_000, "1:02:03"),
    ]
    for (microseconds, text) in cases { #expect(ProgressText.clock(microseconds) == text) }
  }

  @Test func drawsSeldomAndErasesItselfOnATerminal() throws {
    let pty = try TestTerminal(WindowSize(columns: 60, rows: 10))
    let time = ManualTime(timestamp: Timestamp(microseconds: 0))
    let bar = ProgressBar(
      "Indexing", unit: .bytes, time: time, terminal: try pty.terminal.duplicate(),
      environment: Environment(["TERM": "xterm"]))
    bar.update(1, of: 100)
    #expect(try pty.output() == "")
    time.advance(byMicroseconds: 2_000_000)
    for _ in 0..<1000 { bar.update(50, of: 100) }
    #expect(try pty.output() == "\r" + line(50, 100, seconds: 2, columns: 59) + "\u{1B}[K")
    bar.finish()
    bar.finish()
    #expect(try pty.output() == "\r\u{1B}[K")
  }

  @Test func drawsNothingWhereThereIsNoTerminal() throws {
    let pipe = try DescriptorPair.pipe()
    try pipe.first.setNonBlocking(true)
    let time = ManualTime(timestamp: Timestamp(microseconds: 0))
    let bar = ProgressBar("x", unit: .bytes, time: time, terminal: try pipe.second.duplicate())
    time.advance(byMicroseconds: 5_000_000)
    bar.update(1, of: 2)
    bar.finish()
    #expect(try pipe.first.read(upTo: 10) == .wouldBlock)
  }
}
