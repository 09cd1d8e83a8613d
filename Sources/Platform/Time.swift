import Glibc

/// A moment on the clock that never steps back, in microseconds since an arbitrary start (CLOCK_MONOTONIC).
public struct Instant: Hashable, Comparable, Sendable {
  /// Since a moment of the machine's own: only differences mean anything.
  public var microseconds: Int64

  /// The moment so long after the clock's start.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// Whether `left` comes first.
  public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

  /// The moment `microseconds` later.
  public func advanced(byMicroseconds microseconds: Int64) -> Instant {
    Instant(microseconds: self.microseconds + microseconds)
  }

  /// Microseconds from `earlier` to this moment.
  public func microseconds(since earlier: Instant) -> Int64 { microseconds - earlier.microseconds }
}

/// A moment on the wall clock, in microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Since 1970-01-01 00:00 UTC.
  public var microseconds: Int64

  /// The moment so long after 1970, before it where negative.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// Whether `left` comes first.
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

  /// Whole seconds since 1970, rounded down.
  public var seconds: Int64 { microseconds / 1_000_000 - (microseconds % 1_000_000 < 0 ? 1 : 0) }
}

/// Where a machine takes its time from: the system, or a test that moves it by hand.
public protocol TimeSource {
  /// Now, on the clock that never jumps.
  var instant: Instant { get }
  /// Now, as the calendar has it.
  var timestamp: Timestamp { get }
}

/// The machine's clocks (clock_gettime(2)).
public struct SystemTime: TimeSource, Sendable {
  /// The clocks of this machine.
  public init() {}

  /// Now, by CLOCK_MONOTONIC.
  public var instant: Instant { Instant(microseconds: Self.read(CLOCK_MONOTONIC)) }
  /// Now, by CLOCK_REALTIME.
  public var timestamp: Timestamp { Timestamp(microseconds: Self.read(CLOCK_REALTIME)) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var value = timespec()
    clock_gettime(clock, &value)
    return Int64(value.tv_sec) * 1_000_000 + Int64(value.tv_nsec) / 1000
  }
}

/// A clock that stands still until it is told to move.
public final class ManualTime: TimeSource {
  /// Now, as it was last set.
  public private(set) var instant: Instant
  /// The same moment in the calendar.
  public private(set) var timestamp: Timestamp

  /// A clock that shows these moments until it is moved.
  public init(instant: Instant = Instant(microseconds: 0), timestamp: Timestamp) {
    self.instant = instant
    self.timestamp = timestamp
  }

  /// Moves both clocks on.
  public func advance(byMicroseconds microseconds: Int64) {
    instant.microseconds += microseconds
    timestamp.microseconds += microseconds
  }
}
