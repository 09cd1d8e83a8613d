import Platform

/// Finds out what a source is and reads its header: the first steps of a reader.
struct RecordingOpening {
  private(set) var container: RecordingReader.Container
  private(set) var header = Header(size: WindowSize(columns: 80, rows: 24))
  private(set) var version = 3
  /// Whether the times of a version 3 file count from the start.
  private(set) var timesAreAbsolute = false
  private(set) var started: Timestamp?
  private(set) var recording: RecordingID?
  private(set) var located: EndLocator.Located?
  private(set) var source: TextSource
  /// Text after the header line.
  private(set) var lines = LineBuffer()
  private(set) var log = FindingLog()
  /// The events of a v1 document.
  private(set) var document: [Event]?

  private let name: String
  private let isSeekable: Bool

  /// Longest header line of asciicast v2 and v3.
  private static let headerByteLimit = 1 << 20
  /// How far from the start a member is looked for where the file does not begin with one.
  private static let searchByteCount = 2 << 20

  init(_ window: InputWindow) throws(FormatError) {
    name = window.name
    isSeekable = window.isSeekable
    guard try window.fill(to: 1) else { throw .empty(name: name) }
    try window.fill(to: 18)
    if let seal = try Self.firstSeal(window), let identity = seal.identity {
      container = .sealed
      recording = identity.recording
      source = .sealed(MemberReader(window: window, recording: identity.recording))
      located = try EndLocator.locate(window)
      if located != nil, located?.table == nil {
        log.add(Finding(.badTable, "the table at the end does not fit the file; it was not used"))
      }
      try openSealed(seal, window)
    } else if window.bytes[window.start...].starts(with: GzipHeader.magic) {
      container = .gzip
      source = .gzip(GzipText(window))
      try openText()
    } else {
      container = .plain
      source = .plain(window)
      try openText()
    }
  }

  // MARK: - Sealed

  /// The seal of the member the source begins with, or of the first one where the beginning is damaged.
  private static func firstSeal(_ window: InputWindow) throws(FormatError) -> Seal? {
    let isText = window.bytes[window.start] == UInt8(ascii: "{")
    if isText { return nil }
    var index = window.start
    try window.fill(to: 4096)
    var isFirst = true
    while true {
      if let seal = try seal(in: window, at: index, refusingNewer: isFirst) { return seal }
      if isFirst, window.bytes[index...].starts(with: GzipHeader.magic), isPlainGzip(window, index) {
        return nil
      }
      if isFirst { try window.fill(to: searchByteCount) }
      isFirst = false
      guard
        let next = ByteSearch.first(0x1F, in: window.bytes, index + 1..<window.bytes.count),
        next - window.start < searchByteCount
      else { return nil }
      index = next
    }
  }

  /// Whether there is a member of ours near the front of the window.
  static func findsSeal(_ window: InputWindow) throws(FormatError) -> Bool {
    try window.fill(to: 18)
    return window.count > 0 ? try firstSeal(window) != nil : false
  }

  /// The recording that the first member near the front of the window names; nil where there is none.
  static func firstRecording(_ window: InputWindow) throws(FormatError) -> RecordingID? {
    try window.fill(to: 18)
    return try firstSeal(window)?.identity?.recording
  }

  private static func isPlainGzip(_ window: InputWindow, _ index: Int) -> Bool {
    guard let header = try? GzipHeader(parsing: window.bytes, at: index) else { return false }
    return header.seal == nil
  }

  private static func seal(
    in window: InputWindow, at index: Int, refusingNewer: Bool
  ) throws(FormatError) -> Seal? {
    guard let header = try? GzipHeader(parsing: window.bytes, at: index), let bytes = header.seal else {
      return nil  // whatever it is, it is no member of ours
    }
    do throws(Seal.Problem) {
      let seal = try Seal.parse(bytes).seal
      return seal.identity == nil ? nil : seal
    } catch {
      if refusingNewer, case .unknownLayout(let layout) = error, layout > 0, layout < 8 {
        throw .unknownLayout(name: window.name, layout: layout)
      }
      return nil
    }
  }

  private mutating func openSealed(_ seal: Seal, _ window: InputWindow) throws(FormatError) {
    let startedAt: Int64
    switch seal.contents {
    case .first(let first):
      header.size = first.size
      startedAt = first.started
    case .events(let events):
      header.size = events.size
      startedAt = events.started
    case .table, .end: startedAt = 0
    }
    // Without a header line the seal says what must be known.
    var line = try Self.headerLine(window)
    if line != .cutOff, case .sealed(var reader) = source {
      // The first member may stand whole behind a half-written one.
      if line == .damaged, let text = try reader.peek(&log), text.number == 0 {
        if let end = text.text.firstIndex(of: 0x0A) { line = .line(Array(text.text[..<end])) }
      }
      source = .sealed(reader)
    }
    if case .line(let text) = line, let json = try? JSON(parsing: text), let parsed = try? Header.parse(json)
    {
      header = parsed.header
    } else if line != .cutOff {
      log.add(
        Finding(.damaged, offset: 0, "the header line is missing or damaged; title and environment are lost"))
    }
    started = startedAt > 0 ? Timestamp(microseconds: startedAt) : header.timestamp
  }

