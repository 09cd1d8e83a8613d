import Platform
import Testing

@testable import Format

/// Following a file through every state its writer leaves it in.
@Suite struct RecordingFollowerTests {
  /// All events up to the next `.waiting` or the end.
  private static func look(_ follower: RecordingFollower, _ events: inout [Event]) throws -> Bool {
    while true {
      switch try follower.next() {
      case .events(let more): events += more
      case .waiting: return false
      case .ended: return true
      }
    }
  }

  @Test(arguments: [1, 2, 3]) func eachStepOfTheWriterShowsWhatItFlushed(seed: UInt64) throws {
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-follow-")
    defer { try? File.removeTree(folder) }
    let path = folder + "/a.cast.gz"
    let output = Samples.output(byteCount: 60_000, seed: seed)
    let steps = Samples.steps(
      Samples.events(of: output, pieceByteCount: 200, interval: 400_000), options: .live,
      limits: Samples.smallMembers)
    var file: [UInt8] = []
    steps[0].apply(to: &file)
    let descriptor = try File.open(path, for: .creating(permissions: 0o600))
    try descriptor.writeAll(file, at: 0)
    let follower = try RecordingFollower(path: path)
    var events: [Event] = []
    var hasEnded = try Self.look(follower, &events)
    for step in steps.dropFirst() {
      // Half a step first: a look may come at any moment.
      for part in [step.byteCount / 2, step.byteCount] {
        var half = file
        step.apply(to: &half, cut: part)
        try descriptor.truncate(to: Int64(half.count))
        try descriptor.writeAll(half, at: 0)
        hasEnded = try Self.look(follower, &events)
        #expect(output.starts(with: Samples.bytes(.output, of: events)))
      }
      step.apply(to: &file)
    }
    #expect(hasEnded)
    #expect(Samples.bytes(.output, of: events) == output)
    #expect(events == (try Samples.read(file).events))
    #expect(follower.findings == [])
  }

  @Test func plainTextIsFollowedLineByLine() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-follow-")
    defer { try? File.removeTree(folder) }
    let path = folder + "/a.cast"
    let descriptor = try File.open(path, for: .creating(permissions: 0o600))
    let text = Array(
      "{\"version\":3,\"term\":{\"cols\":80,\"rows\":24}}\n[1,\"o\",\"a\"]\n[1,\"o\",\"b\"]\n[0.5,\"x\",\"0\"]\n"
        .utf8)
    let start = 44
    try descriptor.writeAll(Array(text.prefix(start)))
    let follower = try RecordingFollower(path: path)
    var events: [Event] = []
    for byte in text.dropFirst(start) {
      #expect(try !Self.look(follower, &events))
      try descriptor.writeAll([byte])
    }
    #expect(try Self.look(follower, &events))
    #expect(events.map(\.text) == ["a", "b", "0"])
    #expect(events.map(\.microseconds) == [1_000_000, 2_000_000, 2_500_000])
  }
}
