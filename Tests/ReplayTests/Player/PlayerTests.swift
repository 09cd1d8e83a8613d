import Format
import Platform
import Testing

@testable import Replay

@Suite struct PlayerTests {
  @Test func showsEachOutputAtItsTime() throws {
    let stage = try Stage([(0, "a"), (1, "b"), (3, "c")])
    #expect(stage.text == "a")
    try stage.wait(0.9)
    #expect(stage.text == "a")
    try stage.wait(0.1)
    #expect(stage.text == "ab")
    try stage.wait(5)
    #expect(stage.text == "abc" && stage.player.isAtEnd && !stage.player.isFinished)
  }

  @Test func theSpeedDividesTheWaiting() throws {
    let stage = try Stage([(0, "a"), (4, "b"), (8, "c"), (100, "d")])
    try stage.press(.up, .up)
    try stage.wait(1)
    #expect(stage.text == "ab" && stage.player.speed == 4)
    try stage.press(.backspace)
    try stage.wait(3.9)
    #expect(stage.text == "ab")
    for _ in 0..<12 { try stage.press(.character("+")) }
    #expect(stage.player.speed == 64)
    for _ in 0..<20 { try stage.press(.down) }
    #expect(stage.player.speed == 0.25)
  }

  @Test(arguments: [(IdleMode.all, 100.0), (.limit(2_000_000), 2), (.logarithmic, 4.6152)])
  func pausesAreShownAsTheModeSays(idle: IdleMode, shown: Double) throws {
    let stage = try Stage([(0, "a"), (100, "b"), (101, "c")]) { $0.idle = idle }
    try stage.wait(shown - 0.01)
    #expect(stage.text == "a")
    try stage.wait(0.02)
    #expect(stage.text == "ab")
    #expect(abs(stage.player.skipped - (100 - shown) * 1e6) < 1000)
  }

  @Test func theClockRunsFasterThroughAShortenedPause() throws {
    let stage = try Stage([(0, "a"), (100, "b")]) { $0.idle = .limit(2_000_000) }
    try stage.wait(1)
    #expect(stage.player.current == 50_000_000)
  }

  @Test func theIdleKeyGoesRoundTheModes() throws {
    let stage = try Stage([(0, "a"), (100, "b")])
    var modes: [IdleMode] = []
    for _ in 0..<3 {
      try stage.press(.character("i"))
      modes.append(stage.player.idle)
    }
    #expect(modes == [.limit(2_000_000), .logarithmic, .all])
  }

  @Test func stepsGoOnePictureInBothDirections() throws {
    let stage = try Stage([(0, "a"), (1, "b"), (1, "c"), (2, "d")])
    try stage.press(.character("."))
    #expect(stage.text == "abc" && stage.player.isPaused)
    try stage.press(.character("."))
    #expect(stage.text == "abcd")
    try stage.press(.character(","))
    #expect(stage.text == "abc" && stage.player.current == 1_000_000)
    try stage.press(.character(","))
    #expect(stage.text == "a")
    try stage.press(.character(","))
    #expect(stage.text == "a" && stage.player.current == 0)
  }

  @Test(arguments: [
    ("1:20g", 80.0), ("90g", 90), ("5", 100), ("0", 0), (":50%\r", 100), (":end\r", 200), (":1m20s\r", 80),
    (":marker:deploy\r", 30), (":2023-11-14T22:14:20Z\r", 60), ("G", 200), ("Gg", 0), ("50%g", 100),
    ("57", 140), ("905", 100), ("1:20\r", 20), ("1:2gx", 62), ("12.5g", 12.5), ("90sg", 90),
    ("3:marker:deploy\r", 30),
  ])
  func goesToAnyTime(keys: String, seconds: Double) throws {
    let stage = try Stage([(0, "a"), (30, "#deploy"), (150, "b"), (200, "c")])
    try stage.type(keys)
    #expect(stage.player.current == Int64(seconds * 1e6), "\(stage.bottom)")
    #expect(stage.text == (seconds >= 200 ? "abc" : seconds >= 150 ? "ab" : "a"))
  }

  /// What a digit begins may become a TIME; the key after it does what it does elsewhere all the same.
  @Test func noKeyAfterADigitIsLost() throws {
    let stage = try Stage([(0, "a"), (30, "b"), (110, "c"), (150, "d"), (200, "e")])
    try stage.type("5.")
    #expect(stage.text == "abc" && stage.player.isPaused && stage.player.current == 110_000_000)
    try stage.type("5,")
    #expect(stage.text == "a")
    try stage.type("5m")
    #expect(stage.player.prompt == Prompt(purpose: .marker(at: 100_000_000)))
    try stage.press(.escape)
    try stage.type("3h")
    #expect(stage.player.helpPage == 0)
    try stage.press(.escape)
    try stage.type("4 ")
    #expect(!stage.player.isPaused && stage.player.current == 80_000_000)
    try stage.type("2]")
    #expect(stage.bottom.contains("there are no markers"))
  }

  @Test func aTimeBeforeItsKeyIsShownAndForgottenAfterAWhile() throws {
    let stage = try Stage([(0, "a"), (200, "b")])
    try stage.type("1")
    #expect(stage.bottom.contains("go to 1 (g goes there)"))
    try stage.type(":20")
    #expect(stage.bottom.contains("go to: 20   (g: 1:20)"))
    try stage.press(.escape)
    try stage.type("5")
    try stage.wait(2)
    #expect(!stage.bottom.contains("go to"))
    try stage.type("g")
    #expect(stage.player.current == 0, "the start, not 5 seconds")
  }

