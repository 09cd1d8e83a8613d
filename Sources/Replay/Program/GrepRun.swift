import Format
import Platform

/// `ssmplay grep` at work: which recordings, and what of each is written.
struct GrepRun {
  /// What is told of each recording.
  private enum Mode: Equatable { case hits, count, names, namesWithout, nothing }

  private let workplace: Workplace
  private let query: SearchQuery
  private let filter: RecordingFilter
  private let mode: Mode
  private let stats: Bool
  private let usesIndex: Bool
  private let threads: Int
  private let output = StandardOutput()
  private let progress: ProgressBar<SystemTime>
  private var report: SearchReport
  private var summary = SearchSummary()
  /// Stores that lack something this search had to read itself.
  private var stores: [IndexStore] = []
  /// What this search rendered of it. Past `sessionByteLimit` the index is left to render the rest again: nothing is
  /// written while a search waits for who reads its answer.
  private var sessions: [UInt64: IndexedSession] = [:]
  private static let sessionByteLimit = 128 << 20

  static func run(_ arguments: Arguments, _ environment: Environment) -> Int32 {
    for option in ["after-context", "before-context", "context"] {
      if let text = arguments.text(option), SearchQuery.Extent(text) == nil {
        return arguments.refuse(
          "--\(option): '\(text.printable)' is neither a number of lines nor seconds such as 5s")
      }
    }
    var words = arguments.positionals
    let needsPattern = !arguments.has("regexp") && !arguments.has("file")
    if needsPattern, words.isEmpty { return arguments.refuse("PATTERN is missing") }
    return arguments.perform(failure: 2) { () throws(ReplayError) in
      let patterns = needsPattern ? [words.removeFirst()] : try givenPatterns(arguments)
      var run = try GrepRun(arguments, environment, patterns: patterns)
      return try run.search(words)
    }
  }

