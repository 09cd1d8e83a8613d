import Platform

extension Exporter {
  /// What the format could not hold.
  public struct Losses: Hashable, Sendable {
    /// Events left out, by code.
    public var omittedEvents: [Event.Code: Int]
    /// Events whose bytes are no UTF-8, with U+FFFD in their place.
    public var replacedEvents: Int
    /// Events of standard error that became output.
    public var mergedEvents: Int
    /// What the header told and the format has no place for: `title`, `command` …
    public var omittedFacts: [String]

    /// What was left out, replaced and merged; nothing unless said.
    public init(
      omittedEvents: [Event.Code: Int] = [:], replacedEvents: Int = 0, mergedEvents: Int = 0,
      omittedFacts: [String] = []
    ) {
      self.omittedEvents = omittedEvents
      self.replacedEvents = replacedEvents
      self.mergedEvents = mergedEvents
      self.omittedFacts = omittedFacts
    }

    /// Whether the other format holds all that the recording does.
    public var isEmpty: Bool { self == Losses() }

    mutating func omit(_ code: Event.Code) { omittedEvents[code, default: 0] += 1 }
  }
}

extension Header {
  /// What of this header a format without a header, or with a small one, has no place for.
  func facts(besides held: Set<String>) -> [String] {
    let facts: [(String, Bool)] = [
      ("title", title != nil), ("command", command != nil), ("terminal type", terminalType != nil),
      ("environment", !environment.isEmpty), ("theme", theme != nil),
      ("idle time limit", idleTimeLimit != nil),
      // Where an import came from is nothing the session itself had.
      ("session", session?.members?.contains { $0.name != "source" } ?? false),
      ("other keys", !otherKeys.isEmpty),
    ]
    return facts.filter { $0.1 && !held.contains($0.0) }.map(\.0)
  }
}
