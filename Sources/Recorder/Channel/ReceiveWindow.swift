/// Puts the peer's messages into their order (protocol.md §6.2).
struct ReceiveWindow: Sendable {
  enum Verdict: Equatable, Sendable {
    /// The message that was expected: to be acknowledged and acted on, then those of `nextEarly()`.
    case next
    /// Kept until its turn: to be acknowledged now.
    case early
    /// Known already: to be acknowledged again, since the first acknowledgement may be lost.
    case duplicate
    /// Too far ahead: not to be acknowledged, the peer will send it again.
    case overflow
  }

  /// How far ahead of the expected message others are kept.
  static let maximumCount = 10_000
  /// How much is kept, in bytes of payload.
  static let maximumByteCount = 16 << 20

  private(set) var expected: Int64 = 0
  private var early: [Int64: AgentMessage] = [:]
  private var earlyByteCount = 0

  /// Takes a stream message, and keeps it if it is early.
  mutating func accept(_ message: AgentMessage) -> Verdict {
    let number = message.sequenceNumber
    if number == expected {
      expected += 1
      return .next
    }
    if number < expected || early[number] != nil { return .duplicate }
    guard number - expected <= Int64(Self.maximumCount),
      earlyByteCount + message.payload.count <= Self.maximumByteCount
    else { return .overflow }
    early[number] = message
    earlyByteCount += message.payload.count
    return .early
  }

  /// The message whose turn has come, if it is here already.
  mutating func nextEarly() -> AgentMessage? {
    guard !early.isEmpty, let message = early.removeValue(forKey: expected) else { return nil }
    earlyByteCount -= message.payload.count
    expected += 1
    return message
  }

  /// Gives up what is missing before the earliest message that is kept, whose turn it then is.
  /// - Returns: the numbers that never came; nil where nothing is kept.
  mutating func skipGap() -> ClosedRange<Int64>? {
    guard let first = early.keys.min() else { return nil }
    defer { expected = first }
    return expected...first - 1
  }
}
