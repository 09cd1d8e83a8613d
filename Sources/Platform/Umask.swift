import Glibc
import Synchronization

/// The bits that the process withholds from what it makes (umask(2)), which all of its threads share.
enum Umask {
  // One after the other: a thread that restored another's mask would leave it to all that the process makes later.
  private static let lock = Mutex(())

  /// Does `body` under a mask, as the only thread that has one of its own. Files made elsewhere meanwhile have modes that
  /// are set afterwards (`File.setPermissions`).
  static func with<Answer>(_ mask: UInt32, _ body: () throws(Errno) -> Answer) throws(Errno) -> Answer {
    try lock.withLock { _ throws(Errno) in
      let before = umask(mask)
      defer { umask(before) }
      return try body()
    }
  }
}
