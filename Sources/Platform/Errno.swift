import Glibc

/// A system call's error number with words a person can act on.
///
/// Tests compare it by name (`.permissionDenied`); `description` is libc's own sentence for the number.
public struct Errno: Error, RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: Int32

  /// The error of a number from errno(3).
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The number the last failed call of this thread left behind.
  public static var current: Errno { Errno(rawValue: errno) }

  public static let notPermitted = Errno(rawValue: EPERM)
  public static let noSuchFile = Errno(rawValue: ENOENT)
  public static let interrupted = Errno(rawValue: EINTR)
  public static let inputOutput = Errno(rawValue: EIO)
  public static let badDescriptor = Errno(rawValue: EBADF)
  public static let wouldBlock = Errno(rawValue: EAGAIN)
  public static let noMemory = Errno(rawValue: ENOMEM)
  public static let permissionDenied = Errno(rawValue: EACCES)
  public static let fileExists = Errno(rawValue: EEXIST)
  public static let notDirectory = Errno(rawValue: ENOTDIR)
  public static let isDirectory = Errno(rawValue: EISDIR)
  public static let invalidArgument = Errno(rawValue: EINVAL)
  public static let noSpace = Errno(rawValue: ENOSPC)
  public static let readOnlyFileSystem = Errno(rawValue: EROFS)
  public static let brokenPipe = Errno(rawValue: EPIPE)
  public static let connectionRefused = Errno(rawValue: ECONNREFUSED)
  public static let connectionReset = Errno(rawValue: ECONNRESET)
  public static let timedOut = Errno(rawValue: ETIMEDOUT)
  public static let addressInUse = Errno(rawValue: EADDRINUSE)
  public static let tooManyOpenFiles = Errno(rawValue: EMFILE)
  public static let inProgress = Errno(rawValue: EINPROGRESS)
  public static let quotaExceeded = Errno(rawValue: EDQUOT)
  public static let symbolicLinkLoop = Errno(rawValue: ELOOP)

  /// libc's sentence in lower case, for example "permission denied" (strerror(3)).
  public var description: String {
    let text = String(cString: strerror(rawValue))
    guard let first = text.first else { return "unknown error" }
    return first.lowercased() + text.dropFirst()
  }
}

/// Runs one system call, again for as long as a signal interrupts it: the package's only EINTR loop.
@inline(__always)
func retryingInterrupts<Result: FixedWidthInteger>(_ call: () -> Result) throws(Errno) -> Result {
  while true {
    let result = call()
    if result != -1 { return result }
    let error = Errno.current
    if error != .interrupted { throw error }
  }
}
