public import Platform

/// Converts asciicast v1, v2 and v3, plain or gzip, into a sealed recording.
///
/// Times keep their microseconds, unknown codes and keys are passed on, and the header says where it came from:
/// `"ssm": {"source": {"name", "format", "sha256"}}`.
public final class Importer {
  /// What came of it.
  public struct Outcome: Sendable {
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
  private let reader: RecordingReader

  /// Opens a file and reads its header. The name is kept in the recording without its folders.
  public init(path: String) throws(FormatError) {
    let hash = SHA256()
    let window: InputWindow
    do throws(Errno) {
      window = InputWindow(try File.open(path, for: .reading), name: path)
    } catch {
      throw .cannotOpen(path: path, error)
    }
    guard window.isSeekable else {
      throw .cannotSeek(name: path)
    }
    while try window.fill(to: 1) {
      hash.update(window.bytes[window.start...])
      window.discard(window.count)
    }
    window.jump(to: 0)
    reader = try RecordingReader(window)
    (header, started) = Self.header(of: reader, path, hash.finish())
  }

  /// Converts a source in memory, for example what came from standard input.
  public init(_ bytes: [UInt8], name: String) throws(FormatError) {
    reader = try RecordingReader(bytes, name: name)
    (header, started) = Self.header(of: reader, name, SHA256.hash(bytes))
  }

  private static func header(
    of reader: RecordingReader, _ name: String, _ digest: [UInt8]
  ) -> (Header, Timestamp?) {
    var header = reader.header
    let format =
      switch reader.container {
      case .sealed: "ssmcast"
      case .gzip: "asciicast-v\(reader.asciicastVersion)+gzip"
      case .plain: "asciicast-v\(reader.asciicastVersion)"
      }
    let baseName = name.split(separator: "/").last.map(String.init) ?? name
    let source: JSON = [
      "name": .string(baseName), "format": .string(format), "sha256": .string(digest.hexadecimal),
    ]
    let others = (header.session?.members ?? []).filter { $0.name != "source" }
    header.session = .object(others + [JSON.Member("source", source)])
    return (header, reader.started)
  }

  /// Reads the source to its end and writes the recording into an empty file. Call it once.
  public func write(
    to file: consuming Descriptor, recording: RecordingID
  ) throws(FormatError) -> Outcome {
    let writer = try RecordingWriter(
      file, header: header, recording: recording, started: started ?? Timestamp(microseconds: 0),
      options: .import)
    var end: Int64 = 0
    while let event = try reader.nextEvent() {
      end = event.microseconds
      try writer.append(event)
    }
    let summary = try writer.close(.imported, at: max(end, reader.summary?.microseconds ?? 0))
    return Outcome(
      summary: summary, findings: reader.findings, uncountedFindings: reader.uncountedFindings)
  }
}
