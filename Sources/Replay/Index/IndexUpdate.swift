import Format
import Platform

/// Brings an index up to date with its folder: renders what is new or has changed, merges small segments, forgets what
/// is gone.
struct IndexUpdate {
  struct Report: Equatable, Sendable {
    /// Recordings indexed now, and bytes of their files.
    var added = 0
    var addedBytes: Int64 = 0
    /// Recordings in the index after it, and its bytes.
    var sessions = 0
    var segments = 0
    var indexBytes = 0
    var textBytes = 0
    /// Recordings that are still being written; every search reads them.
    var live = 0
    /// Recordings gone or changed since they were indexed.
    var gone = 0
    var failed: [SearchSummary.Problem] = []
    var damaged: [SearchSummary.Problem] = []
  }

  /// So much text is worth segments of its own before the next folder.
  private static let flushByteCount = 16 << 20
  /// So much memory is, where recordings are so short that their trigrams take more than their text.
  private static let flushMemoryByteCount = 48 << 20
  /// More small segments than this are merged.
  private static let smallLimit = 8
  /// Segments of less text are small.
  private static let smallByteCount = 8 << 20

  let store: IndexStore
  let threads: Int
  /// Microseconds since 1970.
  let now: Int64
  /// Called with recordings done and all to do.
  var progress: (Int, Int) -> Void = { _, _ in }
  /// Recordings that a search has just rendered, by identity: they are not read again.
  var ready: [UInt64: IndexedSession] = [:]

  private(set) var report = Report()
  private var manifest = Manifest()

  init(_ store: IndexStore, threads: Int, now: Int64) {
    self.store = store
    self.threads = threads
    self.now = now
  }

  /// Does it all; the lock must be held. `suspects`: segments that a search found damaged.
  mutating func run(rebuild: Bool, verifies: Bool, suspects: Set<String> = []) throws(ReplayError) {
    let snapshot = try IndexSnapshot(store)
    manifest = snapshot.manifest
    var good: [Int] = []
    for damage in snapshot.damages {
      report.damaged.append(.init(file: store.folder + "/" + damage.segment, cause: damage.cause))
    }
    for (index, segment) in snapshot.segments.enumerated() where !rebuild {
      if suspects.contains(segment.name) { continue }
      if verifies {
        do throws(IndexDamage) { try segment.verify() } catch {
          report.damaged.append(.init(file: store.folder + "/" + segment.name, cause: error.words))
          continue
        }
      }
      good.append(index)
    }
    let names = Set(good.map { snapshot.segments[$0].name })
    let before = manifest
    manifest.segments.removeAll { !names.contains($0.name) }
    let survey = FolderSurvey(store.root)
    for problem in survey.problems {
      report.failed.append(
        .init(file: problem.path, cause: "\(problem.path.printable): cannot be read: \(problem.error)"))
    }
    var known: Set<UInt64> = []
    for index in good { known.formUnion(snapshot.segments[index].identities) }
    let present = Set(survey.identities)
    report.gone = known.subtracting(present).count
    let pending = (0..<survey.count).filter { !known.contains(survey.identities[$0]) }
    try add(pending.map { survey[$0] }, isRebuild: rebuild)
    try forget(present)
    try merge()
    if manifest != before || !before.isCurrent || !store.exists { try publish() }
    store.clean(keeping: manifest)
    report.segments = manifest.segments.count
    report.sessions = manifest.segments.reduce(0) { $0 + $1.sessions }
    report.indexBytes = manifest.segments.reduce(0) { $0 + $1.bytes }
    report.textBytes = manifest.segments.reduce(0) { $0 + $1.textBytes }
  }

  /// Sessions rendered but not yet in a segment, by day.
  private struct Waiting {
    var sessions: [String: [IndexedSession]] = [:]
    var textBytes: [String: Int] = [:]
    var total = 0
    var memoryByteCount = 0

    mutating func add(_ session: IndexedSession, _ day: String) {
      sessions[day, default: []].append(session)
      textBytes[day, default: 0] += session.textByteCount
      total += session.textByteCount
      memoryByteCount += session.memoryByteCount
    }

    mutating func take(_ day: String) -> [IndexedSession] {
      total -= textBytes.removeValue(forKey: day) ?? 0
      let taken = sessions.removeValue(forKey: day) ?? []
      for session in taken { memoryByteCount -= session.memoryByteCount }
      return taken
    }

    /// Whether it should go to segments: before the next folder, or anywhere.
    func isWorthSegments(isBetweenFolders: Bool) -> Bool {
      isBetweenFolders
        ? total >= flushByteCount || memoryByteCount >= flushMemoryByteCount
        : total >= 2 * SegmentLayout.textLimit || memoryByteCount >= 4 * flushMemoryByteCount
    }
  }

  private mutating func add(_ files: [SurveyedFile], isRebuild: Bool) throws(ReplayError) {
    var waiting = Waiting()
    var failure: ReplayError?
    var lastFolder: ArraySlice<UInt8> = []
    let (now, ready) = (now, ready)
    Parallel.run(
      // Far enough ahead to have work while a segment is written.
      count: files.count, threads: threads, ahead: 32, state: { SessionIndexer() },
      work: { (indexer: inout SessionIndexer, index: Int) in
        ready[files[index].identity].map(SessionIndexer.Outcome.indexed)
          ?? indexer.index(files[index], now: now)
      },
      consume: { index, outcome in
        progress(index, files.count)
        switch outcome {
        case .live: report.live += 1
        case .failed(let cause): report.failed.append(.init(file: files[index].path, cause: cause))
        case .indexed(let session):
          report.added += 1
          report.addedBytes += session.facts.byteCount
          let day = Self.day(session, files[index])
          let folder = session.path.lastIndex(of: 0x2F).map { session.path[..<$0] } ?? []
          do throws(ReplayError) {
            // Between folders, which mostly are days; a folder of any size goes piece by piece.
            if waiting.isWorthSegments(isBetweenFolders: folder != lastFolder) {
              try flush(&waiting, publishes: !isRebuild)
            }
            waiting.add(session, day)
            if waiting.textBytes[day] ?? 0 >= SegmentLayout.textLimit {
              try flush(&waiting, day, publishes: !isRebuild)
            }
          } catch {
            failure = error
            return false
          }
          lastFolder = folder
        }
        return true
      })
    if let failure { throw failure }
    try flush(&waiting, publishes: false)
  }

