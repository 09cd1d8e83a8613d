public import Platform

/// Reads a recording: sealed, asciicast v1 to v3 as gzip or text, or any format that can be imported, from a file, a
/// pipe, memory, or another source of bytes.
///
/// Streaming, with flat memory. Damage does not throw: the reader goes on after it and tells it in `findings`.
public final class RecordingReader {
  /// What the text is wrapped in.
  public enum Container: String, Sendable {
    /// Ours: members with `SC` subfields.
    case sealed
    /// Gzip members without our seals.
    case gzip
    /// Text as it is.
    case plain
    /// A recording of another kind: ttyrec, script, sudo, tlog, AWS's logs, terminal output (`formatName` tells).
    case foreign
  }

  /// What messages call the source.
  public let name: String
  /// The first line of the recording.
  public let header: Header
  /// How the text is stored.
  public let container: Container
  /// 1, 2 or 3; 3 for formats of others, whose events are read as if they were.
  public let asciicastVersion: Int
  /// What a foreign recording is: `ttyrec`, `sudo-iolog`, `script+gzip`; nil for asciicasts and our own.
  public var formatName: String? { foreign?.formatName }
  /// Wall clock at the start: exact in sealed files, else the header's whole seconds.
  public let started: Timestamp?
  /// Which recording it is; nil unless sealed.
  public let recording: RecordingID?
  /// The totals of a finished sealed file, known before any event is read; nil for all else, pipes included.
  public let summary: RecordingSummary?

  private let window: InputWindow
  private var table: MemberTable?
  private let foreign: ForeignRecording?
  private var source: TextSource
  // One caller at a time: to have each access checked for that cost 2 % of a search.
  @exclusivity(unchecked) private var lines = LineBuffer()
  @exclusivity(unchecked) private var decoder: EventDecoder
  @exclusivity(unchecked) private var log: FindingLog
  private var isAtEnd = false
  private var isInDamagedMember = false
  /// Events of a v1 document, and how many of them were given out.
  private let document: [Event]?
  private var documentIndex = 0
  /// An event that was read to find a place.
  private var peeked: Event?
  private var totals: Totals?

  /// What was read since the start; compared with the end member.
  private struct Totals {
    var eventCount = 0
    var outputByteCount: Int64 = 0
    var microseconds: Int64 = 0
  }

  /// Opens a file, or a sudo I/O log's folder. Files that belong to it are found beside it.
  public convenience init(path: String) throws(FormatError) {
    if let foreign = try ForeignRecording(path: path) {
      self.init(foreign)
    } else {
      // What cannot be looked at is told by opening it.
      if (try? File.status(path))?.kind == .directory { throw .isFolder(path: path) }
      try self.init(InputWindow(path: path))
    }
  }

  /// Reads an open file or pipe; `name` is used in messages.
  public convenience init(_ descriptor: consuming Descriptor, name: String) throws(FormatError) {
    try self.init(anything: InputWindow(descriptor, name: name))
  }

  /// Reads bytes in memory.
  public convenience init(_ bytes: [UInt8], name: String) throws(FormatError) {
    try self.init(anything: InputWindow(bytes, name: name))
  }

  /// Reads from wherever the bytes are.
  public convenience init(_ source: any ByteSource, name: String) throws(FormatError) {
    try self.init(anything: InputWindow(source, name: name))
  }

  private convenience init(anything window: InputWindow) throws(FormatError) {
    if let foreign = try ForeignRecording(window) {
      self.init(foreign)
    } else {
      try self.init(window)
    }
  }

  private init(_ foreign: ForeignRecording) {
    self.foreign = foreign
    name = foreign.name
    window = InputWindow([], name: foreign.name)
    header = foreign.header
    container = .foreign
    asciicastVersion = 3
    started = foreign.started
    recording = nil
    document = nil
    log = FindingLog()
    table = nil
    summary = nil
    source = .none
    decoder = EventDecoder(version: 3, expectsExactBytes: false)
  }

  /// Opens what is an asciicast or a recording of ours.
  init(_ window: InputWindow) throws(FormatError) {
    let opening = try RecordingOpening(window)
    foreign = nil
    name = window.name
    self.window = window
    header = opening.header
    container = opening.container
    asciicastVersion = opening.version
    started = opening.started
    recording = opening.recording
    document = opening.document
    log = opening.log
    table = opening.located?.table
    summary = opening.located.map { RecordingSummary($0.end) }
    source = opening.source
    lines = opening.lines
    decoder = EventDecoder(
      version: opening.version, timesAreAbsolute: opening.timesAreAbsolute,
      expectsExactBytes: opening.container == .sealed || opening.header.session != nil)
    totals = Totals()
  }

  /// What was wrong so far; complete when `nextEvent` has returned nil. At most 1,000 are kept.
  public var findings: [Finding] { foreign?.findings ?? log.findings }
  /// How many findings there were beyond those kept.
  public var uncountedFindings: Int { foreign?.uncountedFindings ?? log.uncounted }
  /// Bytes of the source read so far, for progress.
  public var byteOffset: Int64 { window.offset }
  /// Bytes of the source; nil for pipes.
  public var byteCount: Int64? { foreign.map(\.byteCount) ?? window.size }

