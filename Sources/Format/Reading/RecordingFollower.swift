import Platform

/// Reads a recording while it is being written: events as they reach the disk, until the end member.
///
/// The last member of a growing file is rewritten when it closes (`docs/format.md`, section 6), so each look inflates
/// it from its start and gives out what is new in its text: some milliseconds a second.
public final class RecordingFollower {
  /// What one look brought.
  public enum Step: Equatable, Sendable {
    /// Events that came since the last call, at least one.
    case events([Event])
    /// Nothing new; ask again later.
    case waiting
    /// The writer closed the recording; nil where the file is of a kind that tells no totals.
    case ended(RecordingSummary?)
  }

  /// The recording's header.
  public let header: Header
  /// What was wrong so far, as in `RecordingReader`.
  public private(set) var findings: [Finding] = []
  private let name: String
  private let file: Descriptor
  private let recording: RecordingID?
  /// What is no sealed recording and not plain text, which cannot grow: it is read like any other.
  private let whole: RecordingReader?
  private var decoder: EventDecoder
  private var isOver = false

  // Sealed: the member that is read, where it begins, and how much of its text was given out.
  private var number = 0
  private var memberOffset: Int64 = 0
  private var givenCount = 0
  private var lastLook: FileStatus?

  // Plain text.
  private var textOffset: Int64 = 0
  private var lines = LineBuffer()
  private var isAfterHeader = false

  private static let portion = 1 << 20

  /// Opens a file that has its header line already.
  public init(path: String) throws(FormatError) {
    name = path
    let reader = try RecordingReader(path: path)
    header = reader.header
    recording = reader.recording
    let growsAsText = reader.container == .plain && reader.asciicastVersion > 1
    whole = reader.container == .sealed || growsAsText ? nil : reader
    decoder = EventDecoder(
      version: reader.asciicastVersion, expectsExactBytes: reader.container == .sealed)
    do throws(Errno) { file = try File.open(path, for: .reading) } catch {
      throw .cannotOpen(path: path, error)
    }
  }

  /// What has come since the last call: at most a member, or a megabyte of text.
  public func next() throws(FormatError) -> Step {
    if isOver { return .ended(nil) }
    if let whole { return try readWhole(whole) }
    return recording == nil ? try readText() : try readMember()
  }

  private func readWhole(_ reader: RecordingReader) throws(FormatError) -> Step {
    var events: [Event] = []
    while events.count < 1000, let event = try reader.nextEvent() { events.append(event) }
    isOver = events.isEmpty
    findings = reader.findings
    return isOver ? .ended(reader.summary) : .events(events)
  }

  // MARK: - Sealed

  private func status() throws(FormatError) -> FileStatus {
    do throws(Errno) { return try File.status(file) } catch {
      throw .cannotRead(name: name, offset: 0, error)
    }
  }

  private func readMember() throws(FormatError) -> Step {
    guard let recording else { return .ended(nil) }
    let before = try status()
    if before == lastLook { return .waiting }
    let window: InputWindow
    do throws(Errno) { window = InputWindow(try file.duplicate(), name: name) } catch {
      throw .cannotRead(name: name, offset: memberOffset, error)
    }
    var reader = MemberReader(window: window, recording: recording)
    reader.jump(toMember: number, at: memberOffset)
    var log = FindingLog()
    guard let text = try reader.next(&log) else {
      guard let end = reader.end else {
        lastLook = before
        return .waiting
      }
      if let event = decoder.finish() { return .events([event]) }  // the end is looked at again
      findings += log.findings
      isOver = true
      return .ended(RecordingSummary(end))
    }
    // A look during a rewriting may have seen half of each form; what is whole is proved by its checksum.
    if !text.isWhole, try status() != before { return .waiting }
    // The second copy of a member that is being rewritten is gone in a moment: what comes next is not behind it.
    let isCopy = text.number == number && text.offset != memberOffset
    let events = take(text, &log)
    let hasNext = text.isWhole ? !isCopy : window.count > 0
    if hasNext {
      (number, memberOffset, givenCount) = (text.number + 1, window.offset, 0)
      findings += log.findings
    } else {
      lastLook = before
    }
    return events.isEmpty && !hasNext ? .waiting : .events(events)
  }

  /// The events of a member's text that were not given out yet.
  private func take(_ member: MemberText, _ log: inout FindingLog) -> [Event] {
    if member.number != number { givenCount = 0 }
    number = member.number
    guard member.text.count > givenCount else { return [] }
    var lines = LineBuffer()
    lines.append(Array(member.text[givenCount...]))
    if givenCount == 0 {
      if number == 0 { _ = lines.next(isLast: false) }  // the header line
      decoder.setTime(max(member.microseconds, decoder.microseconds))
    }
    givenCount = member.text.count
    return events(of: &lines, &log)
  }

  private func events(of lines: inout LineBuffer, _ log: inout FindingLog) -> [Event] {
    var events: [Event] = []
    while case .line(let range) = lines.next(isLast: false) {
      if let event = decoder.take(lines.bytes, range, lineNumber: lines.lineNumber, &log) {
        events.append(event)
      }
    }
    // An event and its exact bytes are written at once, but may be seen half.
    if !decoder.expectsMore, let event = decoder.finish() { events.append(event) }
    return events
  }

  // MARK: - Plain text

  private func readText() throws(FormatError) -> Step {
    let bytes: [UInt8]
    do throws(Errno) { bytes = try file.read(upTo: Self.portion, at: textOffset) } catch {
      throw .cannotRead(name: name, offset: textOffset, error)
    }
    if bytes.isEmpty { return .waiting }
    textOffset += Int64(bytes.count)
    lines.append(bytes)
    if !isAfterHeader {
      guard case .line = lines.next(isLast: false) else { return .events([]) }
      isAfterHeader = true
    }
    var log = FindingLog()
    let events = events(of: &lines, &log)
    findings += log.findings
    // Of the text formats only version 3 tells the end: by the exit status, its last event.
    isOver = events.last?.code == .exit
    return .events(events)
  }
}
