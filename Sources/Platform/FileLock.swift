import CLinux
import Glibc

/// A lock that programs agree on, held as long as the value lives; the kernel lets go of it when a program dies
/// (flock(2)).
public struct FileLock: ~Copyable {
  private let file: Descriptor

  /// Takes the lock named by a file, which is made where it is missing.
  /// - Returns: nil where another holds it and `waits` is false.
  public static func take(_ path: String, waits: Bool) throws(Errno) -> FileLock? {
    let file = try File.open(path, for: .appending(permissions: 0o600))
    let number = file.rawValue
    do throws(Errno) {
      _ = try retryingInterrupts { flock(number, waits ? LOCK_EX : LOCK_EX | LOCK_NB) }
    } catch  where error == .wouldBlock {
      return nil
    }
    return FileLock(file: file)
  }
}

extension File {
  /// Puts a folder's names on the disk, so that a rename in it outlives a power cut (fsync(2)).
  public static func synchronizeFolder(_ path: String) throws(Errno) {
    let folder = try open(path, for: .reading)
    let number = folder.rawValue
    _ = try retryingInterrupts { fsync(number) }
  }
}
