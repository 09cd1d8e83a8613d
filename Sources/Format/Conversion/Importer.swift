public import Platform

/// Converts asciicast v1, v2 and v3, plain or gzip, into a sealed recording.
public struct Importer {
  /// What came of it.
  public struct Outcome: Sendable {
    public var summary: RecordingSummary
    public var header: Header
    public var findings: [Finding]
    /// Start of the recording, where the source tells it.
    public var started: Timestamp?
  }

  /// The source's header and, in `ssm`, its name, format and SHA-256.
  public let header: Header
  /// Start as the source tells it.
  public let started: Timestamp?

  /// Opens the source and reads its header. `name` is kept in the recording, without folders.
  public init(path: String) throws(FormatError) { fatalError() }

  /// Converts a source in memory, for example from standard input.
  public init(_ bytes: [UInt8], name: String) throws(FormatError) { fatalError() }

  /// Reads the source to its end and writes the recording. Damage in the source is told in the outcome.
  public func write(
    to file: consuming Descriptor, recording: RecordingID
  ) throws(FormatError) -> Outcome { fatalError() }
}
