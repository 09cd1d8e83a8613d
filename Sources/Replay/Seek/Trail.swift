import Format

/// What a tape read and showed lately, with states of the terminal between: going back within it reads nothing again, and
/// feeds no more than lies between two of them.
struct Trail {
  /// A state: everything up to its time is on the screen, and nothing later.
  struct Point {
    let position: Int64
    let terminal: TerminalScreen
    /// Number of the first event after it.
    fileprivate(set) var next: Int
  }

  /// So much is remembered, and so much lies between two states, in bytes: a third of a millisecond of feeding.
  static let limit = 1 << 20
  static let spacing = 32 << 10
  /// What an event counts beside its bytes.
  private static let eventOverhead = 64

  private var events: [Event] = []
  private var next = 0
  private var points: [Point]
  private var byteCount = 0
  private var sincePoint = 0

  /// - Parameter terminal: as it stood at `position`; nil: nothing is kept, the trail only holds what comes next.
  init(_ terminal: TerminalScreen?, at position: Int64) {
    points = terminal.map { [Point(position: position, terminal: $0, next: 0)] } ?? []
  }

  /// The event that was read and not shown yet.
  var upcoming: Event? { next < events.count ? events[next] : nil }

  /// The time from which on it has everything.
  var start: Int64 { points.first?.position ?? .max }

  /// Takes an event that was read.
  mutating func append(_ event: Event) {
    events.append(event)
    byteCount += event.bytes.count + Self.eventOverhead
  }

  /// The upcoming event is being shown. Before one of a later time, `terminal` is kept where it is time for it.
  mutating func pass(_ event: Event, _ terminal: TerminalScreen, at position: Int64) {
    if let last = points.last, event.microseconds > position, sincePoint >= Self.spacing, last.next < next {
      points.append(Point(position: position, terminal: terminal, next: next))
      sincePoint = 0
    }
    sincePoint += event.bytes.count + Self.eventOverhead
    next += 1
    if points.isEmpty {
      (events, next, byteCount) = ([], 0, 0)
    } else if byteCount > Self.limit {
      forget()
    }
  }

  /// Drops what lies before the second state, while there are more.
  private mutating func forget() {
    while byteCount > Self.limit, points.count > 2 {
      let count = points[1].next
      byteCount -= events[..<count].reduce(0) { $0 + $1.bytes.count + Self.eventOverhead }
      events.removeFirst(count)
      points.removeFirst()
      next -= count
      for index in points.indices { points[index].next -= count }
    }
  }

  /// Goes back to the last state not after a time; nil where it is too long ago.
  mutating func back(to microseconds: Int64) -> Point? {
    guard let index = points.lastIndex(where: { $0.position <= microseconds }) else { return nil }
    points.removeSubrange((index + 1)...)
    next = points[index].next
    sincePoint = 0
    return points[index]
  }

  /// The time of the last change of the screen before a time, among the events that were shown.
  func lastChange(before microseconds: Int64) -> Int64? {
    events[..<next].last { $0.microseconds < microseconds && $0.changesScreen }?.microseconds
  }
}
