/// Events since they were last taken away; bounded: of a log that nobody reads the oldest half is dropped.
struct EventLog: Equatable, Sendable {
  static let limit = 4096
  /// Of clipboards and notifications, so much is kept.
  static let textLimit = 4096

  private(set) var events: [ScreenEvent] = []
  private(set) var droppedCount = 0
  /// Kinds of unknown sequences seen, each reported once.
  private var unknown: Set<UInt32> = []

  mutating func append(_ event: ScreenEvent) {
    if case .unknown(let prefix, let intermediate, let final) = event {
      let kind = UInt32(prefix) << 16 | UInt32(intermediate) << 8 | UInt32(final)
      guard unknown.insert(kind).inserted else { return }
    }
    if events.count >= Self.limit {
      events.removeFirst(Self.limit / 2)
      droppedCount += Self.limit / 2
    }
    events.append(event)
  }

  mutating func take() -> [ScreenEvent] {
    defer { events.removeAll() }
    return events
  }
}
