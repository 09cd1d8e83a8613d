public import Platform

/// How times are rounded in the text.
public enum TimePrecision: Sendable { case milliseconds, microseconds }

/// Writes one recording, append-only, so that a killed process loses at most what was not flushed.
public final class RecordingWriter {
  /// What a recording's writer may vary.
  public struct Options: Sendable {
    /// Milliseconds for live sessions, microseconds for imports.
    public var precision: TimePrecision
    /// Longest time an event waits before it is written, in microseconds.
    public var flushInterval: Int64
    /// Whether each member gets the best compression whatever it costs.
    public var compressesFully: Bool

    public init(precision: TimePrecision, flushInterval: Int64, compressesFully: Bool) {
      self.precision = precision
      self.flushInterval = flushInterval
      self.compressesFully = compressesFully
    }

    /// A session as it happens.
    public static let live = Options(
      precision: .milliseconds, flushInterval: 1_000_000, compressesFully: false)
    /// A conversion: nothing is written before a member is full.
    public static let `import` = Options(
      precision: .microseconds, flushInterval: .max, compressesFully: true)
  }

  private let file: Descriptor

  /// Writes the header of a new recording at once, so that the file is readable from its first moment.
  /// - Parameters:
  ///   - file: empty and writable; a regular file open for reading and writing allows the best compression.
  ///   - started: wall clock of time zero.
  public init(
    _ file: consuming Descriptor, header: Header, recording: RecordingID, started: Timestamp,
    options: Options
  ) throws(FormatError) {
    self.file = file
  }

  /// Adds an event. Times that step back are taken as equal to the last one.
  public func append(_ event: Event) throws(FormatError) { fatalError() }

  /// Microseconds since the start at which `flush` must be called; nil while nothing waits.
  public var flushDueAt: Int64? { nil }

  /// Writes what waits, and closes a member that has been idle for long.
  public func flush(at microseconds: Int64) throws(FormatError) { fatalError() }

  /// Ends the recording: the last member, the table, the totals. Nothing may follow.
  public func close(_ reason: EndReason, at microseconds: Int64) throws(FormatError) -> RecordingSummary {
    fatalError()
  }
}
