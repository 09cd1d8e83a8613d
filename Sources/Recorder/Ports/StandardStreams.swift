import Platform

/// When a session for ssh is over: its one stream is standard input and output, and has no half-close
/// (protocol.md §8.3).
///
/// At the end of standard input everything that was read goes out, and the answer is awaited: until the agent
/// ends the session, nobody reads the output any more, or nothing came for a while.
struct StandardStreams: Equatable, Sendable {
  /// How long an answer may take after the end of the input, in microseconds.
  static let silence: Int64 = 60_000_000

  private var quietSince: Instant?

  /// Standard input has ended.
  mutating func end(now: Instant) { quietSince = now }

  /// Something came from the far end.
  mutating func hear(now: Instant) {
    if quietSince != nil { quietSince = now }
  }

  /// When `isOver` must be asked again; nil while the input goes on.
  var deadline: Instant? { quietSince?.advanced(byMicroseconds: Self.silence) }

  /// Whether nothing more is to be waited for.
  /// - Parameters:
  ///   - isDelivered: the far end has acknowledged all input.
  ///   - isUnread: nobody reads the output.
  func isOver(isDelivered: Bool, isUnread: Bool, now: Instant) -> Bool {
    if isUnread { return quietSince == nil || isDelivered }
    return deadline.map { $0 <= now } ?? false
  }
}
