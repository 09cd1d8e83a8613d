public import Platform

/// Converts a recording of another program into a sealed one.
///
/// Times keep their microseconds, unknown codes and keys are passed on, and the header says where it came from:
/// `"ssm": {"source": {"name", "format", "sha256"}}`, with a list `files` where there are several.
public final class Importer {
  /// What came of it.
  public struct Outcome: Sendable {
    /// How long the recording became, and of how many events.
    public var summary: RecordingSummary
    /// What was wrong with the source.
    public var findings: [Finding]
    /// Findings beyond those kept.
    public var uncountedFindings: Int
  }

  /// The header the recording gets.
  public let header: Header
  /// Wall clock at the start, where the source tells it.
  public let started: Timestamp?
  /// What it reads.
  public let format: SourceFormat
  private let reader: SourceReader

  /// Opens the files of a set and reads what comes before the first event. Names are kept in the recording
  /// without their folders.
  public init(_ set: SourceSet, options: ImportOptions) throws(ImportError) {
    var hashes: [(name: String, digest: String)] = []
    if set.kind != .folder {
      for path in set.paths { hashes.append((path, try Self.hash(path))) }
    }
    reader = try SourceReader(set, options: options)
    (format, started) = (reader.format, reader.started)
    header = Self.header(of: reader, name: set.name, hashes)
  }

  /// Opens a file, and what belongs to it.
  public convenience init(
    path: String, options: ImportOptions = ImportOptions(environment: .current)
  ) throws(ImportError) {
    try self.init(SourceSet.gather([path]).first ?? SourceSet(file: path), options: options)
  }

  /// Converts a source in memory, for example what came from standard input.
  public init(
    _ bytes: [UInt8], name: String, options: ImportOptions = ImportOptions(environment: .current)
  ) throws(ImportError) {
    reader = try SourceReader(bytes, name: name, options: options)
    (format, started) = (reader.format, reader.started)
    header = Self.header(of: reader, name: name, [(name, SHA256.hash(bytes).hexadecimal)])
  }

  private static func hash(_ path: String) throws(ImportError) -> String {
    let hash = SHA256()
    let file = try SourceBytes.open(path)
    guard file.regularFileSize != nil else { throw .recording(.cannotSeek(name: path)) }
    do throws(Errno) {
      while case .bytes(let bytes) = try file.read(upTo: 1 << 18) { hash.update(bytes) }
    } catch {
      throw .recording(.cannotRead(name: path, offset: 0, error))
    }
    return hash.finish().hexadecimal
  }

  private static func header(
    of reader: SourceReader, name: String, _ hashes: [(name: String, digest: String)]
  ) -> Header {
    func baseName(_ path: String) -> JSON {
      .string(path.split(separator: "/").last.map(String.init) ?? path)
    }
    var header = reader.header
    var source: [JSON.Member] = [
      JSON.Member("name", baseName(name)), JSON.Member("format", .string(reader.formatName)),
    ]
    if let first = hashes.first { source.append(JSON.Member("sha256", .string(first.digest))) }
    if hashes.count > 1 {
      let files = hashes.map { ["name": baseName($0.name), "sha256": .string($0.digest)] as JSON }
      source.append(JSON.Member("files", .array(files)))
    }
    let origin = header.sizeOrigin
    header.setSession("source", .object(source))
    header.sizeOrigin = origin
    return header
  }

  /// Reads the source to its end and writes the recording into an empty file. Call it once.
  /// - Parameters:
  ///   - file: empty and writable.
  ///   - recording: the id that every seal names.
  ///   - signingKey: signs every member; nil: members are chained only.
  public func write(
    to file: consuming Descriptor, recording: RecordingID, signingKey: SigningKey? = nil
  ) throws(ImportError) -> Outcome {
    let writer: RecordingWriter
    do throws(FormatError) {
      writer = try RecordingWriter(
        file, header: header, recording: recording, started: started ?? Timestamp(microseconds: 0),
        options: .import, signingKey: signingKey)
    } catch {
      throw .recording(error)
    }
    var end: Int64 = 0
    while let event = try reader.nextEvent() {
      end = event.microseconds
      try SourceBytes.reading { () throws(FormatError) in try writer.append(event) }
    }
    let summary = try SourceBytes.reading { () throws(FormatError) in
      try writer.close(.imported, at: max(end, reader.endMicroseconds ?? 0))
    }
    return Outcome(
      summary: summary, findings: reader.findings, uncountedFindings: reader.uncountedFindings)
  }
}
