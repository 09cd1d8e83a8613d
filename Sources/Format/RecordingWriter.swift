public import Platform

/// How times are rounded in the text.
public enum TimePrecision: Sendable {
  /// Three digits, or six.
  case milliseconds, microseconds
}

/// Writes one recording, append-only, so that a killed process loses at most what was not flushed.
///
/// The caller's loop calls `append` as events come and `flush(at:)` at `flushDueAt`: the only deadline there is.
/// After an error the file holds what was flushed before, and the writer takes nothing more.
public final class RecordingWriter {
  /// What a recording's writer may vary.
  public struct Options: Sendable {
    /// Milliseconds for live sessions, microseconds for imports.
    public var precision: TimePrecision
    /// Longest time an event waits before it is written, in microseconds; `.max`: until its member is full.
    public var flushInterval: Int64
    /// Whether each member gets the best compression whatever it costs.
    public var compressesFully: Bool

    /// Options; `flushInterval` is in microseconds.
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
  private var assembler: MemberAssembler
  /// Bytes in the file.
  public private(set) var byteCount: Int64 = 0
  /// A regular file that was empty and is not append-only: its last member may be written again.
  private let isRewritable: Bool
  private var failure: FormatError?
  /// What is still to be done to the file, in order: empty unless something failed.
  private var waiting: [FileStep] = []

  /// Writes the header of a new recording at once, so that the file is readable from its first moment.
  /// - Parameters:
  ///   - file: empty and writable; a regular file that is not append-only allows the best compression.
  ///   - header: its first line.
  ///   - recording: the id that every seal names.
  ///   - started: wall clock of time zero.
  ///   - options: how finely and how often it writes.
  ///   - signingKey: signs every member; nil: members are chained only.
  public init(
    _ file: consuming Descriptor, header: Header, recording: RecordingID, started: Timestamp,
    options: Options, signingKey: SigningKey? = nil
  ) throws(FormatError) {
    isRewritable = file.isEmptyRegularFile && !file.isAppendOnly
    self.file = file
    assembler = MemberAssembler(
      header: header, recording: recording, started: started, options: options, signingKey: signingKey)
    try perform()
  }

  /// Adds an event. Times that step back are taken as equal to the last one.
  public func append(_ event: Event) throws(FormatError) {
    try checkOpen()
    assembler.append(event, mayRewrite: mayRewrite)
    try perform()
  }

  /// Members that are sealed: the number of the one that is being written.
  public var sealedMemberCount: Int { assembler.sealedMemberCount }

  /// Microseconds since the start at which `flush` must be called; nil while nothing waits.
  public var flushDueAt: Int64? { failure == nil ? assembler.flushDueAt : nil }

  /// Writes what waits, and closes a member that has been idle for long.
  public func flush(at microseconds: Int64) throws(FormatError) {
    try checkOpen()
    assembler.flush(at: microseconds, mayRewrite: mayRewrite)
    try perform()
  }

  /// Ends the recording: the last member, the table, the totals. Nothing may follow.
  public func close(_ reason: EndReason, at microseconds: Int64) throws(FormatError) -> RecordingSummary {
    try checkOpen()
    let summary = assembler.close(reason, at: microseconds, mayRewrite: mayRewrite)
    try perform()
    return summary
  }

  private func checkOpen() throws(FormatError) {
    if let failure { throw failure }
    if assembler.isClosed { throw .closed }
  }

  /// Whether the file can be changed in place now: cutting it to its own length changes nothing but is refused
  /// where the file has become append-only.
  private func mayRewrite() -> Bool {
    guard isRewritable else { return false }
    do throws(Errno) { try file.truncate(to: byteCount) } catch { return false }
    return true
  }

  /// Tries again what could not be written, so that the recording can go on: once the disk has room again, say.
  ///
  /// The event that failed is part of it; events after that were not taken, and are the caller's to tell of
  /// (`Event.gap`). Where the file cannot be changed in place, what is half on the disk cannot be undone: the failure
  /// stays.
  public func retry() throws(FormatError) {
    guard let failure else { return }
    guard isRewritable else { throw failure }
    try performWaiting()
    self.failure = nil
  }

  private func perform() throws(FormatError) {
    waiting = assembler.takeSteps()
    try performWaiting()
  }

  private func performWaiting() throws(FormatError) {
    while let step = waiting.first {
      do throws(Errno) { try perform(step) } catch {
        // What came half onto a full disk is taken away again, so that the file ends with a whole flush.
        if isRewritable, case .append = step { try? file.truncate(to: byteCount) }  // the first error counts
        let failure = FormatError.cannotWrite(offset: byteCount, error)
        self.failure = failure
        throw failure
      }
      waiting.removeFirst()
    }
  }

  private func perform(_ step: FileStep) throws(Errno) {
    switch step {
    case .append(let bytes):
      if isRewritable { try file.writeAll(bytes, at: byteCount) } else { try file.writeAll(bytes) }
      byteCount += Int64(bytes.count)
    case .overwrite(let bytes, let offset): try file.writeAll(bytes, at: offset)
    case .synchronize: try file.synchronize()
    case .truncate(let length):
      try file.truncate(to: length)
      byteCount = length
    }
  }
}
