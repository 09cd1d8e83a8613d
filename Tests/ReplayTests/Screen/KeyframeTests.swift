import Testing

@testable import Format
@testable import Replay

/// A terminal taken down and set up again goes on as if nothing had been.
@Suite struct KeyframeTests {
  /// What differs between a terminal and its keyframe restored; nil: nothing.
  private static func problem(_ terminal: TerminalScreen, _ again: TerminalScreen) -> String? {
    if let difference = again.screen.difference(from: terminal.screen) { return difference }
    if again.parser != terminal.parser { return "parser \(again.parser), \(terminal.parser)" }
    if again.screen.history.total != terminal.screen.history.total { return "rows that scrolled off" }
    for row in 0..<terminal.rows {
      var (mine, theirs) = (again.screen.grid.info(row), terminal.screen.grid.info(row))
      (mine.version, theirs.version) = (0, 0)
      // How far a row was touched says nothing of what it shows.
      (mine.indent, mine.occupancy) = (theirs.indent, theirs.occupancy)
      if mine != theirs { return "row \(row): \(mine), \(theirs)" }
    }
    return again.screen.brokenInvariant()
  }

  @Test(arguments: 0..<8) func noiseGoesOnFromAnyKeyframe(group: Int) throws {
    for seed in 0..<5 {
      var noise = NoiseStream(seed: UInt64(7000 + group * 100 + seed))
      var random = SeededRandom(seed: UInt64(seed))
      var terminal = TerminalScreen(
        columns: Int.random(in: 1...20, using: &random), rows: Int.random(in: 1...8, using: &random))
      for round in 0..<12 {
        terminal.feed(noise.bytes(12), at: Int64(round) * 1_000_000)
        var again = try Keyframe.restore(Keyframe.encode(terminal))
        #expect(Self.problem(terminal, again) == nil, "seed \(group * 100 + seed), round \(round)")
        let rest = noise.bytes(12)
        terminal.feed(rest)
        again.feed(rest)
        #expect(
          Self.problem(terminal, again) == nil, "seed \(group * 100 + seed), round \(round), after more")
        if round % 4 == 3 {
          terminal.resize(
            columns: Int.random(in: 1...20, using: &random), rows: Int.random(in: 1...8, using: &random))
        }
      }
    }
  }

  @Test func aKeyframeInsideOfASequenceGoesOnInIt() throws {
    let stream = Array(
      "a\u{1B}[38;2;1;2:3mb\u{1B}[?1049h\u{1B}]8;id=1;http://a.b\u{7}é中👍\u{1B}Pq#1~\u{1B}\\\u{1B}(0q\u{1B}[>1u"
        .utf8)
    var whole = TerminalScreen(columns: 7, rows: 3)
    whole.feed(stream)
    for cut in 0...stream.count {
      var first = TerminalScreen(columns: 7, rows: 3)
      first.feed(Array(stream[..<cut]))
      var again = try Keyframe.restore(Keyframe.encode(first))
      again.feed(Array(stream[cut...]))
      #expect(Self.problem(whole, again) == nil, "cut at \(cut)")
    }
  }

  @Test func everyRecordingGoesOnFromItsKeyframes() throws {
    let recordings = try RecordedOutput.all(limit: 1 << 16)
    #expect(recordings.count >= 7)
    for recording in recordings {
      var terminal = TerminalScreen(columns: recording.columns, rows: recording.rows)
      var again = terminal
      let step = max(1, recording.pieces.count / 12)
      for (index, piece) in recording.pieces.enumerated() {
        if index % step == 0 { again = try Keyframe.restore(Keyframe.encode(again)) }
        terminal.take(piece)
        again.take(piece)
        guard index % step == 0 || index == recording.pieces.count - 1 else { continue }
        #expect(Self.problem(terminal, again) == nil, "\(recording.name), piece \(index)")
      }
    }
  }

  /// Changes a keyframe and makes its checksum right again.
  private static func forged(_ keyframe: [UInt8], _ change: (inout [UInt8]) -> Void) -> [UInt8] {
    var body = Array(keyframe.dropLast(4))
    change(&body)
    let checksum = Checksum.of(body.span, 0..<body.count)
    return body + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) }
  }

  private static var example: [UInt8] {
    var terminal = TerminalScreen(columns: 8, rows: 4)
    terminal.feed(
      Array(
        "ab中e\u{301}\u{1B}[1;31mx\r\n\u{1B}[?1049h\u{1B}]8;;http://a\u{7}link\u{1B}]0;t\u{7}\u{1B}[22t\u{1B}[5;"
          .utf8))
    return Keyframe.encode(terminal)
  }

  @Test func hostileBytesAreAnErrorAndNothingElse() {
    let example = Self.example
    for length in 0..<example.count {
      #expect(throws: KeyframeError.self) { try Keyframe.restore(Array(example[..<length])) }
      let forged = Self.forged(example) { $0.removeLast(min($0.count, example.count - length)) }
      #expect(throws: KeyframeError.self) { try Keyframe.restore(forged) }
    }
    var random = SeededRandom(seed: 11)
    var accepted = 0
    for place in 1..<example.count - 4 {
      for _ in 0..<12 {
        let forged = Self.forged(example) { $0[place] = UInt8.random(in: 0...255, using: &random) }
        guard var terminal = try? Keyframe.restore(forged) else { continue }
        accepted += 1
        // What is accepted is a sound terminal.
        terminal.feed(Array("\u{1B}8x\u{1B}[?1049l\u{1B}8y\r\nzz\u{1B}[3b".utf8))
        #expect(terminal.screen.brokenInvariant() == nil)
      }
    }
    #expect(accepted > 0)
    for _ in 0..<500 {
      let noise = random.bytes(Int.random(in: 0...80, using: &random))
      _ = try? Keyframe.restore(Self.forged([1] + noise + [0, 0, 0, 0]) { _ in })
    }
  }

  @Test func aFlippedBitIsFound() {
    let example = Self.example
    for bit in 0..<example.count * 8 {
      var damaged = example
      damaged[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: KeyframeError.self) { try Keyframe.restore(damaged) }
    }
  }

  @Test func errorsSayWhatIsWrong() {
    #expect(throws: KeyframeError.truncated(offset: 0)) { try Keyframe.restore([]) }
    #expect(throws: KeyframeError.layout(9)) { try Keyframe.restore([9, 0, 0, 0, 0, 0]) }
    #expect(throws: KeyframeError.invalid("a size of 0 by 5", offset: 3)) {
      try Keyframe.restore(Self.forged([1, 0, 5, 0, 0, 0, 0]) { _ in })
    }
    #expect(KeyframeError.layout(9).description.contains("reads 1"))
  }

  @Test func aScreenOfTextIsSmall() throws {
    var random = SeededRandom(seed: 4)
    var terminal = TerminalScreen(columns: 120, rows: 40)
    let words = [
      "connection", "from", "10.0.12.7", "accepted", "error:", "retry", "in", "300ms", "GET", "/api/v1/items",
    ]
    for line in 0..<60 {
      var text = "2026-11-21T08:\(line):17.512Z \u{1B}[3\(line % 7)mINFO\u{1B}[0m"
      while text.utf8.count < 110 { text += " " + words.randomElement(using: &random)! }  // not empty
      terminal.feed(Array((text + "\r\n").utf8), at: Int64(line) * 137_000)
    }
    let keyframe = Keyframe.encode(terminal)
    var deflated: [UInt8] = []
    Deflater(level: 6).deflate(keyframe, flush: .finish, into: &deflated)
    #expect(deflated.count <= 3072, "\(keyframe.count) bytes, \(deflated.count) deflated")
  }
}
