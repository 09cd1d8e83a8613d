import Platform

/// Reads a typescript with its timing file, and the input log where there is one.
final class ScriptReader: EventSource {
  private(set) var header: Header
  let started: Timestamp?
  private let text: TypescriptText
  private let input: InputLog
  private let timing: SourceBytes
  /// A line read ahead.
  private var nextLine: ScriptTiming?
  private var clock = SourceClock()
  private var exitCode: Int?
  /// Where the timing tells how long it all took.
  private var duration: Int64 = 0
  /// Bytes of the line that is being given out.
  private var pending: (code: Event.Code, byteCount: Int) = (.output, 0)
  private var state = State.timed

  /// Where what was typed stands.
  private enum InputLog {
    /// In the typescript, between the output.
    case typescript
    case file(SourceBytes)
    /// In a file that is not here.
    case missing(name: String)
  }

  private enum State { case timed, untimed, done }
  /// Most bytes of one event.
  private static let pieceByteCount = 16 << 20

  /// - Parameter input: nil where input stands in the typescript too (`script --log-io`).
  init(data: SourceBytes, timing: SourceBytes, input: SourceBytes?) throws(ImportError) {
    self.timing = timing
    text = try TypescriptText(data)
    if let input { _ = try input.line(limit: ScriptTiming.lineLimit) }  // its first line is script's, too
    var facts = text.facts
    var (columns, rows): (String?, String?) = (nil, nil)
    var (outputLog, inputLog): (String?, String?) = (nil, nil)
    var log = FindingLog()
    while case .line(let line) = try timing.line(limit: ScriptTiming.lineLimit) {
      guard case .header(let name, let value)? = ScriptTiming(parsing: line) else {
        nextLine = ScriptTiming(parsing: line)
        if nextLine == nil { log.add(Self.badLine(timing.lineNumber)) }
        break
      }
      facts.take(name, value)
      if name == "COLUMNS" { columns = value }
      if name == "LINES" { rows = value }
      if name == "OUTPUT_LOG" { outputLog = value }
      if name == "INPUT_LOG" { inputLog = value }
    }
    if let input {
      self.input = .file(input)
    } else if let inputLog, inputLog != outputLog {
      self.input = .missing(name: inputLog)
    } else {
      self.input = .typescript
    }
    facts.size = WindowSize(columns: columns, rows: rows) ?? facts.size
    header = Header(facts)
    started = facts.started
    firstFindings = log
  }

  private var firstFindings: FindingLog

  private static func badLine(_ number: Int) -> Finding {
    Finding(.badLine, file: "timing", line: number, "this is no line of script's timing; it was left out")
  }

  func next(_ log: inout FindingLog) throws(ImportError) -> Event? {
    for finding in firstFindings.findings { log.add(finding) }
    firstFindings = FindingLog()
    while state == .timed {
      if pending.byteCount > 0 { if let event = try takePending(&log) { return event } }
      guard state == .timed else { break }
      guard let line = try line(&log) else {
        state = .untimed
        break
      }
      if let event = take(line, &log) { return event }
    }
    if state == .untimed {
      if let event = try untimed(&log) { return event }
      state = .done
      if let code = exitCode ?? text.exitCode {
        return Event(microseconds: max(clock.microseconds, duration), code: .exit, text: String(code))
      }
    }
    return nil
  }

  private func line(_ log: inout FindingLog) throws(ImportError) -> ScriptTiming? {
    if let line = nextLine {
      nextLine = nil
      return line
    }
    while true {
      switch try timing.line(limit: ScriptTiming.lineLimit) {
      case .end: return nil
      case .tooLong: log.add(Self.badLine(timing.lineNumber))
      case .line(let bytes):
        if let line = ScriptTiming(parsing: bytes) { return line }
        if !bytes.isEmpty { log.add(Self.badLine(timing.lineNumber)) }
      }
    }
  }

  /// Takes a line; returns the event of a signal.
  private func take(_ line: ScriptTiming, _ log: inout FindingLog) -> Event? {
    let number = timing.lineNumber
    func advance(_ delay: Int64, _ log: inout FindingLog) {
      clock.advance(byNanoseconds: delay, &log) { kind, words in
        Finding(kind, file: "timing", line: number, words)
      }
    }
    switch line {
    case .output(let delay, let count):
      advance(delay, &log)
      pending = (.output, count)
      if count == 0 { return Event(microseconds: clock.microseconds, code: .output, bytes: []) }
    case .input(let delay, let count):
      advance(delay, &log)
      pending = (.input, count)
    case .signal(let delay, let name, let rest):
      advance(delay, &log)
      return Self.event(signal: name, rest, clock.microseconds)
    case .header(let name, let value):
      if name == "EXIT_CODE" { exitCode = Int(value) }
      if name == "DURATION" { duration = (DecimalSeconds.nanoseconds(value.utf8) ?? 0) / 1000 }
    }
    return nil
  }

  private static func event(signal name: String, _ rest: String, _ microseconds: Int64) -> Event {
    if name == "SIGWINCH" {
      let values = rest.split(separator: " ").map { $0.split(separator: "=", maxSplits: 1) }
      func value(_ key: String) -> String? {
        values.first { $0.count == 2 && $0[0] == key }.map { String($0[1]) }
      }
      if let size = WindowSize(columns: value("COLS"), rows: value("ROWS")) {
        return Event(microseconds: microseconds, code: .resize, text: "\(size.columns)x\(size.rows)")
      }
    }
    var members = [JSON.Member("state", "signal"), JSON.Member("signal", .string(name))]
    if !rest.isEmpty { members.append(JSON.Member("rest", .string(rest))) }
    return Event(microseconds: microseconds, code: .state, bytes: JSON.object(members).encoded())
  }

  /// The bytes the last line told of, in pieces where they are many.
  private func takePending(_ log: inout FindingLog) throws(ImportError) -> Event? {
    var source = text.bytes
    if pending.code == .input {
      switch input {
      case .typescript: break
      case .file(let file): source = file
      case .missing(let name):
        log.add(
          Finding(
            .missing, file: "timing",
            "the input log (\(name)) is not here; what was typed was left out. Give it with the other files"))
        pending.byteCount = 0
        return nil
      }
    }
    let wanted = min(pending.byteCount, Self.pieceByteCount)
    let bytes = try source.take(wanted)
    pending.byteCount -= bytes.count
    if bytes.count < wanted {
      log.add(
        Finding(
          .unfinished, file: "timing", line: timing.lineNumber,
          "the \(source === text.bytes ? "typescript" : "input log") ends \(pending.byteCount) bytes before what "
            + "this line tells; what follows was not read"))
      pending.byteCount = 0
      state = .untimed
    }
    if bytes.isEmpty { return nil }
    return Event(microseconds: clock.microseconds, code: pending.code, bytes: bytes)
  }

  /// Output after what the timing tells of: older versions of script leave the last piece out.
  private func untimed(_ log: inout FindingLog) throws(ImportError) -> Event? {
    let offset = text.bytes.offset
    guard let bytes = try text.rest() else { return nil }
    log.add(
      Finding(
        .deviation, offset: offset,
        "the timing file does not tell of the output from here on; it was taken at the end"))
    return Event(microseconds: clock.microseconds, code: .output, bytes: bytes)
  }
}
