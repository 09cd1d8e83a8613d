import Glibc

extension Descriptor {
  /// Whether every write goes to the end of the file, wherever it was meant to go (O_APPEND).
  public var isAppendOnly: Bool {
    let flags = fcntl(rawValue, F_GETFL)
    return flags != -1 && flags & O_APPEND != 0
  }

  /// Whether this is a regular file without contents (fstat(2)); false where that cannot be found out.
  public var isEmptyRegularFile: Bool {
    var raw = stat()
    return fstat(rawValue, &raw) == 0 && raw.st_mode & S_IFMT == S_IFREG && raw.st_size == 0
  }

  /// Bytes of a regular file; nil for pipes, sockets, terminals (fstat(2)).
  public var regularFileSize: Int64? {
    var raw = stat()
    guard fstat(rawValue, &raw) == 0, raw.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int64(raw.st_size)
  }
}
