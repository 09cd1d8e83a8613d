import Format
import Platform
import Testing

@testable import Replay

@Suite struct PlayerViewTests {
  /// A screen of 60x20 whose rows are numbered, with the cursor where the test wants it.
  private static func stage(_ size: WindowSize, cursor: String) throws -> Stage {
    let rows = (1...20).map { "row \($0)" + String(repeating: ".", count: 50) + "end" }
    return try Stage(
      [(0, rows.joined(separator: "\r\n") + "\u{1B}[\(cursor)H"), (9, "x")], columns: 60, rows: 20,
      size: size)
  }

  @Test func aLargerTerminalShowsTheScreenAndTheStatusLineBelow() throws {
    let stage = try Self.stage(WindowSize(columns: 100, rows: 30), cursor: "1;1")
    #expect(stage.rows[19].hasPrefix("row 20") && stage.rows[28].isEmpty)
    #expect(stage.bottom.hasPrefix(" ▶ 0:00.0 / 0:09.0") && stage.bottom.contains("2023-11-14 22:13:20"))
  }

  @Test func aSmallerTerminalFollowsTheCursorAndSaysSo() throws {
    let stage = try Self.stage(WindowSize(columns: 50, rows: 6), cursor: "20;60")
    #expect(stage.rows[4].hasSuffix("end") && stage.bottom.contains("view of 60x20"))
    try stage.press(.controlUp, .controlUp)
    #expect(stage.rows[0].contains(".end") && !stage.rows[4].hasPrefix("row 20"))
    for _ in 0..<30 { try stage.press(.controlUp, .controlLeft) }
    #expect(stage.rows[0].hasPrefix("row 1.") && stage.rows[4].hasPrefix("row 5."))
    for _ in 0..<30 { try stage.press(.controlDown, .controlRight) }
    #expect(stage.rows[4].hasSuffix("end"))
  }

  @Test(arguments: [(20, 5), (1, 1), (5, 2), (300, 100)])
  func everythingFitsIntoAnyTerminal(columns: Int, rows: Int) throws {
    let stage = try Self.stage(WindowSize(columns: columns, rows: rows), cursor: "20;60")
    for keys in ["", "h", "h", "/some text\r", "k", "m", "label"] {
      try stage.type(keys)
      let frame = stage.player.frame()
      #expect(frame.columns == columns && frame.rows == rows)
      if let cursor = frame.cursor { #expect(cursor.row < rows && cursor.column < columns) }
    }
  }

  @Test(
    arguments: [
      (45, 12_000_000, 36, "reading [===>      ] 45%  0:15 left"),
      (45, 12_000_000, 30, "reading 45%  0:15 left"),
      (45, 12_000_000, 12, "reading 45%"), (45, 500_000, 80, "reading [===>      ] 45%"),
      (0, 9_000_000, 80, "reading [          ] 0%"), (100, 9_000_000, 80, "reading [=========>] 100%"),
      (1, 90_000_000, 80, "reading [          ] 1%  2:28:30 left"), (200, 1, 80, "reading [=========>] 100%"),
    ] as [(Int64, Int64, Int, String)])
  func theReadingOfARecordingIsABarWithTheTimeLeft(
    done: Int64, elapsed: Int64, columns: Int, text: String
  ) {
    let reading = ReadingProgress(done: done, total: 100, elapsedMicroseconds: elapsed)
    #expect(reading.text(columns: columns) == text)
  }

  @Test func theStatusLineTellsOfTheReadingWhereThereIsRoom() throws {
    for (columns, words) in [
      (100, "reading [===>      ] 45%  0:15 left"), (80, "reading [==="), (60, "reading 45%"),
    ] {
      let stage = try Self.stage(WindowSize(columns: columns, rows: 24), cursor: "1;1")
      stage.player.reading = ReadingProgress(done: 45, total: 100, elapsedMicroseconds: 12_000_000)
      #expect(stage.bottom.contains(words), "\(stage.bottom)")
      stage.player.reading = nil
      #expect(!stage.bottom.contains("reading"))
    }
    #expect(
      ReadingProgress(done: 3 << 20, total: nil, elapsedMicroseconds: 1).text(columns: 80)
        == "reading 3.0 MiB")
  }

  @Test func theStatusLineCanBeTakenAway() throws {
    let stage = try Self.stage(WindowSize(columns: 60, rows: 20), cursor: "20;1")
    #expect(stage.rows[0].hasPrefix("row 2."), "its line is taken from the screen")
    try stage.type("o")
    #expect(stage.rows[0].hasPrefix("row 1.") && stage.bottom.hasPrefix("row 20"))
  }

