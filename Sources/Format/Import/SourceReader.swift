public import Platform

/// Reads a recording of any format that is known: what is known of it first, then its events, streaming.
///
/// Flat memory, except for asciicast v1 and CloudWatch logs, which are bounded.
public final class SourceReader {
  /// What messages call the source.
  public let name: String
  /// What the file turned out to be.
  public let format: SourceFormat
  /// Format, version and compression in one word: `asciicast-v2+gzip`, `ttyrec+zstd`, `sudo-iolog`.
  public let formatName: String
  /// The header that a recording of it has.
  public let header: Header
  /// Wall clock at the start, where the source tells it.
  public let started: Timestamp?

  private let source: any EventSource
  private let decompression: Decompression?
  private let bytes: SourceBytes?
  private var log = FindingLog()
  private var isAtEnd = false

  /// Opens the files of a set and reads what comes before the first event.
  public convenience init(_ set: SourceSet, options: ImportOptions) throws(ImportError) {
    switch set.kind {
    case .folder: throw .unknownFolder(name: set.name)
    case .sudoLog(let prefix):
      self.init(set.name, .sudoLog, try SudoLogReader(prefix: prefix))
      if prefix.hasSuffix("/") { lookWhetherFinished(prefix + "timing") }
    case .script:
      let input = set.paths.count > 2 ? try SourceBytes(path: set.paths[2]) : nil
      let reader = try ScriptReader(
        data: try SourceBytes(path: set.paths[0]), timing: try SourceBytes(path: set.paths[1]), input: input)
      self.init(set.name, .script, reader)
    case .file:
      let opening = try SourceOpening(path: set.name, options)
      self.init(opening)
    }
  }

  /// Opens a file, and what belongs to it (see `SourceSet.gather`).
  public convenience init(path: String, options: ImportOptions) throws(ImportError) {
    try self.init(SourceSet.gather([path]).first ?? SourceSet(file: path), options: options)
  }

  /// Reads bytes in memory, for example what came from standard input.
  public convenience init(_ bytes: [UInt8], name: String, options: ImportOptions) throws(ImportError) {
    self.init(try SourceOpening(bytes, name: name, options))
  }

  /// Reads what can be read only once.
  convenience init(_ window: InputWindow, options: ImportOptions) throws(ImportError) {
    self.init(try SourceOpening(window, options))
  }

  private init(_ opening: SourceOpening) {
    name = opening.name
    format = opening.format
    source = opening.source
    header = opening.source.header
    started = opening.source.started
    decompression = opening.decompression
    bytes = opening.bytes
    formatName = opening.formatName
  }

  private init(_ name: String, _ format: SourceFormat, _ source: any EventSource) {
    self.name = name
    self.format = format
    self.source = source
    header = source.header
    started = source.started
    decompression = nil
    bytes = nil
    formatName = format.rawValue
  }

  /// sudo takes the right to write from the timing file of a finished log (since 1.9.1).
  private func lookWhetherFinished(_ timing: String) {
    // it was opened
    guard let status = try? File.status(timing), status.permissions & 0o222 != 0 else { return }
    log.add(
      Finding(
        .unfinished, file: "timing",
        "it can still be written: sudo had not finished, or the log was copied without its permissions"))
  }

  /// What was wrong so far; complete when `nextEvent` has returned nil. At most 1,000 are kept.
  public var findings: [Finding] { log.findings }
  /// How many findings there were beyond those kept.
  public var uncountedFindings: Int { log.uncounted }

  /// The length the source tells by itself, in microseconds; nil where only its events do.
  var endMicroseconds: Int64? { (source as? AsciicastReader)?.reader.summary?.microseconds }

  /// The next event in order of time; nil at the end.
  public func nextEvent() throws(ImportError) -> Event? {
    if let event = try source.next(&log) { return event }
    if !isAtEnd {
      isAtEnd = true
      for finding in bytes?.log.findings ?? [] { log.add(finding) }
      if let words = decompression?.failure() { log.add(Finding(.damaged, words)) }
    }
    return nil
  }
}
