import Format
import Platform

/// All that `show` says of one recording.
struct RecordingReport {
  private let reader: RecordingReader
  private let contents: RecordingContents
  private let path: String
  /// Output over time, where it was counted.
  var activity: RecordingMap?
  /// Markers that viewers added beside the recording.
  var addedMarkers: [MomentScale.Marker] = []
  /// What the seals prove, where they were checked.
  var verification: Verification?
  let state: RecordingFacts.State

  init(_ reader: RecordingReader, _ contents: RecordingContents, path: String) {
    self.reader = reader
    self.contents = contents
    self.path = path
    state = RecordingFacts.state(reader, contents.findings)
  }

  private var header: Header { reader.header }
  private var microseconds: Int64 { reader.summary?.microseconds ?? contents.microseconds }

  private var container: String {
    switch reader.container {
    case .sealed: "ssmcast (gzip members, asciicast v\(reader.asciicastVersion))"
    case .gzip: "gzip, asciicast v\(reader.asciicastVersion)"
    case .plain: "plain text, asciicast v\(reader.asciicastVersion)"
    case .foreign: reader.formatName ?? "of another program"
    }
  }

  private static let codeNames: [(Event.Code, String)] = [
    (.output, "output"), (.standardError, "standard error"), (.input, "input"), (.resize, "resize"),
    (.marker, "marker"), (.exit, "exit"), (.state, "state"), (.port, "port"),
  ]

  /// Counts by name; codes nobody here knows by their character.
  private var counts: [(String, Int)] {
    let known = Self.codeNames.compactMap { code, name in contents.eventCounts[code].map { (name, $0) } }
    let others = contents.eventCounts.keys.filter { code in !Self.codeNames.contains { $0.0 == code } }
    return known
      + others.sorted { $0.rawValue < $1.rawValue }.map {
        ("'\($0.description.printable)'", contents.eventCounts[$0] ?? 0)
      }
  }

