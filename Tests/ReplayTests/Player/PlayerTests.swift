import Format
import Platform
import Testing

@testable import Replay

@Suite struct PlayerTests {
  /// A player, its events and a clock that the test moves.
  private final class Theater {
    var player: Player
    var events: ArraySlice<Event>
    let time = ManualTime(timestamp: Timestamp(microseconds: 0))

    init(
      _ events: [(Double, String)], speed: Double = 1, idle: Double? = nil, at: Double = 0,
      until: Double? = nil
    ) {
      self.events = ArraySlice(
        events.map { time, text in
          let isMarker = text.hasPrefix("#")
          return Event(microseconds: Int64(time * 1e6), code: isMarker ? .marker : .output, text: text)
        })
      player = Player(
        .init(
          speed: speed, idleLimit: idle.map { Int64($0 * 1e6) }, start: Int64(at * 1e6),
          end: until.map { Int64($0 * 1e6) }, isRaw: true, canRewind: true), now: time.instant)
    }

    func run() -> String {
      let bytes = player.play(until: time.instant) { () throws(Never) in self.events.popFirst() }
      return String(decoding: bytes, as: UTF8.self)
    }

    func after(_ seconds: Double) -> String {
      time.advance(byMicroseconds: Int64(seconds * 1e6))
      return run()
    }

    func press(_ key: PlayerKey) -> Player.Request? { player.press(key, at: time.instant) }

    /// Seconds until the player wants to be asked again.
    var wait: Double? { player.deadline.map { Double($0.microseconds(since: time.instant)) / 1e6 } }
  }

  @Test func showsEachOutputAtItsTime() {
    let theater = Theater([(0, "a"), (1, "b"), (3, "c")])
    #expect(theater.run() == "a")
    #expect(theater.wait == 1)
    #expect(theater.after(0.9) == "")
    #expect(theater.after(0.1) == "b")
    #expect(theater.wait == 2)
    #expect(theater.after(5) == "c")
    #expect(theater.player.isFinished)
  }

  @Test func theSpeedDividesTheWaiting() {
    let theater = Theater([(0, "a"), (4, "b"), (8, "c"), (9, "d")], speed: 4)
    _ = theater.run()
    #expect(theater.wait == 1)
    #expect(theater.after(0.5) == "")
    _ = theater.press(.normalSpeed)
    _ = theater.run()
    #expect(theater.wait == 2)
    #expect(theater.after(2) == "b")
    for _ in 0..<10 { _ = theater.press(.faster) }
    #expect(theater.player.speed == 64)
    for _ in 0..<20 { _ = theater.press(.slower) }
    #expect(theater.player.speed == 0.25)
    let fast = Theater([(0, "a")], speed: 500)
    _ = fast.press(.faster)
    #expect(fast.player.speed == 500)
    _ = fast.press(.slower)
    #expect(fast.player.speed == 64)
  }

  @Test func longPausesAreCut() {
    let theater = Theater([(0, "a"), (100, "b"), (101, "c")], idle: 2)
    _ = theater.run()
    #expect(theater.wait == 2)
    #expect(theater.after(2) == "b")
    #expect(theater.wait == 1)
  }

  @Test func whatCameBeforeTheStartIsShownAtOnce() {
    let theater = Theater([(0, "a"), (5, "b"), (10, "c"), (11, "d")], at: 9, until: 10.5)
    #expect(theater.run() == "ab")
    #expect(theater.wait == 1)
    #expect(theater.after(1) == "c")
    #expect(theater.player.isFinished)
    #expect(Theater([(0, "a"), (1, "b")], at: 7).run() == "ab")
  }

  @Test func aPauseStopsTimeAndStepsGoOneByOne() {
    let theater = Theater([(0, "a"), (1, "b"), (2, "#m"), (3, "c"), (4, "d")])
    _ = theater.run()
    _ = theater.after(0.5)
    _ = theater.press(.pause)
    #expect(theater.after(100) == "")
    #expect(theater.wait == nil)
    _ = theater.press(.step)
    #expect(theater.wait == 0)
    #expect(theater.run() == "b")
    _ = theater.press(.step)
    #expect(theater.run() == "c")
    #expect(theater.after(100) == "")
    _ = theater.press(.pause)
    #expect(theater.after(0.9) == "")
    #expect(theater.after(0.1) == "d")
    let running = Theater([(0, "a"), (1, "b")])
    _ = running.run()
    _ = running.press(.step)
    #expect(running.player.isPaused)
    #expect(running.after(10) == "")
  }

  @Test func jumpsShowWhatLiesBetween() {
    let theater = Theater([(0, "a"), (3, "b"), (7, "#m"), (9, "c"), (20, "d")])
    _ = theater.run()
    _ = theater.press(.forward)
    #expect(theater.run() == "b")
    #expect(theater.wait == 2)
    #expect(theater.press(.nextMarker) == .nextMarker(after: 5_000_000))
    theater.player.jump(to: 7_000_000)
    #expect(theater.run() == "")
    #expect(theater.wait == 2)
  }