  private mutating func flush(_ waiting: inout Waiting, publishes: Bool) throws(ReplayError) {
    // Small days share a segment: a dictionary of its own would be larger than the text of each.
    var sessions: [IndexedSession] = []
    var textBytes = 0
    var first = ""
    for day in waiting.sessions.keys.sorted() {
      if sessions.isEmpty { first = day }
      textBytes += waiting.textBytes[day] ?? 0
      sessions += waiting.take(day)
      if textBytes >= Self.smallByteCount {
        manifest.segments.append(try store.add(sessions, day: first, threads: threads))
        sessions = []
        textBytes = 0
      }
    }
    if !sessions.isEmpty { manifest.segments.append(try store.add(sessions, day: first, threads: threads)) }
    // What was done is not lost when this program is killed.
    if publishes { try publish() }
  }

  private mutating func flush(_ waiting: inout Waiting, _ day: String, publishes: Bool) throws(ReplayError) {
    let sessions = waiting.take(day)
    if sessions.isEmpty { return }
    manifest.segments.append(try store.add(sessions, day: day, threads: threads))
    if publishes { try publish() }
  }

  private mutating func publish() throws(ReplayError) {
    manifest = Manifest(generation: manifest.generation + 1, segments: manifest.segments)
    try manifest.write(store.folder)
  }

  private static func day(_ session: IndexedSession, _ file: SurveyedFile) -> String {
    CalendarDate(Timestamp(microseconds: session.facts.started ?? file.modified)).dateText
  }

  /// Writes segments anew of which half the sessions are gone.
  private mutating func forget(_ present: Set<UInt64>) throws(ReplayError) {
    for entry in manifest.segments {
      do throws(IndexDamage) {
        let segment = try Segment(store.folder, entry.name)
        let left = segment.identities.count { present.contains($0) }
        if left * 2 > segment.identities.count { continue }
        let sessions = left == 0 ? [] : try segment.indexedSessions { present.contains($0) }
        manifest.segments.removeAll { $0.name == entry.name }
        if !sessions.isEmpty { manifest.segments.append(try add(sessions, entry.day)) }
      } catch {
        throw .cannotRead(path: store.folder + "/" + entry.name, .inputOutput)
      }
    }
  }

  private func add(_ sessions: [IndexedSession], _ day: String) throws(IndexDamage) -> Manifest.Entry {
    do throws(ReplayError) { return try store.add(sessions, day: day, threads: threads) } catch {
      throw .unreadable(error.description)
    }
  }

  /// Makes larger segments of small ones, day after day, once there are many.
  private mutating func merge() throws(ReplayError) {
    let small = manifest.segments.filter { $0.textBytes < Self.smallByteCount }.sorted { $0.day < $1.day }
    guard small.count > Self.smallLimit else { return }
    var sessions: [IndexedSession] = []
    var textBytes = 0
    var merged: [Manifest.Entry] = []
    var first = ""
    do throws(IndexDamage) {
      var seen: Set<UInt64> = []
      for entry in small {
        let segment = try Segment(store.folder, entry.name)
        if sessions.isEmpty { first = entry.day }
        sessions += try segment.indexedSessions { seen.insert($0).inserted }
        textBytes += entry.textBytes
        if textBytes >= Self.smallByteCount, !sessions.isEmpty {
          merged.append(try add(sessions, first))
          sessions = []
          textBytes = 0
        }
      }
      if !sessions.isEmpty { merged.append(try add(sessions, first)) }
    } catch {
      throw .cannotRead(path: store.folder, .inputOutput)
    }
    let names = Set(small.map(\.name)).subtracting(merged.map(\.name))
    manifest.segments.removeAll { entry in
      names.contains(entry.name) || merged.contains { $0.name == entry.name }
    }
    manifest.segments += merged
  }
}

extension Segment {
  /// Its sessions as they were indexed, for another segment. Texts are packed anew, and trigrams taken anew.
  func indexedSessions(_ isWanted: (UInt64) -> Bool) throws(IndexDamage) -> [IndexedSession] {
    let blocks = try blocks()
    let dictionary = try dictionary()
    let collector = TrigramCollector()
    var packed = PackedBlock()
    var result: [IndexedSession] = []
    for (number, session) in try sessions().enumerated() where isWanted(identities[number]) {
      var copies: [IndexedBlock] = []
      for block in blocks[session.blocks] {
        try read(block, into: &packed, behind: dictionary)
        let text = Array(packed.text[packed.start...])
        copies.append(
          IndexedBlock(
            kind: block.kind, lineCount: block.shape.lineCount, low: block.low, high: block.high, text: text,
            flags: packed.packedFlags, facts: packed.packedFacts, factByteCount: block.shape.factByteCount,
            trigrams: collector.collect(text)))
      }
      result.append(
        IndexedSession(
          path: session.path, identity: identities[number], facts: try session.facts(), blocks: copies)
      )
    }
    return result
  }
}