  private enum HeaderLine: Equatable {
    case line([UInt8])
    /// The file ends before it does.
    case cutOff
    case damaged
  }

  /// The first line of the first member, inflating no more than needed.
  private static func headerLine(_ window: InputWindow) throws(FormatError) -> HeaderLine {
    guard let header = try? GzipHeader(parsing: window.bytes, at: window.start) else { return .damaged }
    let inflater = Inflater()
    var text: [UInt8] = []
    var taken = header.byteCount
    while text.count < MemberReader.textLimit {
      if taken == window.count { try window.fill(to: window.count + 4096) }
      let from = window.start + taken
      let (outcome, count) = inflater.inflate(
        window.bytes, from..<window.bytes.count, limit: 4096, into: &text)
      taken += count
      if let end = ByteSearch.first(0x0A, in: text, 0..<text.count) {
        return .line(Array(text[..<end]))
      }
      if outcome == .ended || outcome == .damaged { return .damaged }
      if outcome == .needsInput, taken == window.count, window.isAtEnd { return .cutOff }
    }
    return .damaged
  }

  // MARK: - Plain and gzip

  private mutating func openText() throws(FormatError) {
    var isLast = false
    while true {
      switch lines.next(isLast: isLast) {
      case .needsMore where !isLast: isLast = try !readPiece()
      case .needsMore: throw .notARecording(name: name, line: 1, cause: "there is no text in it")
      case .tooLong: throw .notARecording(name: name, line: 1, cause: "the first line is too long")
      case .line(let range):
        let line = Array(lines.bytes[range])
        let text = line.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(line.dropFirst(3)) : line  // byte order mark
        try openHeader(text)
        return
      }
    }
  }

  private mutating func readPiece() throws(FormatError) -> Bool {
    guard case .piece(let piece) = try source.next(&log) else { return false }
    lines.append(piece)
    return true
  }

  private mutating func openHeader(_ line: [UInt8]) throws(FormatError) {
    guard line.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else {
      throw .notARecording(
        name: name, line: 1,
        cause:
          "it begins as none of the formats that are known: asciicast, ttyrec, script, sudo, tlog, CloudWatch"
      )
    }
    let json: JSON
    do throws(JSONError) {
      json = try JSON(parsing: line)
    } catch {
      try openDocument(line, lineError: error)
      return
    }
    (header, version) = try parse(json)
    if version > 1, line.count > Self.headerByteLimit {
      throw .notARecording(
        name: name, line: 1, cause: "the header is longer than \(Self.headerByteLimit) bytes")
    }
    started = header.timestamp
    if version == 1 { try takeDocument(json) }
    if version == 3 { try lookAtTimes() }
  }

  private mutating func lookAtTimes() throws(FormatError) {
    if header.session != nil { return }  // ours, or made from ours
    // What a pipe has not brought yet is not waited for.
    let isLast = isSeekable ? try !readPiece() : false
    timesAreAbsolute = AbsoluteTimes.begin(lines, of: header, isLast: isLast)
    if timesAreAbsolute {
      log.add(
        Finding(
          .deviation, line: 2,
          "the times count from the start, as in version 2, though the header says version 3; they were read so"
        ))
    }
  }

  /// A header that is no JSON by itself may be the first line of a v1 document.
  private mutating func openDocument(_ firstLine: [UInt8], lineError: JSONError) throws(FormatError) {
    var text = firstLine
    var isLast = false
    while true {
      let next = lines.next(isLast: isLast)
      if case .line(let range) = next {
        text.append(0x0A)
        text += lines.bytes[range]
      } else if isLast {
        break
      } else {
        isLast = try !readPiece()
      }
      if text.count > AsciicastV1.byteLimit { throw .tooLarge(name: name, limit: AsciicastV1.byteLimit) }
    }
    guard let json = try? JSON(parsing: text) else {  // the first line's error is the one to tell
      throw .notARecording(name: name, line: 1, cause: "the header is no JSON: \(lineError)")
    }
    (header, version) = try parse(json)
    guard version == 1 else {
      throw .notARecording(
        name: name, line: 1, cause: "an asciicast v\(version) header must stand on one line")
    }
    try takeDocument(json)
  }

  private mutating func takeDocument(_ json: JSON) throws(FormatError) {
    guard json["stdout"]?.array != nil else {
      throw .notARecording(name: name, line: 1, cause: "this asciicast v1 has no \"stdout\"")
    }
    document = AsciicastV1.events(json, &log)
    source = .none
  }

  private func parse(_ json: JSON) throws(FormatError) -> (Header, Int) {
    do throws(Header.Problem) {
      return try Header.parse(json)
    } catch {
      switch error {
      case .unknownVersion(let version): throw .unknownVersion(name: name, version: version)
      case .notAnObject, .noVersion:
        throw .notARecording(name: name, line: 1, cause: "the header has no \"version\"")
      case .badSize:
        throw .notARecording(name: name, line: 1, cause: "the header's terminal size is missing or no size")
      }
    }
  }
}
