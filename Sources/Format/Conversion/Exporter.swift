/// Turns a recording into another format: `begin`, `append` for each event, `finish`; all bytes go to a buffer.
public struct Exporter: Sendable {
  public enum Format: String, Sendable, CaseIterable { case v2, v3, raw, txt }

  /// What the format could not hold.
  public struct Losses: Hashable, Sendable {
    /// Events left out, by code.
    public var omittedEvents: [Event.Code: Int] = [:]
    /// Events whose bytes are no UTF-8, with U+FFFD in their place.
    public var replacedEvents = 0
    public var isEmpty: Bool { omittedEvents.isEmpty && replacedEvents == 0 }
  }

  public private(set) var losses = Losses()

  public init(_ format: Format) {}

  public mutating func begin(_ header: Header, into bytes: inout [UInt8]) { fatalError() }
  public mutating func append(_ event: Event, into bytes: inout [UInt8]) { fatalError() }
  public mutating func finish(into bytes: inout [UInt8]) { fatalError() }
}