  /// Names and values, in the order they are shown.
  func rows(zone: (Timestamp) -> Int) -> [(String, String)] {
    var rows: [(String, String)] = [("file", path)]
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { rows.append((name, value)) }
    }
    let session = header.session
    add("session", session?["session_id"]?.string)
    add("title", header.title)
    add("started", reader.started.map { "\(TimeText.local($0, zone: zone)) (\(CalendarDate($0).rfc3339))" })
    add("duration", "\(TimeText.clock(microseconds)), active \(TimeText.clock(contents.activeMicroseconds))")
    for (name, key) in [
      ("target", "target"), ("region", "region"), ("document", "document"), ("reason", "reason"),
      ("owner", "owner"),
    ] {
      add(name, session?[key]?.string)
    }
    add("parameters", session?["parameters"]?.text)
    add("recorded by", recorder)
    add("source", source)
    add("command", header.command)
    add("terminal", "\(header.size)" + (header.terminalType.map { ", \($0)" } ?? ""))
    add("file size", reader.byteCount.map { ByteCount.text($0) })
    add("output", ByteCount.text(contents.outputByteCount))
    add("events", counts.map { "\($0.1) \($0.0)" }.joined(separator: ", "))
    add("container", container)
    add("members", reader.summary.map { String($0.memberCount) })
    add("markers", Self.text(contents.markers))
    add("added markers", Self.text(addedMarkers))
    add("exit status", contents.exitStatus)
    add("activity", activity.map { Sparkline.text($0.activity, columns: 60) })
    add("proof", verification.map { VerificationReport(path: path, verification: $0).summary })
    let streams = contents.ports.streams
    for (index, stream) in streams.prefix(50).enumerated() { add(index == 0 ? "ports" : "", stream.text) }
    let hidden = streams.count - min(50, streams.count) + contents.ports.uncounted
    if hidden > 0 {
      add("", "and \(hidden) streams more\(hidden < streams.count ? "; --json has them" : "")")
    }
    return rows
  }

  private static func text(_ markers: [MomentScale.Marker]) -> String {
    let listed = 20
    let shown = markers.prefix(listed).map { "\(TimeText.clock($0.microseconds)) \($0.label)" }
    let rest = markers.count - shown.count
    return (shown + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: ", ")
  }

  private static func json(_ markers: [MomentScale.Marker]) -> JSON {
    .array(markers.map { ["time": TimeText.json($0.microseconds), "label": .string($0.label)] })
  }

  func lines(style: Style, zone: (Timestamp) -> Int) -> [String] {
    let rows = rows(zone: zone)
    let width = rows.map(\.0.count).max() ?? 0
    let table = rows.map { style.dim($0.0.padded(to: width)) + "  " + $0.1.printable }
    return table + [style.dim("state".padded(to: width)) + "  " + colored(style)]
      + contents.findings.map { "  \($0.kind.rawValue): \($0.description)".printable }
      + (contents.uncountedFindings > 0 ? ["  and \(contents.uncountedFindings) more"] : [])
  }

  /// How whole the recording is, in words.
  var verdict: String {
    switch state {
    case .finished(let reason): "finished (\(reason))"
    case .unfinished: "unfinished: it has no end; it is still being written, or its recorder was killed"
    case .damaged: "damaged: what could be read is shown; the findings say what could not"
    case .unsealed: "unsealed: an asciicast without an end that could be checked"
    }
  }

  private func colored(_ style: Style) -> String {
    switch state {
    case .finished: style.green(verdict)
    case .unfinished: style.yellow(verdict)
    case .damaged: style.red(verdict)
    case .unsealed: verdict
    }
  }

  private var recorder: String? {
    guard let recorder = header.session?["recorder"] else { return nil }
    let program = [recorder["program"]?.string, recorder["version"]?.string].compactMap { $0 }
    let place = [recorder["user"]?.string, recorder["host"]?.string].compactMap { $0 }
    return (program.joined(separator: " ") + (place.isEmpty ? "" : ", " + place.joined(separator: "@")))
  }

  private var source: String? {
    guard let source = header.session?["source"] else { return nil }
    let name = source["name"]?.string ?? "?"
    let format = source["format"]?.string ?? "unknown format"
    return "\(name) (\(format)" + (source["sha256"]?.string.map { ", SHA-256 \($0)" } ?? "") + ")"
  }

  var json: JSON {
    var members = [JSON.Member("file", .string(path))]
    func add(_ name: String, _ value: JSON?) {
      if let value { members.append(JSON.Member(name, value)) }
    }
    add("started", reader.started.map { .string(CalendarDate($0).rfc3339) })
    add("duration", TimeText.json(microseconds))
    add("active", TimeText.json(contents.activeMicroseconds))
    add("title", header.title.map { .string($0) })
    add("command", header.command.map { .string($0) })
    add("columns", JSON(header.size.columns))
    add("rows", JSON(header.size.rows))
    add("terminal", header.terminalType.map { .string($0) })
    add("session", header.session)
    add("bytes", reader.byteCount.map { JSON($0) })
    add("output_bytes", JSON(contents.outputByteCount))
    add("events", .object(counts.map { JSON.Member($0.0, JSON($0.1)) }))
    add("container", .string(reader.container.rawValue))
    add("asciicast_version", JSON(reader.asciicastVersion))
    add("recording", reader.recording.map { .string($0.description) })
    add("members", reader.summary.map { JSON($0.memberCount) })
    add("markers", Self.json(contents.markers))
    add("added_markers", addedMarkers.isEmpty ? nil : Self.json(addedMarkers))
    add("exit_status", contents.exitStatus.map { .string($0) })
    if let activity {
      add(
        "activity",
        ["step": TimeText.json(activity.activityStep), "bytes": .array(activity.activity.map { JSON($0) })])
    }
    add("proof", verification.map { .string(VerificationReport(path: path, verification: $0).summary) })
    let streams = contents.ports.streams
    add("ports", streams.isEmpty ? nil : .array(streams.map(\.json)))
    add("state", .string(state.word))
    add("findings", .array(contents.findings.map(\.json)))
    return .object(members)
  }
}

extension Finding {
  /// The finding as one object; places that are not known are left out.
  var json: JSON {
    var members = [JSON.Member("kind", .string(kind.rawValue))]
    if let offset { members.append(JSON.Member("offset", JSON(offset))) }
    if let line { members.append(JSON.Member("line", JSON(line))) }
    if let member { members.append(JSON.Member("member", JSON(member))) }
    if let microseconds {
      members.append(JSON.Member("from", TimeText.json(microseconds.lowerBound)))
      members.append(JSON.Member("until", TimeText.json(microseconds.upperBound)))
    }
    members.append(JSON.Member("words", .string(words)))
    return .object(members)
  }
}
