/// Why a recording ended.
public enum EndReason: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  /// The session ended in order.
  case closed = 0
  /// The user or a signal ended it.
  case interrupted = 1
  /// The connection was lost.
  case disconnected = 2
  /// The session or its recording failed.
  case failed = 3
  /// Converted from another file.
  case imported = 4
  /// A reason this version does not know.
  case unknown = 255

  /// One word, for lists and JSON.
  public var description: String {
    switch self {
    case .closed: "closed"
    case .interrupted: "interrupted"
    case .disconnected: "disconnected"
    case .failed: "failed"
    case .imported: "imported"
    case .unknown: "unknown"
    }
  }
}

/// The totals of a finished recording, as its end member tells them.
public struct RecordingSummary: Hashable, Sendable {
  /// Microseconds from the start to the end.
  public var microseconds: Int64
  /// Number of events (lines of exact bytes not counted).
  public var eventCount: Int
  /// Bytes of output and standard error.
  public var outputByteCount: Int64
  /// Members with events.
  public var memberCount: Int
  /// Why the recording ended.
  public var reason: EndReason

  /// The summary of a recording that was ended in order.
  public init(
    microseconds: Int64, eventCount: Int, outputByteCount: Int64, memberCount: Int, reason: EndReason
  ) {
    self.microseconds = microseconds
    self.eventCount = eventCount
    self.outputByteCount = outputByteCount
    self.memberCount = memberCount
    self.reason = reason
  }
}
