import Format
import Platform
import Testing

@testable import Replay

@Suite struct IndexUpdateTests {
  private struct Place {
    let root: String
    let store: IndexStore

    init() throws {
      root = try File.makeTemporaryDirectory(prefix: "index")
      store = IndexStore(root: root, environment: Environment([:]))
    }

    func record(_ name: String, _ text: String, day: Int = 1) throws {
      let header =
        "{\"version\":2,\"width\":80,\"height\":24,\"timestamp\":\(1_780_000_000 + day * 86_400)}\n"
      try File.write(
        Array((header + "[1.0,\"o\",\"\(text)\\r\\n\"]\n").utf8), to: root + "/" + name, permissions: 0o600)
    }

    func update(rebuild: Bool = false) throws -> IndexUpdate.Report {
      let lock = try store.lock(waits: true)
      var update = IndexUpdate(store, threads: 2, now: 1_790_000_000_000_000)
      try update.run(rebuild: rebuild, verifies: true)
      _ = consume lock
      return update.report
    }

    func find(_ pattern: String, _ change: (inout SearchQuery) -> Void = { _ in }) throws -> (
      SearchPlan, [String]
    ) {
      var query = SearchQuery(
        pattern: try CompiledPattern(parsing: [pattern], options: .init(isByLine: true)))
      change(&query)
      let filter = RecordingFilter()
      var plan = SearchPlan(query, filter, needsAll: false)
      plan.add(folder: root, try IndexSnapshot(store))
      let search = RecordingSearch(query, filter, keepsHits: true)
      let found = plan.items.filter { search.search($0).count > 0 }
      return (plan, found.map { String($0.path.dropFirst(root.count + 1)) })
    }

    func remove() { try? File.removeTree(root) }
  }

  @Test func everyRecordingIsInOneSegmentOrIsRead() throws {
    let place = try Place()
    defer { place.remove() }
    for number in 0..<12 { try place.record("r\(number).cast", "needle \(number) alpha", day: number % 3) }
    let report = try place.update()
    #expect(report.added == 12 && report.sessions == 12 && report.segments == 1)
    #expect(try place.find("needle 11").1 == ["r11.cast"])
    #expect(try place.find("alpha").1.count == 12)
    let (plan, none) = try place.find("absent")
    #expect(none.isEmpty && plan.items.isEmpty && plan.summary.searched == 12)

    try place.record("new.cast", "needle new")
    try place.record("r3.cast", "changed and longer than before")
    try File.remove(place.root + "/r4.cast")
    #expect(try place.find("needle new").1 == ["new.cast"])
    #expect(try place.find("needle 3").1 == [])
    #expect(try place.find("changed").1 == ["r3.cast"])
    let (later, found) = try place.find("needle 4")
    #expect(found.isEmpty && later.summary.gone == 2 && later.hasNews)
    #expect(try place.update().added == 2)
    #expect(try place.find("changed").1 == ["r3.cast"])
    #expect(try place.find("changed").0.items.allSatisfy { $0.indexed != nil })
  }

  @Test func damagedSegmentsAreNamedAndMadeAnew() throws {
    let place = try Place()
    defer { place.remove() }
    try place.record("a.cast", "needle one", day: 1)
    try place.record("b.cast", "needle two", day: 2)
    _ = try place.update()
    let name = try #require(try Manifest.read(place.store.folder)).segments[0].name
    let path = place.store.folder + "/" + name
    var bytes = try File.read(path)
    bytes[bytes.count - 40] ^= 1
    try File.write(bytes, to: path, permissions: 0o600)
    let (plan, found) = try place.find("needle")
    #expect(plan.summary.damagedSegments.count == 1)
    #expect(plan.items.allSatisfy { $0.indexed == nil })
    #expect(found.sorted() == ["a.cast", "b.cast"])
    let report = try place.update()
    #expect(report.damaged.count == 1 && report.added == 2 && report.sessions == 2)
    #expect(try place.find("needle").0.summary.damagedSegments.isEmpty)
    try File.write(Array("{".utf8), to: place.store.folder + "/" + Manifest.name, permissions: 0o600)
    #expect(try place.find("needle").1.count == 2)
    #expect(try place.update().sessions == 2)
  }

