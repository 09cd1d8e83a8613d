import Platform
import Testing

@testable import Format
@testable import Replay

/// Whatever comes, in whatever portions: the same screen, sound, and drawn again by its own dump.
@Suite struct ScreenNoiseTests {
  @Test(arguments: 0..<8) func noiseBreaksNothing(group: Int) {
    for seed in 0..<6 {
      if let problem = Self.problem(seed: UInt64(group * 100 + seed)) {
        Issue.record("seed \(group * 100 + seed): \(problem)")
      }
    }
  }

  private static func problem(seed: UInt64) -> String? {
    var noise = NoiseStream(seed: seed)
    var random = SeededRandom(seed: seed ^ 0x55)
    var whole = TerminalScreen(
      columns: Int.random(in: 1...14, using: &random), rows: Int.random(in: 1...7, using: &random),
      scrollbackLimit: Int.random(in: 0...300, using: &random))
    var parts = whole
    for _ in 0..<3 {
      let bytes = noise.bytes(60)
      whole.feed(bytes)
      for byte in bytes {
        parts.feed([byte])
        if let problem = parts.screen.brokenInvariant() { return problem }
      }
      if let difference = parts.screen.difference(from: whole.screen) { return "in parts: " + difference }
      if parts.parser != whole.parser { return "in parts: another state of the parser" }
      if let difference = redrawn(whole).visibleDifference(from: whole.screen) {
        return "dump: " + difference
      }
      let size = (Int.random(in: 0...16, using: &random), Int.random(in: 0...8, using: &random))
      whole.resize(columns: size.0, rows: size.1)
      parts.resize(columns: size.0, rows: size.1)
      if let problem = whole.screen.brokenInvariant() { return "resized: " + problem }
    }
    return nil
  }

  private static func redrawn(_ terminal: TerminalScreen) -> Screen {
    var again = TerminalScreen(columns: terminal.columns, rows: terminal.rows)
    again.feed(ScreenDump.encode(terminal.screen))
    return again.screen
  }

  @Test func randomBytesBreakNothing() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<40 {
      var terminal = TerminalScreen(columns: 20, rows: 5, scrollbackLimit: 20)
      for _ in 0..<8 { terminal.feed(random.bytes(300)) }
      #expect(terminal.screen.brokenInvariant() == nil)
    }
  }

  @Test(
    .enabled(
      if: RecordedOutput.corpus != nil,
      "the corpus is not here: put it at ../shared/corpus or name it in SSMCAST_CORPUS"))
  func recordingsGiveTheSameScreenInPortionsOfAnySize() throws {
    let folder = try #require(RecordedOutput.corpus)
    for name in try File.names(in: folder).sorted()
    where name.contains("cast") || name.hasSuffix(".recording") {
      guard let (size, bytes) = try Self.output(folder + "/" + name) else { continue }
      var whole = TerminalScreen(columns: size.columns, rows: size.rows)
      whole.feed(bytes)
      var parts = TerminalScreen(columns: size.columns, rows: size.rows)
      var random = SeededRandom(seed: 1)
      var start = 0
      while start < bytes.count {
        let end = min(start + Int.random(in: 1...9, using: &random), bytes.count)
        parts.feed(Array(bytes[start..<end]))
        start = end
      }
      let problems = [
        parts.screen.difference(from: whole.screen), whole.screen.brokenInvariant(),
        Self.redrawn(whole).visibleDifference(from: whole.screen),
      ]
      #expect(problems.compactMap { $0 } == [], "\(name)")
    }
  }

  /// The size and the first part of the output of a recording, or of raw bytes; nil for what is neither.
  static func output(_ path: String) throws -> (size: WindowSize, bytes: [UInt8])? {
    if path.hasSuffix(".recording") { return (WindowSize(columns: 80, rows: 24), try File.read(path)) }
    // other formats are not ours to read
    guard let reader = try? RecordingReader(path: path) else { return nil }
    var bytes: [UInt8] = []
    while bytes.count < 1 << 16, let event = try reader.nextEvent() {
      if event.code == .output { bytes += event.bytes }
    }
    return (reader.header.size, bytes)
  }
}