  /// The next event in order of time; nil at the end.
  public func nextEvent() throws(FormatError) -> Event? {
    if let event = peeked {
      peeked = nil
      return event
    }
    if let foreign { return try foreign.nextEvent() }
    let event = try readEvent()
    if let event {
      totals?.eventCount += 1
      totals?.microseconds = event.microseconds
      if event.code == .output || event.code == .standardError {
        totals?.outputByteCount += Int64(event.bytes.count)
      }
    } else {
      checkTotals()
    }
    return event
  }

  /// Takes back an event that was read and is no longer needed: its memory goes to one to come. Who goes through a
  /// recording event by event saves a twentieth of the time so.
  public func reuse(_ event: consuming Event) { decoder.reuse(event.bytes) }

  /// Moves to the first event at or after a time, forwards or backwards (in a pipe: forwards only).
  ///
  /// A finished sealed file jumps by its table; others are read on, or again from the start.
  public func seek(toMicroseconds microseconds: Int64) throws(FormatError) {
    if let foreign {
      peeked = try foreign.seek(toMicroseconds: microseconds)
      return
    }
    let isBack = microseconds <= decoder.microseconds
    if isBack, !window.isSeekable, document == nil { throw .cannotSeek(name: name) }
    if document != nil {
      documentIndex = 0
    } else if let place = table?.member(at: microseconds), case .sealed(var reader) = source {
      if isBack || place.number >= reader.nextNumber {
        try jump(&reader, to: place.number, at: place.offset)
      }
    } else if isBack {
      try startOver()
    }
    totals = nil
    peeked = nil
    while let event = try readEvent() {
      if event.microseconds >= microseconds {
        peeked = event
        return
      }
    }
  }

  /// Goes to where the table says a member is. A table that lies is not used again.
  private func jump(_ reader: inout MemberReader, to number: Int, at offset: Int64) throws(FormatError) {
    reader.jump(toMember: number, at: offset)
    let microseconds = table?.entries[number].microseconds ?? 0
    let found = try reader.memberAtFront()
    if found?.number == number, found?.microseconds == microseconds {
      return start(with: .sealed(reader), at: microseconds)
    }
    log.add(
      Finding(
        .badTable, offset: offset, member: number,
        "the table at the end says that this member begins here, which it does not; the table was not used"))
    table = nil
    try startOver()
  }

  private func start(with newSource: TextSource, at microseconds: Int64) {
    source = newSource
    decoder = EventDecoder(
      version: decoder.version, timesAreAbsolute: decoder.timesAreAbsolute,
      expectsExactBytes: decoder.expectsExactBytes)
    decoder.setTime(microseconds)
    lines.startOver(lineNumber: 0)
    isAtEnd = false
  }

  /// Reads again from the first line after the header.
  private func startOver() throws(FormatError) {
    window.jump(to: 0)
    let opening = try RecordingOpening(window)
    start(with: opening.source, at: 0)
    lines = opening.lines
  }

  private func readEvent() throws(FormatError) -> Event? {
    if let document {
      guard documentIndex < document.count else { return nil }
      documentIndex += 1
      return document[documentIndex - 1]
    }
    while true {
      switch lines.next(isLast: isAtEnd) {
      case .line(let range):
        if let event = take(range) { return event }
      case .tooLong:
        log.add(
          Finding(
            .overLimit, line: lines.lineNumber, "the line is longer than \(LineBuffer.lineLimit) bytes"))
      case .needsMore:
        if isAtEnd { return decoder.finish() }
        if let event = try readText() { return event }
      }
    }
  }

  /// In a damaged member, which is reported as such, the first line that is no event ends what can be read.
  private func take(_ range: Range<Int>) -> Event? {
    guard isInDamagedMember else {
      return decoder.take(lines.bytes, range, lineNumber: lines.lineNumber, &log)
    }
    var damage = FindingLog()
    let event = decoder.take(lines.bytes, range, lineNumber: lines.lineNumber, &damage)
    if !damage.findings.isEmpty { lines.startOver(lineNumber: lines.lineNumber) }
    return event
  }

  /// Takes the next piece of text. A member's beginning completes the event before it, which is returned.
  private func readText() throws(FormatError) -> Event? {
    switch try source.next(&log) {
    case nil:
      isAtEnd = true
      return nil
    case .piece(let piece):
      lines.append(piece)
      return nil
    case .member(let member):
      let event = decoder.finish()
      lines.append(member.text)
      if member.number == 0 { skipHeaderLine() }
      decoder.setTime(max(member.microseconds, decoder.microseconds))
      decoder.latest = member.latest
      isInDamagedMember = !member.isWhole
      return event
    }
  }

  private func skipHeaderLine() { _ = lines.next(isLast: false) }

  /// Compares what was read with what the end tells, unless something was damaged or skipped.
  private func checkTotals() {
    guard let totals, case .sealed(let reader) = source, let end = reader.end, log.findings.isEmpty else {
      return
    }
    if totals.eventCount != end.eventCount || totals.outputByteCount != end.outputByteCount
      || totals.microseconds > end.microseconds
    {
      log.add(
        Finding(
          .badTable,
          "the end tells of \(end.eventCount) events and \(end.outputByteCount) bytes of output; "
            + "\(totals.eventCount) and \(totals.outputByteCount) were read"))
    }
  }
}

extension RecordingSummary {
  init(_ end: Seal.End) {
    self.init(
      microseconds: end.microseconds, eventCount: end.eventCount, outputByteCount: end.outputByteCount,
      memberCount: end.memberCount, reason: end.reason)
  }
}
