import Platform

/// Which recordings a search looks at, and which blocks of them, the newest first.
struct SearchPlan {
  private(set) var items: [RecordingSearch.Item] = []
  /// What is known before anything is read.
  private(set) var summary = SearchSummary()
  /// Whether something should be added to the index.
  private(set) var hasNews = false

  private let query: SearchQuery
  private let filter: RecordingFilter
  private let needsAll: Bool

  /// - Parameter needsAll: recordings without a match are told, too.
  init(_ query: SearchQuery, _ filter: RecordingFilter, needsAll: Bool) {
    self.query = query
    self.filter = filter
    self.needsAll = needsAll
  }

  /// Names that stand for nothing.
  mutating func addProblems(_ problems: [SearchSummary.Problem]) { summary.skipped += problems }

  /// A recording by its name.
  mutating func add(file path: String) { items.append(.init(path: path, isNamed: true, indexed: nil)) }

  /// All recordings below a folder; `snapshot`: nil where it is not indexed.
  mutating func add(folder root: String, _ snapshot: IndexSnapshot?) {
    let survey = FolderSurvey(root)
    for problem in survey.problems {
      summary.skipped.append(
        .init(file: problem.path, cause: "\(problem.path.printable): cannot be read: \(problem.error)"))
    }
    var found: [RecordingSearch.Item] = []
    var isKnown = [Bool](repeating: false, count: survey.count)
    if let snapshot, let kind = query.source.indexedKind, !query.keepsTransients {
      for damage in snapshot.damages {
        summary.damagedSegments.append(
          .init(file: snapshot.store.folder + "/" + damage.segment, cause: damage.cause))
      }
      found = indexed(snapshot, kind, survey, &isKnown)
    }
    for index in 0..<survey.count where !isKnown[index] {
      let file = survey[index]
      found.append(
        .init(path: file.path, isNamed: false, indexed: nil, file: snapshot == nil ? nil : file))
      if snapshot != nil { hasNews = true }
    }
    // Names begin with their date.
    found.sort { $0.path > $1.path }
    items += found
  }

  private struct Answer: Sendable {
    var items: [RecordingSearch.Item] = []
    var searched = 0
    var filtered = 0
    var damage: IndexDamage?
  }

  private mutating func indexed(
    _ snapshot: IndexSnapshot, _ kind: IndexedBlock.Kind, _ survey: FolderSurvey, _ isKnown: inout [Bool]
  ) -> [RecordingSearch.Item] {
    // Of each session the number of its file in the survey; -1: it is gone.
    var files = snapshot.segments.map { [Int32](repeating: -1, count: $0.identities.count) }
    let places = snapshot.places()
    var present = 0
    for (index, identity) in survey.identities.enumerated() {
      guard let place = places[identity] else { continue }
      files[Int(place.segment)][Int(place.session)] = Int32(index)
      isKnown[index] = true
      present += 1
    }
    summary.gone = places.count - present
    if summary.gone > 0 { hasNews = true }
    var items: [RecordingSearch.Item] = []
    let segments = snapshot.segments
    let wanted = files
    let (query, filter, needsAll, root) = (query, filter, needsAll, snapshot.store.root)
    Parallel.run(
      count: segments.count, threads: segments.count > 8 ? min(4, Parallel.processorCount * 2) : 1,
      state: { () },
      work: { (_: inout Void, index: Int) in
        Self.ask(segments[index], wanted[index], kind, query, filter, needsAll: needsAll, root)
      },
      consume: { index, answer in
        if let damage = answer.damage {
          summary.damagedSegments.append(
            .init(file: snapshot.store.folder + "/" + segments[index].name, cause: damage.words))
          for file in wanted[index] where file >= 0 { isKnown[Int(file)] = false }
        } else {
          items += answer.items
          summary.searched += answer.searched
          summary.filtered += answer.filtered
        }
        return true
      })
    return items
  }

  /// What one segment has to look at.
  private static func ask(
    _ segment: Segment, _ files: [Int32], _ kind: IndexedBlock.Kind, _ query: SearchQuery,
    _ filter: RecordingFilter,
    needsAll: Bool, _ root: String
  ) -> Answer {
    var answer = Answer()
    do throws(IndexDamage) {
      let candidates = query.isInverted ? nil : try segment.candidates(query.pattern.trigrams)
      if !needsAll, filter.isOpen, let candidates, candidates.isEmpty {
        answer.searched = files.count { $0 >= 0 }
        return answer
      }
      let blocks = try segment.blocks()
      let dictionary = try segment.dictionary()
      for (number, session) in try segment.sessions().enumerated() where files[number] >= 0 {
        if !filter.isOpen {
          let facts = try session.facts()
          if !filter.accepts(facts.header, started: facts.started.map { Timestamp(microseconds: $0) }) {
            answer.filtered += 1
            continue
          }
        }
        answer.searched += 1
        var chosen: [(block: Segment.Block, firstRow: Int)] = []
        var row = 0
        var hasCandidate = false
        for index in session.blocks where blocks[index].kind == kind {
          let isCandidate = candidates?.contains(index) ?? true
          hasCandidate = hasCandidate || isCandidate
          if isCandidate || query.needsAllLines { chosen.append((blocks[index], row)) }
          row += blocks[index].shape.lineCount
        }
        guard hasCandidate || needsAll || session.mayBeDamaged else { continue }
        if !hasCandidate, !needsAll, try session.facts().damage == nil { continue }
        answer.items.append(
          .init(
            path: root + "/" + String(decoding: session.path, as: UTF8.self), isNamed: false,
            indexed: .init(
              segment: segment, dictionary: dictionary, session: session, blocks: hasCandidate ? chosen : []))
        )
      }
    } catch {
      answer = Answer()
      answer.damage = error
    }
    return answer
  }
}

extension SearchQuery.Source {
  /// Under which kind the index has it; nil: only the recording does.
  var indexedKind: IndexedBlock.Kind? {
    switch self {
    case .screen: .screen
    case .commands: .commands
    case .title: .title
    case .output, .input: nil
    }
  }
}
