import Platform

/// The messages that were sent and not yet acknowledged (protocol.md §6.1).
///
/// Only the oldest is sent again, when its time is up; a lost one in the middle becomes the oldest as soon as
/// those before it are acknowledged.
struct SendWindow: Sendable {
  struct Limits: Equatable, Sendable {
    /// How much may be under way before `hasRoom` turns false.
    ///
    /// Enough for 5 MB/s over a network with a round trip of 50 ms. On one machine any size fills the line: both
    /// ends and their WebSockets do 240 MB/s with 64 KiB, 150 MB/s with this, 140 MB/s with 1 MiB (caches).
    var byteCount = 256 << 10
    /// How long one message is sent again and again before the peer counts as lost: the official client's 3000
    /// attempts take as long.
    var patience: Int64 = 300_000_000
    /// The official ends look every 100 ms what to send again; sooner than that never pays.
    var shortestPause: Int64 = 100_000
  }

  private struct Entry {
    let bytes: [UInt8]
    let firstSent: Instant
    var lastSent: Instant
    var wasResent = false
  }

  let limits: Limits
  private var estimator = RoundTripEstimator()
  /// From the oldest message on; nil for those that are acknowledged. Before `head` there is nothing any more.
  private var entries: [Entry?] = []
  private var head = 0
  /// Grows with each vain attempt, so that a dead line is not flooded.
  private var backoff: Int64 = 1
  /// The number the next message gets.
  private(set) var nextSequenceNumber: Int64 = 0
  private(set) var unacknowledgedCount = 0
  /// Headers included.
  private(set) var unacknowledgedByteCount = 0

  init(limits: Limits = Limits()) { self.limits = limits }

  /// Whether more should be sent now.
  var hasRoom: Bool { unacknowledgedByteCount < limits.byteCount }

  var resendTimeout: Int64 { estimator.resendTimeout }

  /// Files a message under `nextSequenceNumber`.
  mutating func add(_ bytes: [UInt8], now: Instant) {
    entries.append(Entry(bytes: bytes, firstSent: now, lastSent: now))
    nextSequenceNumber += 1
    unacknowledgedCount += 1
    unacknowledgedByteCount += bytes.count
  }

  /// Strikes a message off; without effect for numbers that are acknowledged or were never sent.
  mutating func acknowledge(_ sequenceNumber: Int64, now: Instant) {
    let oldest = nextSequenceNumber - Int64(entries.count - head)
    guard sequenceNumber >= oldest, sequenceNumber < nextSequenceNumber else { return }
    let index = head + Int(sequenceNumber - oldest)
    guard let entry = entries[index] else { return }
    entries[index] = nil
    unacknowledgedCount -= 1
    unacknowledgedByteCount -= entry.bytes.count
    backoff = 1
    if !entry.wasResent { estimator.add(sample: now.microseconds(since: entry.firstSent)) }
    while head < entries.count && entries[head] == nil { head += 1 }
    if head == entries.count {
      entries.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1024 && head > entries.count / 2 {
      entries.removeFirst(head)
      head = 0
    }
  }

  /// When `resend(now:)` will have something to send; nil when nothing is under way.
  var deadline: Instant? {
    guard head < entries.count, let oldest = entries[head] else { return nil }
    return oldest.lastSent.advanced(byMicroseconds: pause)
  }

  private var pause: Int64 {
    min(max(estimator.resendTimeout * backoff, limits.shortestPause), RoundTripEstimator.largestTimeout)
  }

  /// The oldest message, once its time is up; nil before.
  /// - Throws: `.unacknowledged` when it was sent in vain for `limits.patience`.
  mutating func resend(now: Instant) throws(ChannelError) -> [UInt8]? {
    guard let deadline, deadline <= now, var oldest = entries[head] else { return nil }
    let waited = now.microseconds(since: oldest.firstSent)
    if waited >= limits.patience {
      throw .unacknowledged(
        sequenceNumber: nextSequenceNumber - Int64(entries.count - head), seconds: waited / 1_000_000)
    }
    oldest.lastSent = now
    oldest.wasResent = true
    entries[head] = oldest
    backoff = min(backoff * 2, 64)
    return oldest.bytes
  }

  /// All messages under way, in order, as sent anew over a new connection; the patience starts again.
  mutating func resendAll(now: Instant) -> [[UInt8]] {
    backoff = 1
    var messages: [[UInt8]] = []
    for index in head..<entries.count {
      guard let entry = entries[index] else { continue }
      entries[index] = Entry(bytes: entry.bytes, firstSent: now, lastSent: now, wasResent: true)
      messages.append(entry.bytes)
    }
    return messages
  }
}

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
