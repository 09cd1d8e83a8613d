import Platform

/// Reads tlog's messages: JSON objects, one a line, also behind a syslog prefix or inside journalctl's JSON.
final class TlogReader: EventSource {
  private(set) var header = Header(size: Header.assumedSize)
  private(set) var started: Timestamp?
  private let lines: SourceBytes
  private let isLax: Bool
  private let recording: String
  private var expectedID: Int64 = 1
  private var events: [Event] = []
  private var index = 0
  private var microseconds: Int64 = 0
  /// Messages of other recordings in the same file, by name; the rest is not counted one by one.
  private var others: Set<String> = []
  private var first: TlogMessage?
  private var firstLog = FindingLog()

  static let lineLimit = 16 << 20
  private static let otherLimit = 100

  /// Reads the first message.
  /// - Parameter isLax: take recordings of which messages are missing.
  init(_ bytes: SourceBytes, isLax: Bool) throws(ImportError) {
    lines = bytes
    self.isLax = isLax
    var log = FindingLog()
    var found: TlogMessage?
    while found == nil {
      switch try bytes.line(limit: Self.lineLimit) {
      case .end:
        throw .refused(
          name: bytes.name, .line(max(1, bytes.lineNumber)), cause: "there is no tlog message in it")
      case .tooLong:
        log.add(Finding(.overLimit, line: bytes.lineNumber, "the line is too long; it was left out"))
      case .line(let line): found = try Self.message(line, bytes, &log)
      }
    }
    guard let message = found else {
      throw .refused(name: bytes.name, .line(1), cause: "there is no tlog message in it")
    }
    recording = message.recording
    first = message
    firstLog = log
    header.terminalType = message.terminalType
    header.setSession("target", message.host)
    header.setSession("owner", message.user)
    header.setSession("session_id", message.recording.isEmpty ? nil : message.recording)
    if let time = message.time {
      started = Timestamp(microseconds: time.microseconds - message.position * 1000)
      header.timestamp = started.map { Timestamp(microseconds: $0.seconds * 1_000_000) }
    }
    header.sizeOrigin = .assumed
    try takeFirst()
  }

  /// Whether a log begins with a message of tlog, perhaps behind what syslog puts before it.
  static func begins(_ head: [UInt8]) -> Bool {
    let line = head.prefix { $0 != 0x0A }
    guard let start = object(in: line) else { return false }
    return line[start...].starts(with: Array("{\"ver\":".utf8))
  }

  private static func object(in line: ArraySlice<UInt8>) -> Int? { line.firstIndex(of: UInt8(ascii: "{")) }

  /// The message of a line; nil for lines that hold none, which are told.
  private static func message(
    _ line: [UInt8], _ source: SourceBytes, _ log: inout FindingLog
  ) throws(ImportError) -> TlogMessage? {
    if line.allSatisfy({ $0 <= 0x20 }) { return nil }
    let start = object(in: line[...]) ?? 0
    let json: JSON
    do throws(JSONError) {
      let outer = try JSON(parsing: start == 0 ? line : Array(line[start...]))
      json = try outer["MESSAGE"]?.string.map { text throws(JSONError) in try JSON(parsing: text) } ?? outer
    } catch {
      log.add(Finding(.badLine, line: source.lineNumber, "this is no tlog message: \(error)"))
      return nil
    }
    do throws(TlogMessage.Problem) { return try TlogMessage(json) } catch {
      if case .version = error {
        throw .refused(name: source.name, .line(source.lineNumber), cause: error.words)
      }
      log.add(Finding(.badLine, line: source.lineNumber, "this is no tlog message: \(error.words)"))
      return nil
    }
  }

  /// The size at the very start is the header's.
  private func takeFirst() throws(ImportError) {
    guard let message = first else { return }
    first = nil
    try take(message, &firstLog)
    guard let event = events.first, event.code == .resize, event.microseconds == 0,
      let size = WindowSize(asciicast: event.bytes)
    else { return }
    header.size = size
    header.sizeOrigin = .told
    index = 1
  }

  func next(_ log: inout FindingLog) throws(ImportError) -> Event? {
    for finding in firstLog.findings { log.add(finding) }
    firstLog = FindingLog()
    while index == events.count {
      events.removeAll(keepingCapacity: true)
      index = 0
      switch try lines.line(limit: Self.lineLimit) {
      case .end: return nil
      case .tooLong:
        log.add(Finding(.overLimit, line: lines.lineNumber, "the line is too long; it was left out"))
      case .line(let line):
        if let message = try Self.message(line, lines, &log) { try take(message, &log) }
      }
    }
    index += 1
    var event = events[index - 1]
    if event.microseconds < microseconds {
      log.add(
        Finding(
          .timeStepsBack, line: lines.lineNumber, "the time steps back; it was taken as the time before"))
      event.microseconds = microseconds
    }
    microseconds = event.microseconds
    return event
  }

  private func take(_ message: TlogMessage, _ log: inout FindingLog) throws(ImportError) {
    let number = lines.lineNumber
    guard message.recording == recording else {
      if others.count < Self.otherLimit, others.insert(message.recording).inserted {
        log.add(
          Finding(
            .foreign, line: number,
            "from here on there are messages of another recording (\(message.recording)); they were left out")
        )
      }
      return
    }
    if message.id < expectedID {
      log.add(
        Finding(.deviation, line: number, "message \(message.id) stands here again; it was left out"))
      return
    }
    if message.id > expectedID { try takeGap(before: message, &log) }
    expectedID = message.id + 1
    do throws(TlogMessage.Problem) { try message.read(into: &events) } catch {
      log.add(
        Finding(
          .badLine, line: number, "message \(message.id): \(error.words); the rest of it was left out"))
    }
  }

  private func takeGap(before message: TlogMessage, _ log: inout FindingLog) throws(ImportError) {
    let range = expectedID..<message.id
    let words =
      range.count == 1
      ? "message \(range.lowerBound) is missing"
      : "messages \(range.lowerBound) to \(range.upperBound - 1) are missing"
    guard isLax else {
      throw .refused(
        name: lines.name, .line(lines.lineNumber),
        cause: words + " before this one; --lax imports what is there")
    }
    log.add(Finding(.missing, line: lines.lineNumber, words))
    let state: JSON = ["state": "gap", "cause": .string(words)]
    events.append(Event(microseconds: message.position * 1000, code: .state, bytes: state.encoded()))
  }
}
