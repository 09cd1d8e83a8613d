import Format
import Platform
import Testing

@testable import Replay

@Suite struct TapeTests {
  /// Output of every kind: text, scrolling, colors, the other screen, cut sequences, new sizes.
  private static func events(_ count: Int) -> [Event] {
    var random = SeededRandom(seed: 11)
    var noise = NoiseStream(seed: 3)
    var now: Int64 = 0
    return (0..<count).map { index in
      now += Int64.random(in: 0...400, using: &random) * 1000
      if index % 97 == 50 {
        return Event(microseconds: now, code: .resize, text: "\(40 + index % 60)x\(10 + index % 20)")
      }
      if index % 53 == 7 { return Event(microseconds: now, code: .marker, text: "mark \(index)") }
      let bytes = index % 3 == 0 ? noise.bytes(60) : Array("line \(index) \(now)\r\n".utf8)
      return Event(microseconds: now, code: .output, bytes: bytes)
    }
  }

  private static func expected(_ events: [Event], at time: Int64) -> TerminalScreen {
    var terminal = TerminalScreen(columns: 80, rows: 24, scrollbackLimit: 0)
    for event in events where event.microseconds <= time { terminal.take(event) }
    return terminal
  }

  /// A finished recording; one with a map; one without an end, whose events are kept in memory.
  enum Kind: String, CaseIterable { case sealed, mapped, unfinished }

