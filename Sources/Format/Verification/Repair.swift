public import Platform

/// Makes a whole recording out of a damaged or unfinished one; the source is only read.
///
/// The new recording has its own id, and tells in its header where it comes from (`ssm.repaired`: name, SHA-256, id)
/// and in `s` events what is lost: a `gap` where it was, and at the end `repaired` with every finding.
public struct Repair {
  /// What came of it.
  public struct Outcome: Sendable {
    /// Of the repaired recording.
    public var summary: RecordingSummary
    /// What was wrong with the source.
    public var findings: [Finding]
    /// Findings beyond those that are kept one by one.
    public var uncountedFindings: Int
    /// Intervals of which events are lost.
    public var gapCount: Int
  }

  private let path: String
  private let reader: RecordingReader
  private let digest: String
  /// Findings that were looked at, and intervals that are not written yet.
  private var seen = 0
  private var gaps: [(range: ClosedRange<Int64>, words: String)] = []
  private var gapCount = 0

  /// Opens a recording of any kind that can be read twice.
  public init(path: String) throws(FormatError) {
    self.path = path
    let window = try InputWindow(path: path)
    guard window.isSeekable else { throw .cannotSeek(name: path) }
    let hash = SHA256()
    while try window.fill(to: 1) {
      hash.update(window.bytes[window.start...])
      window.discard(window.count)
    }
    digest = hash.finish().hexadecimal
    reader = try RecordingReader(path: path)
  }

  private var source: JSON {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    var members = [JSON.Member("name", .string(name)), JSON.Member("sha256", .string(digest))]
    if let recording = reader.recording {
      members.append(JSON.Member("recording", .string(recording.bytes.hexadecimal)))
    }
    return .object(members)
  }

  /// Writes the new recording into an empty file. Call it once.
  public mutating func write(
    to file: consuming Descriptor, recording: RecordingID, signingKey: SigningKey? = nil
  ) throws(FormatError) -> Outcome {
    var header = reader.header
    header.setSession("repaired", source)
    let writer = try RecordingWriter(
      file, header: header, recording: recording, started: reader.started ?? Timestamp(microseconds: 0),
      options: .import, signingKey: signingKey)
    var end: Int64 = 0
    while let event = try reader.nextEvent() {
      noteLosses()
      try writeGaps(before: event.microseconds, to: writer)
      end = max(end, event.microseconds)
      try writer.append(event)
    }
    noteLosses()
    try writeGaps(before: .max, to: writer)
    end = max(end, reader.summary?.microseconds ?? 0)
    try writer.append(Event(microseconds: end, code: .state, bytes: report.encoded()))
    let summary = try writer.close(reader.summary?.reason ?? .interrupted, at: end)
    return Outcome(
      summary: summary, findings: reader.findings, uncountedFindings: reader.uncountedFindings,
      gapCount: gapCount)
  }

  private var report: JSON {
    let words = reader.findings.map { JSON.string($0.description) }
    return .object([
      JSON.Member("state", "repaired"), JSON.Member("source", source), JSON.Member("findings", .array(words)),
    ])
  }

  private mutating func noteLosses() {
    let findings = reader.findings
    for finding in findings.dropFirst(seen) where finding.isDamage && finding.kind != .timeStepsBack {
      if let range = finding.microseconds { gaps.append((range, finding.words)) }
    }
    seen = findings.count
  }

  private mutating func writeGaps(before time: Int64, to writer: RecordingWriter) throws(FormatError) {
    while let gap = gaps.first, gap.range.upperBound <= time {
      gaps.removeFirst()
      gapCount += 1
      try writer.append(.gap(gap.range, cause: gap.words))
    }
  }
}

extension Event {
  /// An interval of which events are missing, as an event of code `s`:
  /// `{"state":"gap","from":SECONDS,"to":SECONDS,"cause":TEXT,…}`.
  public static func gap(
    _ range: ClosedRange<Int64>, cause: String, _ details: [JSON.Member] = []
  ) -> Event {
    func seconds(_ microseconds: Int64) -> JSON {
      var text: [UInt8] = []
      DecimalText.appendSeconds(microseconds: microseconds, to: &text)
      return .number(String(decoding: text, as: UTF8.self))
    }
    let members = [
      JSON.Member("state", "gap"), JSON.Member("from", seconds(range.lowerBound)),
      JSON.Member("to", seconds(range.upperBound)), JSON.Member("cause", .string(cause)),
    ]
    return Event(
      microseconds: range.upperBound, code: .state, bytes: JSON.object(members + details).encoded())
  }
}
