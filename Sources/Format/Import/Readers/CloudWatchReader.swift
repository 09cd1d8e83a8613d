import Platform

/// Reads what the SSM agent puts into CloudWatch Logs, as best it can: the lines have lost their carriage returns,
/// tabs and escape sequences, and a batch has one time in whole seconds.
///
/// Takes one event a line, or what `aws logs get-log-events` and `filter-log-events` print, and also the chunks of
/// text that are uploaded where nothing is streamed.
final class CloudWatchReader: EventSource {
  private(set) var header = Header(size: Header.assumedSize)
  private(set) var started: Timestamp?
  private var batches: [Batch] = []
  private var index = 0
  private var firstLog = FindingLog()

  /// Largest log that is read: it is put in order of time in memory.
  static let byteLimit = 64 << 20

  private struct Batch {
    var microseconds: Int64
    var ingested: Int64
    /// Place in the source, the last word on order.
    var number: Int
    var text: [UInt8]
  }

  init(_ source: SourceBytes) throws(ImportError) {
    let bytes = try source.take(Self.byteLimit + 1)
    if bytes.count > Self.byteLimit { throw .recording(.tooLarge(name: source.name, limit: Self.byteLimit)) }
    header.sizeOrigin = .assumed
    var log = FindingLog()
    if let document = try? JSON(parsing: bytes) {  // else it is one event a line
      for (place, event) in Self.events(of: document).enumerated() {
        take(event, "event \(place + 1)", nil, &log)
      }
    } else {
      for (line, text) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
      where text.contains(where: { $0 > 0x20 }) {
        do throws(JSONError) {
          for event in Self.events(of: try JSON(parsing: Array(text))) {
            take(event, "this line", line + 1, &log)
          }
        } catch {
          log.add(Finding(.badLine, line: line + 1, "this is no CloudWatch event: \(error)"))
        }
      }
    }
    guard !batches.isEmpty else {
      throw .refused(name: source.name, .line(1), cause: "there is no log event of Session Manager in it")
    }
    batches.sort { ($0.microseconds, $0.ingested, $0.number) < ($1.microseconds, $1.ingested, $1.number) }
    if let first = batches.first, first.microseconds > 0 {
      started = Timestamp(microseconds: first.microseconds)
      header.timestamp = started
    }
    firstLog = log
  }

  /// The log events in a document: a list, what the AWS CLI prints, or a single one.
  private static func events(of json: JSON) -> [JSON] {
    json.array ?? json["events"]?.array ?? json["logEvents"]?.array ?? [json]
  }

  private func take(_ event: JSON, _ place: String, _ line: Int?, _ log: inout FindingLog) {
    var json = event
    var milliseconds = event["timestamp"]?.integer
    if let message = event["message"]?.string {
      // What is no JSON is a chunk of the transcript.
      if let inner = try? JSON(parsing: message), inner["sessionData"] != nil {
        json = inner
      } else {
        add(milliseconds, event, Self.terminalText(message))
        return
      }
    }
    guard let data = json["sessionData"] else {
      log.add(Finding(.badLine, line: line, "\(place) has no \"sessionData\"; it was left out"))
      return
    }
    takeFacts(json)
    if let time = json["eventTime"]?.string.flatMap({ WallClockText.parse($0) }) {
      milliseconds = time.microseconds / 1000
    }
    let lines = data.array?.compactMap(\.string) ?? data.string.map { [$0] } ?? []
    add(milliseconds, event, lines.flatMap { Self.terminalText($0) + [0x0D, 0x0A] })
  }

  private func add(_ milliseconds: Int64?, _ event: JSON, _ text: [UInt8]) {
    let limit = EventLine.maximumMicroseconds / 1000
    let time = max(0, min(milliseconds ?? batches.last.map { $0.microseconds / 1000 } ?? 0, limit))
    batches.append(
      Batch(
        microseconds: time * 1000, ingested: event["ingestionTime"]?.integer ?? 0, number: batches.count,
        text: text))
  }

  /// Text with the carriage returns a terminal needs.
  private static func terminalText(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var previous: UInt8 = 0
    for byte in text.utf8 {
      if byte == 0x0A, previous != 0x0D { bytes.append(0x0D) }
      bytes.append(byte)
      previous = byte
    }
    return bytes
  }

  /// Facts of the session; the first event that has them tells them.
  private func takeFacts(_ json: JSON) {
    guard header.session?["session_id"] == nil else { return }
    header.setSession("session_id", json["sessionId"]?.string)
    header.setSession("target", json["target"]?["id"]?.string)
    header.setSession("region", json["awsRegion"]?.string)
    header.setSession("owner", json["userIdentity"]?["arn"]?.string)
    header.setSession("run_as", json["runAsUser"]?.string)
  }

  func next(_ log: inout FindingLog) throws(ImportError) -> Event? {
    for finding in firstLog.findings { log.add(finding) }
    firstLog = FindingLog()
    guard index < batches.count else { return nil }
    defer { index += 1 }
    let batch = batches[index]
    return Event(
      microseconds: batch.microseconds - batches[0].microseconds, code: .output, bytes: batch.text)
  }
}