  @Test func aTimeThatIsNoneIsExplained() throws {
    let stage = try Stage([(0, "a"), (10, "b")])
    try stage.type(":marker:nowhere\r")
    #expect(stage.bottom.contains("nowhere") && stage.text == "a")
  }

  @Test func arrowsLeapAndStopAtTheEnds() throws {
    let stage = try Stage([(0, "a"), (8, "b"), (60, "c")])
    try stage.press(.right, .right)
    #expect(stage.text == "ab" && stage.player.current == 10_000_000)
    try stage.press(.left)
    #expect(stage.text == "a" && stage.player.current == 5_000_000)
    try stage.press(.left, .left, .left)
    #expect(stage.player.current == 0)
    try stage.press(.shiftRight)
    #expect(stage.player.current == 6_000_000)
    for _ in 0..<20 { try stage.press(.shiftRight) }
    #expect(stage.text == "abc" && stage.player.isAtEnd)
    try stage.press(.character(" "))
    #expect(stage.text == "a" && !stage.player.isAtEnd)
  }

  @Test func markersAndCommandsAreLeaptTo() throws {
    let stage = try Stage([(0, "a"), (10, "#first"), (20, "b"), (30, "#second"), (40, "c")])
    try stage.press(.character(" "), .character("]"))
    #expect(stage.player.current == 10_000_000 && stage.bottom.contains("first"))
    try stage.press(.character("]"))
    #expect(stage.player.current == 30_000_000)
    try stage.press(.character("]"))
    #expect(stage.player.current == 30_000_000 && stage.bottom.contains("no later marker"))
    try stage.press(.character("["))
    #expect(stage.player.current == 10_000_000)
    try stage.press(.character("}"))
    #expect(stage.bottom.contains("there are no commands"))
    stage.player.facts.commands = [.init(microseconds: 20_000_000, label: "make")]
    try stage.press(.character("}"))
    #expect(stage.text == "ab" && stage.bottom.contains("make"))
  }

  @Test func markersOutsideTheTimeRangeLeadToTheEnd() throws {
    let stage = try Stage([(0, "a"), (5, "b")])
    stage.player.facts.markers = [.init(microseconds: 99_000_000, label: "late")]
    try stage.press(.character(" "), .character("]"))
    #expect(stage.text == "ab" && stage.player.current == 5_000_000)
  }

  @Test func theEndOfTheRangeIsTheEnd() throws {
    let stage = try Stage([(0, "a"), (5, "b"), (9, "c")]) { ($0.start, $0.end) = (1_000_000, 6_000_000) }
    #expect(stage.player.current == 1_000_000)
    try stage.type("G")
    #expect(stage.text == "ab")
    try stage.wait(60)
    #expect(stage.text == "ab" && stage.player.isAtEnd)
  }

  @Test func withoutControlsItEndsByItselfAndTakesOnlyControlC() throws {
    let stage = try Stage([(0, "a"), (1, "b")]) { $0.hasControls = false }
    try stage.press(.character("q"), .character("/"))
    #expect(!stage.player.isFinished && stage.player.prompt == nil)
    try stage.wait(1)
    #expect(stage.text == "ab" && stage.player.isFinished && !stage.player.wasInterrupted)
    let other = try Stage([(0, "a"), (1, "b")]) { $0.hasControls = false }
    try other.press(.control("c"))
    #expect(other.player.isFinished && other.player.wasInterrupted)
  }

  @Test func controlZIsPassedOn() throws {
    let stage = try Stage([(0, "a")])
    #expect(try stage.request(.control("z")) == .suspend)
  }

  @Test func aMarkerIsAskedForWithItsLabel() throws {
    let stage = try Stage([(0, "a"), (10, "b")])
    try stage.wait(3)
    try stage.type("mlook hére")
    #expect(stage.bottom.hasPrefix("marker at 0:03.0: look hére"))
    #expect(
      try stage.request(.enter) == .addMarker(.init(microseconds: 3_000_000, label: "look hére")))
    #expect(stage.player.prompt == nil)
  }

  @Test func positionsAreNotedForTheEnd() throws {
    let stage = try Stage([(0, "a"), (10, "b")])
    try stage.wait(2.5)
    try stage.type("y")
    #expect(stage.player.notes == ["demo.cast@2.500"])
  }

  @Test func typedKeysAreShownWhereTheyWereRecorded() throws {
    let stage = try Stage([(0, "a"), (1, "<ls\r"), (1.1, "ls"), (9, "b")])
    try stage.type("k")
    try stage.wait(1.5)
    #expect(stage.rows.contains { $0.contains("keys: ls⏎") })
    try stage.wait(4)
    #expect(!stage.rows.contains { $0.contains("keys:") })
  }

  @Test func boundKeysReplaceTheStandardOnes() throws {
    let bindings = try KeyBindings(parsing: "quit=x,ctrl-d pause=p")
    let stage = try Stage([(0, "a"), (1, "b")]) { $0.bindings = bindings }
    try stage.press(.character("q"), .character(" "))
    #expect(!stage.player.isFinished && !stage.player.isPaused)
    try stage.press(.character("p"))
    #expect(stage.player.isPaused)
    try stage.press(.control("d"))
    #expect(stage.player.isFinished)
  }

  @Test(arguments: [
    ("quit", KeyBindings.Problem.notABinding("quit")), ("=x", .notABinding("=x")),
    ("quti=x", .noAction("quti", nearest: "quit")), ("quit=hyper-x", .noKey("hyper-x")),
  ])
  func badBindingsAreNamed(text: String, problem: KeyBindings.Problem) {
    #expect(throws: problem) { try KeyBindings(parsing: text) }
  }
}
