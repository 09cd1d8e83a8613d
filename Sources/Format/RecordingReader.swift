public import Platform

/// Reads a recording: sealed, plain gzip or plain text, asciicast v1 to v3, from a file or a pipe.
///
/// Streaming, with flat memory. Damage does not throw: the reader goes on after it and tells it in `findings`.
public final class RecordingReader {
  /// What the text is wrapped in.
  public enum Container: String, Sendable {
    /// Ours: members with `SC` subfields.
    case sealed
    case gzip
    case plain
  }

  public let name: String
  public let header: Header
  public let container: Container
  /// 1, 2 or 3.
  public let asciicastVersion: Int
  /// Absolute start: exact in sealed files, else the header's `timestamp`.
  public var started: Timestamp? { header.timestamp }
  /// Which recording it is; nil unless sealed.
  public let recording: RecordingID?
  /// The totals of a finished sealed recording, known before any event is read (not from a pipe).
  public let summary: RecordingSummary?
  /// What was wrong so far; complete when `nextEvent` has returned nil. At most `findingLimit` are kept.
  public private(set) var findings: [Finding] = []
  /// Findings beyond the limit.
  public private(set) var uncountedFindings = 0
  /// Bytes read from the source so far, for progress.
  public var byteOffset: Int64 { 0 }

  public static let findingLimit = 1000

  /// Opens a file.
  public convenience init(path: String) throws(FormatError) {
    let file: Descriptor
    do throws(Errno) { file = try File.open(path, for: .reading) } catch {
      throw .cannotOpen(path: path, error)
    }
    try self.init(file, name: path)
  }

  /// Reads an open file or pipe; `name` is used in messages.
  public init(_ descriptor: consuming Descriptor, name: String) throws(FormatError) { fatalError() }

  /// Reads bytes in memory.
  public init(_ bytes: [UInt8], name: String) throws(FormatError) { fatalError() }

  /// The next event in order of time; nil at the end.
  public func nextEvent() throws(FormatError) -> Event? { fatalError() }

  /// Moves to the first event at or after a time, forwards or backwards (backwards not in a pipe).
  ///
  /// A finished sealed file jumps by its table; others are read from the start or from here.
  public func seek(toMicroseconds microseconds: Int64) throws(FormatError) { fatalError() }
}
