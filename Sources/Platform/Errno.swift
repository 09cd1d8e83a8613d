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

  /// EPERM: operation not permitted.
  public static let notPermitted = Errno(rawValue: EPERM)
  /// ENOENT: no such file or directory.
  public static let noSuchFile = Errno(rawValue: ENOENT)
  /// EINTR: interrupted system call.
  public static let interrupted = Errno(rawValue: EINTR)
  /// EIO: input or output error.
  public static let inputOutput = Errno(rawValue: EIO)
  /// EBADF: bad file descriptor.
  public static let badDescriptor = Errno(rawValue: EBADF)
  /// EAGAIN: resource temporarily unavailable.
  public static let wouldBlock = Errno(rawValue: EAGAIN)
  /// ENOMEM: cannot allocate memory.
  public static let noMemory = Errno(rawValue: ENOMEM)
  /// EACCES: permission denied.
  public static let permissionDenied = Errno(rawValue: EACCES)
  /// EEXIST: file exists.
  public static let fileExists = Errno(rawValue: EEXIST)
  /// ENOTDIR: not a directory.
  public static let notDirectory = Errno(rawValue: ENOTDIR)
  /// EISDIR: is a directory.
  public static let isDirectory = Errno(rawValue: EISDIR)
  /// EINVAL: invalid argument.
  public static let invalidArgument = Errno(rawValue: EINVAL)
  /// ENOSPC: no space left on device.
  public static let noSpace = Errno(rawValue: ENOSPC)
  /// EROFS: read-only file system.
  public static let readOnlyFileSystem = Errno(rawValue: EROFS)
  /// EPIPE: broken pipe.
  public static let brokenPipe = Errno(rawValue: EPIPE)
  /// ECONNREFUSED: connection refused.
  public static let connectionRefused = Errno(rawValue: ECONNREFUSED)
  /// ECONNRESET: connection reset by peer.
  public static let connectionReset = Errno(rawValue: ECONNRESET)
  /// ETIMEDOUT: connection timed out.
  public static let timedOut = Errno(rawValue: ETIMEDOUT)
  /// EADDRINUSE: address already in use.
  public static let addressInUse = Errno(rawValue: EADDRINUSE)
  /// EMFILE: too many open files.
  public static let tooManyOpenFiles = Errno(rawValue: EMFILE)
  /// EINPROGRESS: operation now in progress.
  public static let inProgress = Errno(rawValue: EINPROGRESS)
  /// EDQUOT: disk quota exceeded.
  public static let quotaExceeded = Errno(rawValue: EDQUOT)
  /// ELOOP: too many levels of symbolic links.
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
