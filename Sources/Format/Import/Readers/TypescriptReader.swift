import Platform

/// Reads a typescript without its timing file, which is also what Session Manager puts into S3: all output at
/// time zero, and the exit status the last line tells.
final class TypescriptReader: EventSource {
  private(set) var header: Header
  private(set) var started: Timestamp?
  private let text: TypescriptText
  private var waiting: [Event] = []
  private var hasTold = false

  init(_ bytes: SourceBytes) throws(ImportError) {
    text = try TypescriptText(bytes)
    header = Header(text.facts)
    started = text.facts.started
  }

  func next(_ log: inout FindingLog) throws(ImportError) -> Event? {
    if !hasTold {
      hasTold = true
      log.add(
        Finding(.deviation, "there is no timing file: all output stands at the start, without pauses"))
    }
    if let output = try text.rest() { return Event(microseconds: 0, code: .output, bytes: output) }
    guard let code = text.exitCode else { return nil }
    text.exitCode = nil
    return Event(microseconds: 0, code: .exit, text: String(code))
  }
}

/// The bytes of a typescript between its first and last line.
final class TypescriptText {
  let bytes: SourceBytes
  let facts: TypescriptMarks.Facts
  /// What the last line told; known when `rest` has returned nil.
  var exitCode: Int?
  /// Most bytes that are given out at once.
  static let pieceByteCount = 1 << 20
  private static let firstLineLimit = 64 << 10

  /// Skips the first line, which is never output.
  init(_ bytes: SourceBytes) throws(ImportError) {
    self.bytes = bytes
    switch try bytes.line(limit: Self.firstLineLimit) {
    case .line(let line): facts = TypescriptMarks.facts(line)
    case .end: facts = TypescriptMarks.Facts()
    case .tooLong:
      throw .refused(
        name: bytes.name, .line(1),
        cause:
          "a typescript begins with a line of script(1); this line is longer than \(Self.firstLineLimit) bytes"
      )
    }
  }

  /// The next output where nothing tells how much; nil before the last line, or at the end.
  func rest() throws(ImportError) -> [UInt8]? {
    try bytes.fill(to: Self.pieceByteCount + TypescriptMarks.lastLineByteCount)
    if bytes.count > Self.pieceByteCount + TypescriptMarks.lastLineByteCount || !bytes.isAtEnd {
      return try bytes.take(Self.pieceByteCount)
    }
    let tailStart = max(bytes.start, bytes.bytes.count - TypescriptMarks.lastLineByteCount)
    guard let footer = TypescriptMarks.footer(bytes.bytes[tailStart...]) else {
      return bytes.count == 0 ? nil : try bytes.take(bytes.count)
    }
    exitCode = footer.exitCode
    let output = try bytes.take(footer.start - bytes.start)
    bytes.discard(bytes.count)
    return output.isEmpty ? nil : output
  }
}

extension Header {
  /// What a typescript's first line tells.
  init(_ facts: TypescriptMarks.Facts) {
    self.init(
      size: facts.size ?? Self.assumedSize,
      timestamp: facts.started.map { Timestamp(microseconds: $0.seconds * 1_000_000) },
      command: facts.command, terminalType: facts.terminalType)
    sizeOrigin = facts.size == nil ? .assumed : .told
  }
}
