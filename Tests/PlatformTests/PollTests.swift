import Platform
import Testing

@Suite struct PollTests {
  @Test func eachDescriptorHasItsOwnAnswer() throws {
    let pipe = try DescriptorPair.pipe()
    let interests = [
      Poll.Interest(pipe.first.rawValue, .readable), Poll.Interest(pipe.second.rawValue, .writable),
      Poll.Interest(pipe.second.rawValue, []),
    ]
    #expect(try Poll.wait(interests, microseconds: 0) == [[], .writable, []])
    try pipe.second.writeAll([1])
    #expect(try Poll.wait(interests, microseconds: nil) == [.readable, .writable, []])
  }

  @Test func theTimeLimitEndsTheWaiting() throws {
    let pipe = try DescriptorPair.pipe()
    let clock = SystemTime()
    for (microseconds, least) in [(0, 0), (-5, 0), (1, 1), (20_000, 20_000)] as [(Int64, Int64)] {
      let start = clock.instant
      #expect(
        try Poll.wait([Poll.Interest(pipe.first.rawValue, .readable)], microseconds: microseconds) == [[]])
      #expect(clock.instant.microseconds(since: start) >= least)
    }
    #expect(try Poll.wait([], microseconds: 0).isEmpty)
    #expect(
      try Poll.wait([Poll.Interest(pipe.second.rawValue, .writable)], microseconds: .max) == [.writable])
  }

  @Test func aGoneOtherEndAndABrokenDescriptorAreHangups() throws {
    let pair = try DescriptorPair.sockets()
    let end = try pair.first.duplicate()
    drop(pair)
    let ready = try Poll.wait(
      [Poll.Interest(end.rawValue, []), Poll.Interest(9999, .readable)], microseconds: nil)
    #expect(ready == [.hangup, .hangup])
  }

  private func drop(_ pair: consuming DescriptorPair) {}

  @Test func regularFilesAreAlwaysReady() throws {
    let file = try File.open("/etc/passwd", for: .reading)
    #expect(try Poll.wait([Poll.Interest(file.rawValue, .readable)], microseconds: nil) == [.readable])
  }
}
