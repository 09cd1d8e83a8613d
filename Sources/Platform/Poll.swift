import Glibc

/// Waiting for descriptors (poll(2)). Regular files are always ready, which epoll(7) would refuse.
public enum Poll {
  /// What a descriptor is ready for, or watched for.
  public struct Readiness: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    /// Any union of the values below.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Reading would not block (POLLIN, POLLHUP).
    public static let readable = Readiness(rawValue: 1)
    /// Writing would not block (POLLOUT).
    public static let writable = Readiness(rawValue: 2)
    /// The other side is gone, or the descriptor is broken; a read or write says more.
    public static let hangup = Readiness(rawValue: 4)
  }

  /// One descriptor and what to wait for.
  public struct Interest: Equatable, Sendable {
    /// The descriptor's number; a negative one is passed over.
    public var descriptor: Int32
    /// What is waited for.
    public var readiness: Readiness

    /// Watches a descriptor, which must stay open meanwhile, for `readiness`.
    public init(_ descriptor: Int32, _ readiness: Readiness) {
      self.descriptor = descriptor
      self.readiness = readiness
    }
  }

  /// Waits until one descriptor is ready or the time is over (nil: no limit).
  /// - Returns: for each interest, in order, what is ready; all empty after a time-out.
  ///   Entries with empty readiness are still watched for hang-up, as poll(2) does.
  public static func wait(_ interests: [Interest], microseconds: Int64?) throws(Errno) -> [Readiness] {
    var entries = interests.map { interest in
      var events: Int16 = 0
      if interest.readiness.contains(.readable) { events |= Int16(POLLIN) }
      if interest.readiness.contains(.writable) { events |= Int16(POLLOUT) }
      return pollfd(fd: interest.descriptor, events: events, revents: 0)
    }
    var milliseconds: Int32 = -1
    if let microseconds {
      milliseconds = Int32(clamping: (max(0, min(microseconds, .max - 999)) + 999) / 1000)
    }
    let ready = poll(&entries, nfds_t(entries.count), milliseconds)
    if ready < 0 {
      let error = Errno.current
      if error != .interrupted { throw error }  // the caller's loop looks at its clock and waits again
      return interests.map { _ in [] }
    }
    return entries.map { entry in
      var readiness: Readiness = []
      if entry.revents & Int16(POLLIN) != 0 { readiness.insert(.readable) }
      if entry.revents & Int16(POLLOUT) != 0 { readiness.insert(.writable) }
      if entry.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { readiness.insert(.hangup) }
      return readiness
    }
  }
}