  @Test func theHelpShowsEveryKeyWhereThereIsRoom() throws {
    let stage = try Self.stage(WindowSize(columns: 100, rows: 50), cursor: "1;1")
    try stage.type("h")
    for line in KeyBindings.standard.table {
      #expect(stage.rows.contains { $0.contains(line.help) && $0.contains(line.keys) })
    }
    try stage.wait(5)
    #expect(stage.player.current == 0, "it waits while help is shown")
    try stage.type("x")
    #expect(stage.rows[0].hasPrefix("row 1."))
  }

  /// In a usual terminal at once, in smaller ones box by box; then the recording is back.
  @Test(arguments: [(80, 24), (100, 50), (60, 12), (40, 12), (20, 5), (9, 3)])
  func theWholeHelpCanBeReadInAnyTerminal(columns: Int, rows: Int) throws {
    let stage = try Self.stage(WindowSize(columns: columns, rows: rows), cursor: "1;1")
    let table = KeyBindings.standard.table
    var seen: Set<String> = []
    var boxes = 0
    try stage.type("h")
    while stage.player.helpPage != nil, boxes < 40 {
      boxes += 1
      for line in table {
        let beginning = String((line.keys + "  " + line.help).prefix(columns - 4))
        let isThere = stage.rows.contains { row in
          columns >= 60 ? row.contains(line.keys) && row.contains(line.help) : row.contains(beginning)
        }
        if isThere { seen.insert(line.help) }
      }
      try stage.type(" ")
    }
    #expect(seen.count == table.count && stage.player.helpPage == nil)
    #expect(rows < 24 ? boxes > 1 : boxes == 1)
  }

  @Test func aNarrowTerminalShowsTheTimeAndWhatIsTyped() throws {
    let stage = try Self.stage(WindowSize(columns: 12, rows: 3), cursor: "1;1")
    #expect(stage.bottom == " ▶ 0:00.0")
    try stage.type("mnote")
    #expect(stage.bottom == "m note")
  }

  @Test func resizesToOneCellAndBackAreShown() throws {
    let stage = try Stage([(0, "hello"), (1, "=1x1"), (2, "=40x6"), (3, "again")])
    try stage.wait(1)
    #expect(stage.player.tape.screen.columns == 1 && stage.rows.count == 7)
    try stage.wait(2)
    #expect(stage.rows[0].hasSuffix("again"))
  }

  @Test func aRecordingWithoutASizeGetsTheUsualOne() throws {
    let stage = try Stage([(0, "hello")], columns: 0, rows: 0, size: WindowSize(columns: 90, rows: 30))
    #expect(stage.player.tape.screen.columns == 80 && stage.rows[0] == "hello")
  }

  @Test func damageIsShownWithItsCauseAndPlayingGoesOn() throws {
    let folder = try TemporaryFolder()
    var random = SeededRandom(seed: 5)
    var events: [Event] = []
    for second in 0..<40 {
      let noise = String(
        (0..<60_000).map { _ in Character(UnicodeScalar(UInt8.random(in: 33...126, using: &random))) })
      events.append(.output(Double(second), "\u{1B}[2J\u{1B}[Hsecond \(second)\r\n" + noise))
    }
    let path = try folder.record("damaged.cast.gz", events)
    var bytes = try File.read(path)
    let middle = bytes.count / 2
    for offset in middle..<middle + 64 { bytes[offset] ^= 0x55 }
    try File.write(bytes, to: path, permissions: 0o600)
    let open = { () throws(FormatError) in try RecordingReader(path: path) }
    let time = ManualTime(timestamp: Timestamp(microseconds: 0))
    var player = Player(
      Tape(try open(), for: .playing), Player.Facts(name: path), options: Player.Options(),
      size: WindowSize(columns: 80, rows: 25), now: time.instant
    ) { () throws(FormatError) in Tape(try open(), for: .searching) }
    try player.open()
    var sawGap = false
    for _ in 0..<2000 where !player.isAtEnd {
      time.advance(byMicroseconds: 100_000)
      try player.advance(to: time.instant)
      if player.gap != nil {
        let frame = player.frame()
        let text = (0..<25).map { frame.text(row: $0) }.joined()
        sawGap = sawGap || text.contains("damaged here") && text.contains("member")
      }
    }
    #expect(sawGap && player.isAtEnd && player.base == 39_000_000)
  }
}