  private static func givenPatterns(_ arguments: Arguments) throws(ReplayError) -> [String] {
    var patterns: [String] = []
    for occurrence in arguments.occurrences {
      guard let value = occurrence.value else { continue }
      if occurrence.option == "regexp" { patterns.append(value) }
      if occurrence.option == "file" {
        let bytes: [UInt8]
        do throws(Errno) {
          bytes = value == "-" ? try File.read(.standardInput) : try File.read(value)
        } catch {
          throw .cannotRead(path: value, error)
        }
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        patterns += lines.map { String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self) }
      }
    }
    return patterns
  }

  private init(_ arguments: Arguments, _ environment: Environment, patterns: [String]) throws(ReplayError) {
    workplace = try Workplace(environment)
    filter = try RecordingFilter(arguments, workplace)
    mode =
      arguments.has("quiet")
      ? .nothing
      : arguments.has("files-without-match")
        ? .namesWithout
        : arguments.has("files-with-matches") ? .names : arguments.has("count") ? .count : .hits
    var query = try Self.query(arguments, patterns, endsAtFirst: mode != .hits && mode != .count)
    stats = arguments.has("stats")
    usesIndex = !arguments.has("no-index")
    threads = max(1, min(arguments.integer("jobs") ?? Parallel.processorCount, 256))
    let isTerminal = Terminal.isTerminal(.standardOutput)
    report = SearchReport(
      arguments.has("json") ? .json : isTerminal ? .headings : .lines,
      style: arguments.has("json") ? Style(isOn: false) : workplace.style(arguments),
      showsOnlyMatches: arguments.has("only-matching"),
      hasContext: query.before != .lines(0) || query.after != .lines(0))
    query.needsAllSpans = report.showsAllSpans
    self.query = query
    // Hits on the same terminal are progress enough, and a bar would run into them.
    progress = ProgressBar(
      "Searching", unit: .items("recordings"), time: workplace.time, environment: environment,
      isActive: !isTerminal)
  }

  private static func query(
    _ arguments: Arguments, _ patterns: [String], endsAtFirst: Bool
  ) throws(ReplayError) -> SearchQuery {
    let caseRule: CaseRule =
      arguments.has("ignore-case") ? .ignored : arguments.has("smart-case") ? .smart : .exact
    let options = PatternOptions(
      caseRule: caseRule, isLiteral: arguments.has("fixed-strings"),
      matchesWholeWords: arguments.has("word-regexp"), matchesWholeLines: arguments.has("line-regexp"),
      isByLine: true)
    do throws(PatternError) {
      var query = SearchQuery(pattern: try CompiledPattern(parsing: patterns, options: options))
      query.source = arguments.text("in").flatMap { SearchQuery.Source(rawValue: $0) } ?? .screen
      query.isInverted = arguments.has("invert-match")
      let both = arguments.text("context").flatMap { SearchQuery.Extent($0) } ?? .lines(0)
      query.before = arguments.text("before-context").flatMap { SearchQuery.Extent($0) } ?? both
      query.after = arguments.text("after-context").flatMap { SearchQuery.Extent($0) } ?? both
      query.maximum = arguments.integer("max-count")
      query.endsAtFirst = endsAtFirst
      query.keepsTransients = arguments.has("transient")
      query.groupsRepeats = !arguments.has("repeats")
      return query
    } catch {
      throw .pattern(error)
    }
  }

  private mutating func search(_ words: [String]) throws(ReplayError) -> Int32 {
    let start = workplace.time.instant
    let plan = try plan(words)
    summary = plan.summary
    for problem in summary.skipped { tellProblem(problem.cause) }
    for problem in summary.damagedSegments {
      tellProblem(
        "index: \(problem.file): \(problem.cause); its recordings are read themselves and indexed anew")
    }
    look(at: plan.items, keepsSessions: plan.hasNews && stores.contains { $0.isWritable })
    progress.finish()
    summary.elapsedMicroseconds = workplace.time.instant.microseconds(since: start)
    if report.form == .json, mode != .nothing { output.writeLine(summary.json.text) }
    let isFound = mode == .namesWithout ? summary.searched > summary.matched : summary.matched > 0
    let code: Int32 =
      mode == .nothing && isFound ? 0 : summary.hasProblems ? 2 : isFound ? 0 : 1
    let exitCode = output.finish(code, failureCode: 2)
    if stats { for line in summary.words { StandardError.say(line) } }
    if usesIndex, plan.hasNews || !summary.damagedSegments.isEmpty { updateIndexes() }
    return exitCode
  }

  /// Files as named, folders as all they hold; without names the recordings folder.
  private mutating func plan(_ words: [String]) throws(ReplayError) -> SearchPlan {
    var plan = SearchPlan(query, filter, needsAll: mode == .namesWithout)
    if words.isEmpty { try add(workplace.folder.path, to: &plan, isDefault: true) }
    for word in words {
      do throws(ReplayError) {
        let path = word == "-" ? word : try workplace.path(of: word)
        if isDirectory(path), !RecordingFolder.isRecording(folder: path) {
          var root = path
          while root.count > 1, root.hasSuffix("/") { root.removeLast() }
          try add(root, to: &plan, isDefault: root == workplace.folder.path)
        } else {
          plan.add(file: path)
        }
      } catch {
        summary.skipped.append(.init(file: word, cause: error.description))
      }
    }
    plan.addProblems(summary.skipped)
    return plan
  }

  /// Folders that nobody indexed stay as they are, but for the recordings folder, which is ours.
  private mutating func add(_ root: String, to plan: inout SearchPlan, isDefault: Bool) throws(ReplayError) {
    let store = IndexStore(root: root, environment: workplace.environment)
    guard usesIndex, store.exists || isDefault && File.exists(root) else {
      return plan.add(folder: root, nil)
    }
    stores.append(store)
    plan.add(folder: root, try IndexSnapshot(store))
  }

  private func isDirectory(_ path: String) -> Bool {
    do throws(Errno) { return try File.status(path).kind == .directory } catch { return false }
  }

  private mutating func look(at items: [RecordingSearch.Item], keepsSessions: Bool) {
    let (query, filter, keepsHits) = (query, filter, mode == .hits)
    let sessionByteCount = keepsSessions ? Self.sessionByteLimit / threads : 0
    Memory.keepFreed()
    Parallel.run(
      count: items.count, threads: threads,
      state: { RecordingSearch(query, filter, keepsHits: keepsHits, sessionByteCount: sessionByteCount) },
      work: { (search: inout RecordingSearch, index: Int) in search.search(items[index]) },
      consume: { index, result in
        progress.update(Int64(index), of: Int64(items.count))
        take(result, items[index])
        return output.state == .open && !(mode == .nothing && summary.matched > 0)
      })
  }

  private mutating func take(_ result: RecordingSearch.Result, _ item: RecordingSearch.Item) {
    if let damaged = result.damagedSegment, !summary.damagedSegments.contains(damaged) {
      summary.damagedSegments.append(damaged)
      tellProblem(
        "index: \(damaged.file): \(damaged.cause); its recordings are read themselves and indexed anew")
    }
    if let session = result.session { sessions[session.identity] = session }
    summary.blocks += result.blocks
    summary.blockBytes += result.blockBytes
    if result.isFiltered {
      summary.filtered += 1
      return
    }
    if result.wasScanned {
      if result.failure == nil || result.count > 0 { summary.scanned += 1 }
      if item.indexed == nil, result.failure == nil || result.count > 0 { summary.searched += 1 }
    }
    summary.matches += result.count
    if result.count > 0 { summary.matched += 1 }
    if mode == .hits, !result.hits.isEmpty {
      output.write(
        report.heading(item.path, result.header, started: result.started, zone: LocalTime.offsetMinutes))
      for hit in result.hits { output.write(report.lines(hit, file: item.path, started: result.started)) }
    }
    if let failure = result.failure {
      summary.skipped.append(.init(file: item.path, cause: failure))
      tellProblem(failure)
      return
    }
    if let damage = result.damage {
      summary.damaged.append(.init(file: item.path, cause: damage))
      tellProblem("\(item.path.printable): \(damage.printable)")
    }
    tell(count: result.count, of: item.path, isNamed: item.isNamed)
  }

  private func tellProblem(_ words: String) {
    progress.finish()
    StandardError.say(words)
  }

  private func tell(count: Int, of name: String, isNamed: Bool) {
    let isJSON = report.form == .json
    switch mode {
    case .hits, .nothing: return
    case .names where count > 0, .namesWithout where count == 0:
      output.writeLine(
        isJSON ? JSON.object([.init("type", "file"), .init("file", .string(name))]).text : name.printable)
    // In folders only those with any are told.
    case .count where count == 0 && !isNamed: return
    case .count where isJSON:
      let members: [JSON.Member] = [
        .init("type", "count"), .init("file", .string(name)), .init("count", JSON(count)),
      ]
      output.writeLine(JSON.object(members).text)
    case .count: output.writeLine("\(report.style.magenta(name.printable)):\(count)")
    case .names, .namesWithout: return
    }
  }

  /// What this search had to read itself, the next one finds in the index. Nothing here changes the answer.
  private func updateIndexes() {
    for store in stores where store.isWritable {
      do throws(ReplayError) {
        guard let lock = try store.lock(waits: false) else { continue }
        var update = IndexUpdate(store, threads: threads, now: workplace.time.timestamp.microseconds)
        update.ready = sessions
        let bar = ProgressBar(
          "Indexing", unit: .items("recordings"), time: workplace.time, environment: workplace.environment)
        update.progress = { done, all in bar.update(Int64(done), of: Int64(all)) }
        let suspects = summary.damagedSegments.compactMap {
          $0.file.split(separator: "/").last.map(String.init)
        }
        try update.run(rebuild: false, verifies: false, suspects: Set(suspects))
        _ = consume lock
      } catch {
        StandardError.say("index: \(error.description)")
      }
    }
  }
}
