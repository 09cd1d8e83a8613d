import Format
import Testing

@testable import Replay

@Suite struct EventArchiveTests {
  /// Some megabytes: deflated chunks, and a tail that is not.
  private static let events: [Event] = {
    var random = SeededRandom(seed: 21)
    var now: Int64 = 0
    return (0..<900).map { index in
      now += Int64.random(in: 0...3, using: &random) * 250_000
      if index % 50 == 3 { return Event(microseconds: now, code: .marker, text: "") }
      let row = (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
      let size = index == 400 ? 3 << 20 : Int.random(in: 0...8000, using: &random)
      return Event(
        microseconds: now, code: index % 7 == 0 ? .input : .output,
        bytes: Array(repeatElement(row, count: size / 40 + 1).joined().prefix(size)))
    }
  }()

  private static func archive() -> EventArchive {
    var archive = EventArchive()
    for event in events { archive.append(event) }
    return archive
  }

  @Test func allEventsComeAgainFromAnyTime() {
    var archive = Self.archive()
    #expect(archive.isAtEnd && archive.next() == nil)
    #expect(archive.byteCount < Self.events.reduce(0) { $0 + $1.bytes.count } / 2, "most of it is deflated")
    var random = SeededRandom(seed: 4)
    let end = Self.events.last?.microseconds ?? 0
    for time in [-1, end - 1, end, end + 1] + (0..<10).map({ _ in Int64.random(in: 0...end, using: &random) })
    {
      archive.seek(after: time)
      let wanted = Self.events.filter { $0.microseconds > time }
      #expect(archive.isAtEnd == wanted.isEmpty)
      var count = 0
      while let event = archive.next() {
        if event != wanted[count] { break }
        count += 1
      }
      #expect(count == wanted.count, "after \(time)")
    }
  }

  @Test func theEarlierHalfCanBeForgotten() {
    var archive = Self.archive()
    let before = archive.byteCount
    archive.forgetHalf()
    #expect(archive.isAtEnd && archive.byteCount < before)
    archive.seek(after: -1)
    let first = archive.next()
    #expect(first?.microseconds == archive.earliest && first != Self.events.first)
    var last = first
    while let event = archive.next() { last = event }
    #expect(last == Self.events.last)
  }
}
