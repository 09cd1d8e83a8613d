import Format
import Platform
import Testing

@testable import Replay

@Suite struct PlayerSearchTests {
  private static let events: [(Double, String)] = [
    (0, "start\r\n"), (1, "error one\r\n"), (2, "fine\r\n"), (3, "half an er"), (4, "ror two\r\n"),
    (5, "\u{1B}[2J\u{1B}[Hblank\r\n"), (6, "ERROR three\r\n"),
  ]

  @Test func slashFindsTheMomentAMatchWasWhole() throws {
    let stage = try Stage(Self.events)
    try stage.type("/error\r")
    #expect(stage.player.current == 1_000_000 && stage.player.isPaused, "\(stage.bottom)")
    try stage.type("n")
    #expect(stage.player.current == 4_000_000)
    try stage.type("n")
    #expect(stage.player.current == 6_000_000)
    try stage.type("n")
    #expect(stage.player.current == 6_000_000 && stage.bottom.contains("not found after here"))
    try stage.type("N")
    #expect(stage.player.current == 4_000_000)
    try stage.type("N")
    #expect(stage.player.current == 1_000_000)
    try stage.type("N")
    #expect(stage.player.current == 1_000_000 && stage.bottom.contains("not found before here"))
  }

  @Test func questionMarkSearchesBackwardsAndPatternsAreRegularExpressions() throws {
    let stage = try Stage(Self.events)
    try stage.type("G?^(error|half) [a-z]+\r")
    #expect(stage.player.current == 4_000_000, "\(stage.bottom)")
    try stage.type("n")
    #expect(stage.player.current == 3_000_000)
    try stage.type("N")
    #expect(stage.player.current == 4_000_000)
  }

  @Test func aBadPatternIsExplained() throws {
    let stage = try Stage(Self.events)
    try stage.type("/a(b\r")
    #expect(stage.player.current == 0 && !stage.bottom.isEmpty && stage.player.search == nil)
  }

  @Test func matchesAreMarkedOnTheScreen() throws {
    let stage = try Stage([(0, "日本 needle 漢字"), (1, ".")])
    try stage.type("/needle\r")
    let frame = stage.player.frame()
    let marked = (0..<40).filter { frame[0, $0].style.background == .indexed(11) }
    #expect(marked == Array(5..<11))
  }

  @Test func whatScrollsPastInOnePieceIsFound() throws {
    let flood = (0..<3000).map { "line \($0)\r\n" }.joined()
    let stage = try Stage([(0, "x"), (1, flood), (2, "y")])
    try stage.type("/line 1234$\r")
    #expect(stage.player.current == 1_000_000, "\(stage.bottom)")
  }

  @Test func searchingBackGoesThroughKeyframes() throws {
    var events: [(Double, String)] = [(0, "needle\r\n")]
    for second in 1..<200 {
      events.append((Double(second), String(repeating: "hay \(second) ", count: 2000) + "\r\n"))
    }
    let stage = try Stage(events)
    #expect((stage.player.tape.keyframes.keyframe(atOrBefore: .max)?.microseconds ?? 0) > 100_000_000)
    try stage.type("G?needle\r")
    #expect(stage.player.current == 0 && stage.bottom.contains("/ 3:19"), "\(stage.bottom)")
  }
}
