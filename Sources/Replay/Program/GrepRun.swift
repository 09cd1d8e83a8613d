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
  private let output = StandardOutput()
  private let progress: ProgressBar<SystemTime>
  private var report: SearchReport
  private var summary = SearchSummary()
  /// Recordings that stand on the command line themselves: with -c these are told even where nothing was found.
  private var namedByUser: Set<String> = []

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
    let caseRule: CaseRule =
      arguments.has("ignore-case") ? .ignored : arguments.has("smart-case") ? .smart : .exact
    let options = PatternOptions(
      caseRule: caseRule, isLiteral: arguments.has("fixed-strings"),
      matchesWholeWords: arguments.has("word-regexp"), matchesWholeLines: arguments.has("line-regexp"),
      isByLine: true)
    do throws(PatternError) {
      var query = SearchQuery(pattern: try Pattern(parsing: patterns, options: options))
      query.source = arguments.text("in").flatMap { SearchQuery.Source(rawValue: $0) } ?? .screen
      query.isInverted = arguments.has("invert-match")
      let both = arguments.text("context").flatMap { SearchQuery.Extent($0) } ?? .lines(0)
      query.before = arguments.text("before-context").flatMap { SearchQuery.Extent($0) } ?? both
      query.after = arguments.text("after-context").flatMap { SearchQuery.Extent($0) } ?? both
      query.maximum = arguments.integer("max-count")
      self.query = query
    } catch {
      throw .pattern(error)
    }
    mode =
      arguments.has("quiet")
      ? .nothing
      : arguments.has("files-without-match")
        ? .namesWithout
        : arguments.has("files-with-matches") ? .names : arguments.has("count") ? .count : .hits
    stats = arguments.has("stats")
    let isTerminal = Terminal.isTerminal(.standardOutput)
    report = SearchReport(
      arguments.has("json") ? .json : isTerminal ? .headings : .lines,
      style: arguments.has("json") ? Style(isOn: false) : workplace.style(arguments),
      showsOnlyMatches: arguments.has("only-matching"),
      hasContext: query.before != .lines(0) || query.after != .lines(0))
    // Hits on the same terminal are progress enough, and a bar would run into them.
    progress = ProgressBar(
      "Searching", unit: .items("recordings"), time: workplace.time, environment: environment,
      isActive: !isTerminal)
  }

  private mutating func search(_ words: [String]) throws(ReplayError) -> Int32 {
    let start = workplace.time.instant
    let names = try recordings(words)
    for (index, name) in names.enumerated() {
      progress.update(Int64(index), of: Int64(names.count))
      do throws(ReplayError) { try search(recording: name) } catch {
        problem(name, error.description, isDamage: false)
      }
      if output.state != .open || mode == .nothing && summary.matched > 0 { break }
    }
    progress.finish()
    summary.elapsedMicroseconds = workplace.time.instant.microseconds(since: start)
    if report.form == .json, mode != .nothing { output.writeLine(summary.json.text) }
    let isFound = mode == .namesWithout ? summary.searched > summary.matched : summary.matched > 0
    let code: Int32 =
      mode == .nothing && isFound ? 0 : summary.hasProblems ? 2 : isFound ? 0 : 1
    let exitCode = output.finish(code, failureCode: 2)
    if stats { for line in summary.words { StandardError.say(line) } }
    return exitCode
  }

  /// Files as named, folders as all they hold; without names the recordings folder.
  private mutating func recordings(_ words: [String]) throws(ReplayError) -> [String] {
    func all(in folder: RecordingFolder) throws(ReplayError) -> [String] {
      do throws(FormatError) { return try folder.recordings() } catch { throw .recording(error) }
    }
    if words.isEmpty { return try all(in: workplace.folder) }
    var names: [String] = []
    for word in words {
      do throws(ReplayError) {
        let path = word == "-" ? word : try workplace.path(of: word)
        if isDirectory(path), !RecordingFolder.isRecording(folder: path) {
          names += try all(in: RecordingFolder(path: path))
        } else {
          names.append(path)
          namedByUser.insert(path)
        }
      } catch {
        problem(word, error.description, isDamage: false)
      }
    }
    return names
  }

  private func isDirectory(_ path: String) -> Bool {
    do throws(Errno) { return try File.status(path).kind == .directory } catch { return false }
  }

  private mutating func problem(_ file: String, _ cause: String, isDamage: Bool) {
    progress.finish()
    if isDamage {
      summary.damaged.append(.init(file: file, cause: cause))
      StandardError.say("\(file.printable): \(cause.printable)")
    } else {
      summary.skipped.append(.init(file: file, cause: cause))
      StandardError.say(cause)
    }
  }

  private mutating func search(recording name: String) throws(ReplayError) {
    let reader = try workplace.open(name)
    guard filter.accepts(reader.header, started: reader.started) else {
      summary.filtered += 1
      return
    }
    summary.searched += 1
    var search = LineSearch(query)
    defer {
      summary.matches += search.count
      if search.count > 0 { summary.matched += 1 }
    }
    try scan(reader, name, &search)
    let damage = reader.findings.filter(\.isDamage)
    if let first = damage.first {
      let more = damage.count + reader.uncountedFindings - 1
      problem(name, first.description + (more > 0 ? " (and \(more) more)" : ""), isDamage: true)
    }
    tell(count: search.count, of: name)
  }

  private mutating func scan(
    _ reader: RecordingReader, _ name: String, _ search: inout LineSearch
  ) throws(ReplayError) {
    var source = LineSource(query.source, reader.header)
    var isAtEnd = false
    var hasHeading = false
    while !isAtEnd {
      let event: Event?
      do throws(FormatError) { event = try reader.nextEvent() } catch { throw .recording(error) }
      if let event { source.append(event) } else { source.finish() }
      isAtEnd = event == nil
      for block in source.takeBlocks() {
        let hits = search.take(block)
        if mode == .hits, !hits.isEmpty {
          if !hasHeading {
            output.write(
              report.heading(name, reader.header, started: reader.started, zone: LocalTime.offsetMinutes))
          }
          hasHeading = true
          for hit in hits { output.write(report.lines(hit, file: name, started: reader.started)) }
        }
        let isEnough = mode == .names || mode == .namesWithout || mode == .nothing
        if search.isDone || output.state != .open || isEnough && search.count > 0 { return }
      }
    }
  }

  private func tell(count: Int, of name: String) {
    let isJSON = report.form == .json
    switch mode {
    case .hits, .nothing: return
    case .names where count > 0, .namesWithout where count == 0:
      output.writeLine(
        isJSON ? JSON.object([.init("type", "file"), .init("file", .string(name))]).text : name.printable)
    case .count where count == 0 && !namedByUser.contains(name): return
    case .count where isJSON:
      let members: [JSON.Member] = [
        .init("type", "count"), .init("file", .string(name)), .init("count", JSON(count)),
      ]
      output.writeLine(JSON.object(members).text)
    case .count: output.writeLine("\(report.style.magenta(name.printable)):\(count)")
    case .names, .namesWithout: return
    }
  }
}
