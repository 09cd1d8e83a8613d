/// How long an acknowledgement takes and how long to wait for one (protocol.md §6.1, after RFC 6298).
struct RoundTripEstimator: Equatable, Sendable {
  /// Smoothed round trip time, microseconds.
  private(set) var roundTrip: Int64 = 100_000
  /// How much it varies, microseconds.
  private(set) var variation: Int64 = 0
  /// How long to wait for an acknowledgement before sending again, microseconds.
  private(set) var resendTimeout: Int64 = 200_000

  static let smallestMargin: Int64 = 10_000
  static let largestTimeout: Int64 = 1_000_000

  /// Learns from one acknowledgement, of a message that was sent just once (Karn's rule: who can tell which of
  /// two sendings an acknowledgement is for?).
  mutating func add(sample microseconds: Int64) {
    // Longer samples say no more than the largest timeout does, and could overflow the sums below.
    let sample = max(0, min(microseconds, 60_000_000))
    variation = (3 * variation + abs(roundTrip - sample)) / 4
    roundTrip = (7 * roundTrip + sample) / 8
    resendTimeout = min(roundTrip + max(Self.smallestMargin, 4 * variation), Self.largestTimeout)
  }
}
