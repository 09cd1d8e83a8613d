import Format
import Platform

/// What a list says of one recording. For a finished recording its header and end are enough: two reads.
struct RecordingFacts: Equatable, Sendable {
  /// How complete a recording is.
  enum State: Equatable, Sendable {
    case finished(EndReason)
    /// No end: it is still being written, or its writer was killed.
    case unfinished
    case damaged
    /// An asciicast that is not ours: it has no end to check.
    case unsealed

    /// One word for lists.
    var word: String {
      switch self {
      case .finished(let reason): reason.description
      case .unfinished: "unfinished"
      case .damaged: "damaged"
      case .unsealed: "unsealed"
      }
    }
  }

  var path: String
  var header: Header
  var started: Timestamp?
  var microseconds: Int64
  var byteCount: Int64?
  var state: State

  /// Reads the facts. What has no end is read through for its length.
  init(_ reader: RecordingReader, path: String) throws(ReplayError) {
    self.path = path
    header = reader.header
    started = reader.started
    byteCount = reader.byteCount
    if let summary = reader.summary {
      microseconds = summary.microseconds
      state = reader.findings.isEmpty ? .finished(summary.reason) : .damaged
    } else {
      let contents = try RecordingContents.read(reader)
      microseconds = contents.microseconds
      state = Self.state(reader, contents.findings)
    }
  }

  /// What the findings of a recording without an end mean.
  static func state(_ reader: RecordingReader, _ findings: [Finding]) -> State {
    if findings.contains(where: \.isDamage) { return .damaged }
    if let summary = reader.summary { return .finished(summary.reason) }
    return reader.container == .sealed || !findings.isEmpty ? .unfinished : .unsealed
  }

  var sessionID: String? { header.session?["session_id"]?.string }
  var target: String? { header.session?["target"]?.string }
  var document: String? { header.session?["document"]?.string }
  var reason: String? { header.session?["reason"]?.string }
  /// The session's owner, else who recorded it.
  var user: String? { owner ?? recordedBy }
  /// Whose session it is to AWS.
  var owner: String? { header.session?["owner"]?.string }
  /// The login name on the machine that recorded.
  var recordedBy: String? { header.session?["recorder"]?["user"]?.string }
  /// Who it was, in one column: a person on a shared machine is not always who AWS takes them for.
  var people: String? {
    guard let recordedBy, let owner, owner != recordedBy else { return user }
    return "\(recordedBy) as \(owner)"
  }
  /// What the session was for, as far as somebody said so.
  var purpose: String? { reason ?? header.title ?? document ?? header.command }

  /// The facts as one object, the same in `ls` and `show`; members that are not known are left out.
  var json: [JSON.Member] {
    var members = [JSON.Member("file", .string(path))]
    func add(_ name: String, _ value: String?) {
      if let value { members.append(JSON.Member(name, .string(value))) }
    }
    add("session_id", sessionID)
    add("started", started.map { CalendarDate($0).rfc3339 })
    members.append(JSON.Member("duration", TimeText.json(microseconds)))
    add("target", target)
    add("user", user)
    add("owner", owner)
    add("recorded_by", recordedBy)
    add("document", document)
    add("reason", reason)
    add("title", header.title)
    add("command", header.command)
    members.append(JSON.Member("columns", JSON(header.size.columns)))
    members.append(JSON.Member("rows", JSON(header.size.rows)))
    if let byteCount { members.append(JSON.Member("bytes", JSON(byteCount))) }
    add("state", state.word)
    return members
  }
}
