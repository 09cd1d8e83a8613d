import Format
import Platform

/// One thread's search: it looks through one recording after the other, by the index or by reading it.
final class RecordingSearch {
  /// What a search is to look at.
  struct Item: Sendable {
    var path: String
    /// It stands on the command line itself.
    var isNamed: Bool
    /// nil: the recording is read.
    var indexed: Indexed?
    /// The file as it was listed, where an index lacks it.
    var file: SurveyedFile? = nil
  }

  /// A recording as an index has it.
  struct Indexed: Sendable {
    var segment: Segment
    /// The segment's.
    var dictionary: SharedDictionary
    var session: Segment.Session
    /// Blocks to look at, in order, with the number of lines before each.
    var blocks: [(block: Segment.Block, firstRow: Int)]
  }

  /// What came of one recording.
  struct Result: Sendable {
    var header = Header(size: WindowSize(columns: 80, rows: 24))
    var started: Timestamp?
    var hits: [SearchHit] = []
    var count = 0
    var isFiltered = false
    var wasScanned = false
    var blocks = 0
    var blockBytes = 0
    /// It could not be opened, or not be read on.
    var failure: String?
    var damage: String?
    /// A segment that had to be given up.
    var damagedSegment: SearchSummary.Problem?
    /// What was read, for the index.
    var session: IndexedSession?
  }

  private let query: SearchQuery
  private let filter: RecordingFilter
  private let keepsHits: Bool
  private let pattern: Pattern
  private var packed = PackedBlock()
  private let indexer: SessionIndexer?
  /// Memory left for sessions that are kept.
  private var sessionByteRoom: Int

  /// - Parameter sessionByteCount: what an index lacks and is read to its end is made ready for it, up to so much.
  init(
    _ query: SearchQuery, _ filter: RecordingFilter, keepsHits: Bool, sessionByteCount: Int = 0
  ) {
    indexer = sessionByteCount > 0 ? SessionIndexer() : nil
    sessionByteRoom = sessionByteCount
    self.query = query
    self.filter = filter
    self.keepsHits = keepsHits
    pattern = Pattern(query.pattern)
  }

  func search(_ item: Item) -> Result {
    var result = Result()
    if let indexed = item.indexed {
      do throws(IndexDamage) {
        try search(indexed, &result)
        return result
      } catch {
        result = Result()
        result.damagedSegment = .init(file: indexed.segment.name, cause: error.words)
      }
    }
    result.wasScanned = true
    do throws(ReplayError) { try scan(item, &result) } catch { result.failure = error.description }
    return result
  }

  private func search(_ indexed: Indexed, _ result: inout Result) throws(IndexDamage) {
    var search = LineSearch(query, pattern, keepsHits: keepsHits)
    for (block, firstRow) in indexed.blocks {
      result.blocks += 1
      result.blockBytes += block.shape.textByteCount
      try indexed.segment.read(block, into: &packed, behind: indexed.dictionary)
      let hits = try search.take(packed, firstRow: firstRow)
      if keepsHits { result.hits += hits }
      if search.isDone { break }
    }
    result.count = search.count
    // Who only counts needs no facts, and a common word is in nearly every recording.
    guard !result.hits.isEmpty || indexed.session.mayBeDamaged else { return }
    let facts = try indexed.session.facts()
    result.header = facts.header
    result.started = facts.started.map { Timestamp(microseconds: $0) }
    result.damage = facts.damage
  }

  private func scan(_ item: Item, _ result: inout Result) throws(ReplayError) {
    let recording = try SearchableRecording(item.path)
    result.header = recording.header
    result.started = recording.started
    guard filter.accepts(recording.header, started: recording.started) else {
      result.isFiltered = true
      return
    }
    var search = LineSearch(query, pattern, keepsHits: keepsHits)
    // What may still grow is in no index.
    let isKept = item.file != nil && !recording.isUnfinished && sessionByteRoom > 0
    var source = LineSource(
      query.source, recording.header, keepsTransients: query.keepsTransients,
      indexer: isKept ? indexer : nil)
    defer { result.count = search.count }
    while true {
      let event: Event?
      do throws(ReplayError) { event = try recording.nextEvent() } catch {
        source.finish()
        take(source.takeBlocks(), &search, &result)
        throw error
      }
      guard let event else { break }
      // A look at how far the search is, after each event, would cost as much as reading it.
      let hasBlocks = source.append(event)
      recording.reuse(event)
      guard hasBlocks else { continue }
      take(source.takeBlocks(), &search, &result)
      if search.isDone { break }
    }
    if !search.isDone {
      source.finish()
      take(source.takeBlocks(), &search, &result)
    }
    result.damage = recording.damage
    if let file = item.file, let blocks = source.indexedBlocks {
      let session = IndexedSession(file, recording, blocks: blocks)
      sessionByteRoom -= session.memoryByteCount
      result.session = session
    }
  }

  private func take(_ blocks: [LineBlock], _ search: inout LineSearch, _ result: inout Result) {
    for block in blocks where !search.isDone {
      let hits = search.take(block)
      if keepsHits { result.hits += hits }
    }
  }
}
