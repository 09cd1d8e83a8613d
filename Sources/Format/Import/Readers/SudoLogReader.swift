import Platform

/// Reads an I/O log of sudo: `log` or `log.json` for the facts, `timing` for what came when, and a file for each
/// stream, any of them gzip.
final class SudoLogReader: EventSource {
  let header: Header
  let started: Timestamp?
  private let open: Opening
  private let timing: SourceBytes
  private var streams: [SudoTiming.Stream: SourceBytes] = [:]
  private var missing: Set<SudoTiming.Stream> = []
  private var clock = SourceClock()
  private var pending: (stream: SudoTiming.Stream, byteCount: Int) = (.ttyout, 0)
  /// Streams whose rest is still to be read, once the timing has ended.
  private var leftovers: [SudoTiming.Stream]?

  /// Most bytes of one event.
  private static let pieceByteCount = 16 << 20
  private static let factsLimit = 16 << 20

  /// Opens one of the files by its name; nil where it is not there.
  typealias Opening = (_ part: String) throws(ImportError) -> SourceBytes?

  init(name: String, open: @escaping Opening) throws(ImportError) {
    self.open = open
    let facts = try Self.facts(name, open)
    header = facts.header
    started = facts.started
    guard let timing = try open("timing") else {
      throw .missingCompanion(name: name, what: "this is a sudo I/O log; the timing", wanted: ["timing"])
    }
    self.timing = timing
  }

  /// Reads files whose paths begin alike: a folder with its slash, or what their names have in common.
  convenience init(prefix: String) throws(ImportError) {
    try self.init(name: prefix) { part throws(ImportError) in
      File.exists(prefix + part) ? try SourceBytes(path: prefix + part) : nil
    }
  }

  private static func facts(_ name: String, _ open: Opening) throws(ImportError) -> SudoLogFacts {
    if let source = try open("log.json") {
      let bytes = try contents(source)
      let json: JSON
      do throws(JSONError) { json = try JSON(parsing: bytes) } catch {
        throw .refused(name: source.name, .byte(Int64(error.offset)), cause: "\(error)")
      }
      guard let facts = SudoLogFacts(json: json) else {
        throw .refused(
          name: source.name, .line(1), cause: "this is no log.json of sudo: it has no submituser")
      }
      return facts
    }
    guard let source = try open("log") else {
      throw .missingCompanion(
        name: name, what: "this is a sudo I/O log; its log", wanted: ["log", "log.json"])
    }
    guard let facts = SudoLogFacts(log: try contents(source)) else {
      throw .refused(
        name: source.name, .line(1),
        cause: "this is no log of sudo: TIME:USER:RUNUSER:RUNGROUP:TTY:LINES:COLS expected")
    }
    return facts
  }

  private static func contents(_ source: SourceBytes) throws(ImportError) -> [UInt8] {
    let bytes = try source.take(factsLimit + 1)
    if bytes.count > factsLimit { throw .recording(.tooLarge(name: source.name, limit: factsLimit)) }
    return bytes
  }

  func next(_ log: inout FindingLog) throws(ImportError) -> Event? {
    while leftovers == nil {
      if pending.byteCount > 0 {
        if let event = try takePending(&log) { return event }
        continue
      }
      switch try timing.line(limit: SudoTiming.lineLimit) {
      case .end: leftovers = SudoTiming.Stream.allCases
      case .tooLong: log.add(badLine())
      case .line(let bytes):
        guard let line = SudoTiming(parsing: bytes) else {
          if !bytes.isEmpty { log.add(badLine()) }
          continue
        }
        if let event = try take(line, &log) { return event }
      }
    }
    return try leftover(&log)
  }

  private func badLine() -> Finding {
    Finding(
      .badLine, file: "timing", line: timing.lineNumber, "this is no line of sudo's timing; it was left out")
  }

  private func advance(_ delay: Int64, _ log: inout FindingLog) {
    let number = timing.lineNumber
    clock.advance(byNanoseconds: delay, &log) { kind, words in
      Finding(kind, file: "timing", line: number, words)
    }
  }

  private func take(_ line: SudoTiming, _ log: inout FindingLog) throws(ImportError) -> Event? {
    switch line {
    case .bytes(let stream, let delay, let count):
      advance(delay, &log)
      pending = (stream, count)
      return nil
    case .resize(let delay, let rows, let columns):
      advance(delay, &log)
      return Event(microseconds: clock.microseconds, code: .resize, text: "\(columns)x\(rows)")
    case .signal(let delay, let name):
      advance(delay, &log)
      let state: JSON = [
        "state": .string(name == "CONT" ? "resumed" : "suspended"), "signal": .string("SIG" + name),
      ]
      return Event(microseconds: clock.microseconds, code: .state, bytes: state.encoded())
    case .unknown(_, SudoTiming.brokenOutput):
      throw .refused(
        name: timing.name, .line(timing.lineNumber),
        cause: "event 6 is terminal output as sudo 1.8.7 wrote it, with numbers that fit no stream; "
          + "such a log cannot be told apart from a wrong one")
    case .unknown(let delay, let event):
      advance(delay, &log)
      log.add(
        Finding(
          .badLine, file: "timing", line: timing.lineNumber, "event \(event) is not known; it was left out"))
      return nil
    }
  }

  /// The bytes the last line told of, in pieces where they are many.
  private func takePending(_ log: inout FindingLog) throws(ImportError) -> Event? {
    let stream = pending.stream
    let wanted = min(pending.byteCount, Self.pieceByteCount)
    let bytes = try source(stream)?.take(wanted) ?? []
    pending.byteCount -= bytes.count
    if bytes.count < wanted {
      if missing.insert(stream).inserted {
        log.add(
          Finding(
            .missing, file: "timing", line: timing.lineNumber,
            "\(stream.part) ends \(pending.byteCount) bytes before what this line tells, or is not there"))
      }
      pending.byteCount = 0
    }
    return bytes.isEmpty ? nil : event(stream, bytes)
  }

  private func event(_ stream: SudoTiming.Stream, _ bytes: [UInt8]) -> Event {
    let code: Event.Code =
      switch stream {
      case .stdin, .ttyin: .input
      case .stdout, .ttyout: .output
      case .stderr: .standardError
      }
    return Event(microseconds: clock.microseconds, code: code, bytes: bytes)
  }

  private func source(_ stream: SudoTiming.Stream) throws(ImportError) -> SourceBytes? {
    if let source = streams[stream] { return source }
    streams[stream] = try open(stream.part)
    return streams[stream]
  }

  /// What a stream has beyond what the timing tells of: kept, at the end.
  private func leftover(_ log: inout FindingLog) throws(ImportError) -> Event? {
    while let stream = leftovers?.first {
      if let source = try source(stream) {
        let offset = source.offset
        let bytes = try source.take(1 << 20)
        if !bytes.isEmpty {
          log.add(
            Finding(
              .deviation, file: stream.part, offset: offset,
              "the timing does not tell of the bytes from here on; they were taken at the end"))
          return event(stream, bytes)
        }
        for finding in source.log.findings { log.add(finding.inFile(stream.part)) }
      }
      leftovers?.removeFirst()
    }
    return nil
  }
}