  /// Earlier versions left lines out, so their indexes are not asked, and made anew by themselves.
  @Test func anIndexOfAnotherLayoutIsSaidAndMadeAnew() throws {
    let place = try Place()
    defer { place.remove() }
    try place.record("a.cast", "needle one")
    _ = try place.update()
    let path = place.store.folder + "/" + Manifest.name
    let now = try File.read(path)
    let text = String(decoding: now, as: UTF8.self)
    let old = text.replacing("\"layout\":\(SegmentLayout.version)", with: "\"layout\":1")
    #expect(old != text)
    try File.write(Array(old.utf8), to: path, permissions: 0o600)
    let (plan, found) = try place.find("needle")
    #expect(found == ["a.cast"] && plan.hasNews && plan.items.allSatisfy { $0.indexed == nil })
    #expect(
      plan.summary.damagedSegments.map(\.cause) == [
        "it is of layout 1, this version's is \(SegmentLayout.version)"
      ])
    let generation = try #require(try Manifest.read(place.store.folder)).generation
    let report = try place.update()
    #expect(report.added == 1 && report.sessions == 1 && report.damaged.count == 1)
    let manifest = try #require(try Manifest.read(place.store.folder))
    #expect(manifest.isCurrent && manifest.generation > generation && manifest.segments.count == 1)
    #expect(try place.find("needle").0.items.allSatisfy { $0.indexed != nil })
    #expect(try place.update().damaged.isEmpty)
  }

  /// A search that reads a recording renders it for the index, too, and what comes of it is what an update makes.
  @Test(arguments: [SearchQuery.Source.screen, .commands, .title])
  func whatASearchReadIsIndexedAsItIs(_ source: SearchQuery.Source) throws {
    let place = try Place()
    defer { place.remove() }
    for number in 0..<6 {
      try place.record(
        "r\(number).cast", "\\u001b]0;title \(number)\\u0007me$ ls \(number)\\r\\nneedle", day: number % 2)
    }
    var query = SearchQuery(pattern: try CompiledPattern(parsing: ["5"], options: .init(isByLine: true)))
    query.source = source
    var plan = SearchPlan(query, RecordingFilter(), needsAll: false)
    plan.add(folder: place.root, try IndexSnapshot(place.store))
    let search = RecordingSearch(query, RecordingFilter(), keepsHits: true, sessionByteCount: 1 << 20)
    var sessions: [UInt64: IndexedSession] = [:]
    for item in plan.items {
      if let session = search.search(item).session { sessions[session.identity] = session }
    }
    #expect(sessions.count == 6)
    // Past its memory it leaves the rest to the update.
    let tight = RecordingSearch(query, RecordingFilter(), keepsHits: true, sessionByteCount: 1)
    #expect(plan.items.compactMap { tight.search($0).session }.count == 1)
    func segments(_ ready: [UInt64: IndexedSession]) throws -> [String] {
      let lock = try place.store.lock(waits: true)
      var update = IndexUpdate(place.store, threads: 1, now: 1_790_000_000_000_000)
      update.ready = ready
      try update.run(rebuild: true, verifies: true)
      _ = consume lock
      return try #require(try Manifest.read(place.store.folder)).segments.map(\.name)
    }
    // A segment's name has the digest of all in it.
    #expect(try segments(sessions) == segments([:]))
    for identity in sessions.keys { sessions[identity]?.facts.title = "told by the search" }
    #expect(try segments(sessions) != segments([:]))
  }

  /// Trigrams are kept until a segment is written: room to spare in each of them was most of an update's memory.
  @Test func trigramsOfABlockTakeNoMoreRoomThanTheyNeed() {
    let collector = TrigramCollector()
    _ = collector.collect(Array((0..<20_000).map { "\($0)" }.joined(separator: "\n").utf8))
    let few = collector.collect(Array("AbcdE\nxabc\n".utf8))
    #expect(few.sorted() == [0x616263, 0x626364, 0x636465, 0x786162])
    #expect(few.capacity < 16)
  }

  @Test func smallSegmentsAreMerged() throws {
    let place = try Place()
    defer { place.remove() }
    for number in 0..<10 {
      try place.record("r\(number).cast", "needle \(number)")
      _ = try place.update()
    }
    let manifest = try #require(try Manifest.read(place.store.folder))
    #expect(manifest.segments.count <= 8)
    #expect(manifest.segments.reduce(0) { $0 + $1.sessions } == 10)
    for number in 0..<10 { #expect(try place.find("needle \(number)$").1 == ["r\(number).cast"]) }
    #expect(try place.update(rebuild: true).segments == 1)
  }

  /// Sealed recordings that are still being written are in no segment, and every search reads them.
  @Test func aLiveRecordingIsSearchedUpToItsLastFlush() throws {
    let folder = try TemporaryFolder()
    let path = try folder.record("live.cast.gz", [.output(1, "needle\r\n")], isClosed: false)
    _ = try folder.record("closed.cast.gz", [.output(1, "needle\r\n")])
    let store = IndexStore(root: folder.path, environment: Environment([:]))
    let lock = try store.lock(waits: true)
    var update = IndexUpdate(store, threads: 1, now: try File.status(path).modified.microseconds + 1_000_000)
    try update.run(rebuild: false, verifies: true)
    _ = consume lock
    #expect(update.report.live == 1 && update.report.sessions == 1)
    let query = SearchQuery(pattern: try CompiledPattern(parsing: ["needle"], options: .init(isByLine: true)))
    var plan = SearchPlan(query, RecordingFilter(), needsAll: false)
    plan.add(folder: folder.path, try IndexSnapshot(store))
    let search = RecordingSearch(query, RecordingFilter(), keepsHits: true)
    let results = plan.items.map { (isIndexed: $0.indexed != nil, count: search.search($0).count) }
    #expect(results.count == 2 && results.allSatisfy { $0.count == 1 })
    #expect(results.count { !$0.isIndexed } == 1)
  }

  @Test func oneWriterAtATime() throws {
    let place = try Place()
    defer { place.remove() }
    guard let lock = try place.store.lock(waits: false) else { throw Errno.wouldBlock }
    if let second = try place.store.lock(waits: false) {
      Issue.record("two locks")
      _ = consume second
    }
    _ = consume lock
  }
}