  @Test(arguments: Kind.allCases)
  func anyTimeShowsWhatPlayingToItShows(kind: Kind) throws {
    let events = Self.events(1500)
    let folder = try TemporaryFolder()
    let path = try folder.record("noise.cast.gz", events, isClosed: kind != .unfinished)
    let map = kind == .mapped ? try MapInMemory(reading: try RecordingReader(path: path)) : nil
    if let map { #expect(map.map.keyframes.places.count > 3) }
    let tape = Tape(try RecordingReader(path: path), for: .playing, keyframes: map)
    var random = SeededRandom(seed: 77)
    let end = events.last?.microseconds ?? 0
    for _ in 0..<25 {
      let time = Int64.random(in: 0...end, using: &random)
      try tape.seek(to: time)
      let wanted = Self.expected(events, at: time)
      #expect(tape.terminal.screen.difference(from: wanted.screen) == nil, "at \(time)")
    }
    try tape.seek(to: end)
    #expect(try tape.peek() == nil)
  }

  @Test func changesAreFoundBackwardsOneByOne() throws {
    let events = Self.events(150)
    let folder = try TemporaryFolder()
    let tape = Tape(
      try RecordingReader(path: try folder.record("noise.cast.gz", events)), for: .playing)
    try tape.seek(to: .max / 2)
    let times = Set(events.filter(\.changesScreen).map(\.microseconds)).sorted()
    var time = Int64.max / 2
    for wanted in times.reversed() {
      time = try #require(try tape.changeTime(before: time))
      #expect(time == wanted)
    }
    #expect(try tape.changeTime(before: time) == nil)
  }

  /// More output than a tape remembers, and than lies between two keyframes.
  @Test(arguments: Kind.allCases)
  func eachPictureComesAgainWhenSteppingBackThroughMuchOutput(kind: Kind) throws {
    var random = SeededRandom(seed: 5)
    var events: [Event] = []
    for index in 0..<300 {
      let text = (0..<100).map { "row \(index) \($0) \(String(repeating: "x", count: 60))\r\n" }.joined()
      let now = Int64(index) * 100_000
      events.append(Event(microseconds: now, code: .output, text: text))
      if Bool.random(using: &random) { events.append(Event(microseconds: now, code: .output, text: "more")) }
      if index % 9 == 0 { events.append(Event(microseconds: now + 7, code: .input, text: "k")) }
    }
    let folder = try TemporaryFolder()
    let path = try folder.record("long.cast.gz", events, isClosed: kind != .unfinished)
    let map = kind == .mapped ? try MapInMemory(reading: try RecordingReader(path: path)) : nil
    let tape = Tape(try RecordingReader(path: path), for: .playing, keyframes: map)
    var terminal = TerminalScreen(columns: 80, rows: 24, scrollbackLimit: 0)
    var pictures: [(time: Int64, screen: Screen)] = []
    for event in events where event.changesScreen {
      terminal.take(event)
      if pictures.last?.time == event.microseconds { pictures.removeLast() }
      pictures.append((event.microseconds, terminal.screen))
    }
    try tape.seek(to: .max / 2)
    for (index, picture) in pictures.enumerated().reversed() {
      let time = try #require(try tape.changeTime(before: tape.position + 1))
      #expect(time == picture.time)
      try tape.seek(to: time)
      #expect(tape.screen.difference(from: picture.screen) == nil, "at \(time)")
      if index > 0 { try tape.seek(to: time - 1) }
    }
    #expect(try tape.changeTime(before: 0) == nil)
    // And forwards again from where it is.
    try tape.seek(to: pictures[150].time)
    #expect(tape.screen.difference(from: pictures[150].screen) == nil)
  }

  @Test func theMapOfALongRecordingIsKeptAndReadAgain() throws {
    let folder = try TemporaryFolder()
    let path = try folder.record("noise.cast.gz", Self.events(1500))
    let cache = MapCache(Environment(["XDG_CACHE_HOME": folder.path + "/cache"]))
    let sidecar = try #require(cache.path(ofRecording: path))
    #expect(MapFile(sidecar) == nil)
    let reader = try RecordingReader(path: path)
    #expect(try cache.build(sidecar, for: reader) { _, _ in true })
    let file = try #require(MapFile(sidecar))
    let memory = try MapInMemory(reading: try RecordingReader(path: path))
    #expect(file.map.microseconds == memory.map.microseconds)
    #expect(file.map.markers == memory.map.markers && file.map.activity == memory.map.activity)
    for (kept, made) in zip(file.map.keyframes.places, memory.map.keyframes.places) {
      let first = try #require(file.terminal(kept, scrollbackLimit: 0))
      let second = try #require(memory.terminal(made, scrollbackLimit: 0))
      #expect(first.screen.difference(from: second.screen) == nil)
    }
    #expect(try File.status(sidecar).permissions == 0o600)
    #expect(try File.status(cache.folder).permissions == 0o700)
    #expect(try !cache.build(sidecar + "x", for: RecordingReader(path: path)) { _, _ in false })
    #expect(!File.exists(sidecar + "x"))
  }

  @Test func theMapMadeWhileCommandsAreLookedForIsTheSame() throws {
    let folder = try TemporaryFolder()
    let path = try folder.record("noise.cast.gz", Self.events(1500))
    let cache = MapCache(Environment(["XDG_CACHE_HOME": folder.path + "/cache"]))
    let (alone, shared) = (folder.path + "/alone.keys", folder.path + "/shared.keys")
    #expect(try cache.build(alone, for: RecordingReader(path: path)) { _, _ in true })
    let survey = try RecordingSurvey(RecordingReader(path: path), sidecar: try cache.begin(shared))
    let (first, second) = (try #require(MapFile(alone)), try #require(MapFile(shared)))
    #expect(first.map.activity == second.map.activity && first.map.markers == second.map.markers)
    #expect(first.map.keyframes.places.map(\.microseconds) == second.map.keyframes.places.map(\.microseconds))
    #expect(first.map.keyframes.places.count > 1)
    for (one, other) in zip(first.map.keyframes.places, second.map.keyframes.places) {
      let terminal = try #require(first.terminal(one, scrollbackLimit: 0))
      let same = try #require(second.terminal(other, scrollbackLimit: 0))
      #expect(terminal.screen.difference(from: same.screen) == nil)
    }
    #expect(survey.screen.difference(from: Self.expected(Self.events(1500), at: .max).screen) == nil)
  }

  @Test func theCommandsOfALongRecordingAreFoundOnce() throws {
    let folder = try TemporaryFolder()
    var events: [Event] = []
    for index in 0..<20 {
      let text =
        "\u{1B}]133;A\u{7}$ \u{1B}]133;B\u{7}make \(index)\r\n\u{1B}]133;C\u{7}made\r\n\u{1B}]133;D;0\u{7}"
      events.append(Event(microseconds: Int64(index) * 1_000_000, code: .output, text: text))
    }
    let path = try folder.record("work.cast.gz", events)
    let sidecar = try #require(
      MapCache(Environment(["XDG_CACHE_HOME": folder.path + "/cache"])).path(ofRecording: path))
    let file = CommandsFile(beside: sidecar)
    #expect(file.read() == nil)
    let background = BackgroundCommands(recording: path, keeping: file)
    while background.commands == nil || !File.exists(file.path) {
      _ = try Poll.wait([], microseconds: 1000)
    }
    let found = try #require(background.commands)
    #expect(found.map(\.label) == (0..<20).map { "make \($0)" })
    #expect(file.read() == found)
    #expect(try File.status(file.path).permissions == 0o600)
    let bytes = try File.read(file.path)
    for count in 0..<bytes.count {
      try File.write(Array(bytes.prefix(count)), to: file.path, permissions: 0o600)
      #expect(file.read() == nil)
    }
  }

  @Test func damagedSidecarsAreNoneAndNeverCrash() throws {
    let folder = try TemporaryFolder()
    let path = try folder.record("noise.cast.gz", Self.events(400))
    let cache = MapCache(Environment(["XDG_CACHE_HOME": folder.path + "/cache"]))
    let sidecar = try #require(cache.path(ofRecording: path))
    _ = try cache.build(sidecar, for: RecordingReader(path: path)) { _, _ in true }
    let bytes = try File.read(sidecar)
    let broken = folder.path + "/broken.keys"
    var random = SeededRandom(seed: 9)
    for step in 0..<200 {
      var copy = bytes
      if step < 50 {
        copy.removeLast(Int.random(in: 1...copy.count, using: &random))
      } else {
        copy[Int.random(in: 0..<copy.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      }
      try File.write(copy, to: broken, permissions: 0o600)
      guard let file = MapFile(broken) else { continue }
      #expect(step >= 50)
      for place in file.map.keyframes.places { _ = file.terminal(place, scrollbackLimit: 0) }
    }
  }
}