  @Test func timeStoppedWithTheProcessIsNotMadeUp() {
    let theater = Theater([(0, "a"), (1, "b")])
    _ = theater.run()
    #expect(theater.press(.suspend) == .suspend)
    theater.time.advance(byMicroseconds: 60_000_000)
    #expect(theater.player.resume(at: theater.time.instant) == nil)
    #expect(theater.run() == "")
    #expect(theater.wait == 1)
  }

  @Test func goingBackDrawsAgainFromTheStart() {
    let time = ManualTime(timestamp: Timestamp(microseconds: 0))
    let texts = ["a\u{1B}[?1049h", "b", "c"]
    let events = texts.enumerated().map { Event.output(Double($0.offset) * 4, $0.element) }
    var left = events[...]
    var player = Player(
      .init(speed: 1, idleLimit: nil, start: 0, end: nil, isRaw: false, canRewind: true), now: time.instant)
    func run() -> String {
      String(
        decoding: player.play(until: time.instant) { () throws(Never) in left.popFirst() }, as: UTF8.self)
    }
    _ = run()
    time.advance(byMicroseconds: 7_000_000)
    #expect(run() == "b")
    #expect(player.press(.back, at: time.instant) == .rewind(to: 2_000_000))
    left = events[...]
    player.rewind(to: 2_000_000)
    let again = run()
    #expect(again.hasPrefix("\u{1B}[?1049l"))
    #expect(again.hasSuffix("\u{1B}[H\u{1B}[2Ja\u{1B}[?1049h"))
    #expect(player.deadline == time.instant.advanced(byMicroseconds: 2_000_000))
    #expect(player.resume(at: time.instant) == .rewind(to: 2_000_000))
    _ = player.press(.help, at: time.instant)
    #expect(player.isShowingHelp)
    #expect(player.press(.other, at: time.instant) == .rewind(to: 2_000_000))
  }

  @Test func quittingEndsAndSaysHow() {
    for (key, isInterrupt) in [(PlayerKey.quit, false), (.interrupt, true)] {
      let theater = Theater([(0, "a"), (1, "b")])
      _ = theater.run()
      _ = theater.press(key)
      #expect(theater.player.isFinished)
      #expect(theater.player.wasInterrupted == isInterrupt)
    }
  }

  @Test func muchOutputComesInPortions() {
    let text = String(repeating: "x", count: 40_000)
    let theater = Theater((0..<4).map { (Double($0) / 1000, text) }, at: 1)
    #expect(theater.run().utf8.count == 80_000)
    #expect(theater.wait == 0)
    #expect(theater.run().utf8.count == 80_000)
  }

  @Test func theHelpIsShownOnAScreenOfItsOwn() {
    let time = ManualTime(timestamp: Timestamp(microseconds: 0))
    var player = Player(
      .init(speed: 1, idleLimit: nil, start: 0, end: nil, isRaw: false, canRewind: false), now: time.instant)
    var events = [
      Event(microseconds: 0, code: .output, text: "a"), Event(microseconds: 1, code: .output, text: "b"),
    ][...]
    func run() -> String {
      String(
        decoding: player.play(until: time.instant) { () throws(Never) in events.popFirst() }, as: UTF8.self)
    }
    #expect(run() == "a")
    #expect(player.press(.help, at: time.instant) == nil)
    let help = run()
    #expect(help.hasPrefix("\u{1B}[?1049h") && help.contains("space"))
    time.advance(byMicroseconds: 1_000_000)
    #expect(run() == "")
    #expect(player.deadline == nil)
    #expect(player.press(.pause, at: time.instant) == nil)
    #expect(!player.isPaused)
    #expect(run() == "\u{1B}[?1049l")
    time.advance(byMicroseconds: 1)
    #expect(run() == "b")
  }

  @Test func keysAreReadFromWhatATerminalSends() {
    let table: [(String, [PlayerKey])] = [
      (" .+=-_]?q", [.pause, .step, .faster, .faster, .slower, .slower, .nextMarker, .help, .quit]),
      ("\u{3}\u{1A}\u{7F}\u{8}", [.interrupt, .suspend, .normalSpeed, .normalSpeed]),
      ("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D", [.faster, .slower, .forward, .back]), ("\u{1B}", [.other]),
      ("\u{1B}[", [.other]), ("x", [.other]),
    ]
    for (text, keys) in table {
      var decoder = PlayerKeyDecoder()
      let found = decoder.keys(in: Array(text.utf8))
      if found != keys { Issue.record("\(text.debugDescription): \(found)") }
    }
    var decoder = PlayerKeyDecoder()
    _ = decoder.keys(in: [0x1B])
    #expect(decoder.keys(in: Array("q".utf8)) == [.quit])
  }
}
