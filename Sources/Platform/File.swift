import CLinux
import Glibc

/// What the file system says of one path (stat(2)).
public struct FileStatus: Equatable, Sendable {
  /// What a path names.
  public enum Kind: Equatable, Sendable {
    /// As stat(2) has them; `other` is a device, a pipe or a socket.
    case regular, directory, symbolicLink, other
  }
  /// What it is.
  public var kind: Kind
  /// Bytes.
  public var size: Int64
  /// Permission bits, for example 0o600.
  public var permissions: UInt32
  /// Last change of the contents.
  public var modified: Timestamp
  /// Identity of the file: it stays when the file is renamed and changes when it is replaced.
  public var inode: UInt64
  /// The number of the user that it belongs to.
  public var owner: UInt32
}

/// Opening, naming and removing files and folders.
public enum File {
  /// What a file is opened for, and what happens where it is there or missing.
  public enum Access: Sendable {
    /// For reading.
    case reading
    /// Create, and fail with `.fileExists` where the name is taken. Symbolic links are not followed.
    case creating(permissions: UInt32)
    /// Create or empty.
    case replacing(permissions: UInt32)
    /// For reading and writing in place.
    case readingAndWriting
    /// For writing at the end; made with these permissions where it does not exist.
    case appending(permissions: UInt32)
  }

  /// Opens `path`; the descriptor is closed in programs this one starts (open(2)).
  public static func open(_ path: String, for access: Access) throws(Errno) -> Descriptor {
    let flags: Int32
    var mode: UInt32 = 0
    switch access {
    case .reading: flags = O_RDONLY
    case .creating(let permissions): (flags, mode) = (O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, permissions)
    case .replacing(let permissions): (flags, mode) = (O_RDWR | O_CREAT | O_TRUNC, permissions)
    case .readingAndWriting: flags = O_RDWR
    case .appending(let permissions): (flags, mode) = (O_WRONLY | O_CREAT | O_APPEND, permissions)
    }
    return Descriptor(
      owning: try retryingInterrupts { Glibc.open(path, flags | O_CLOEXEC | O_NOCTTY, mode) })
  }

  /// All bytes of a file, at most `limit`; a longer file throws `.init(rawValue: EFBIG)`.
  public static func read(_ path: String, limit: Int = 256 << 20) throws(Errno) -> [UInt8] {
    try read(try open(path, for: .reading), limit: limit)
  }

  /// All bytes up to the end, at most `limit`; more throw `.init(rawValue: EFBIG)`.
  public static func read(_ descriptor: borrowing Descriptor, limit: Int = 256 << 20) throws(Errno) -> [UInt8]
  {
    var contents: [UInt8] = []
    while true {
      switch try descriptor.read(upTo: 1 << 16) {
      case .bytes(let bytes): contents += bytes
      case .endOfFile: return contents
      case .wouldBlock:
        _ = try Poll.wait([Poll.Interest(descriptor.rawValue, [.readable])], microseconds: nil)
      }
      if contents.count > limit { throw Errno(rawValue: EFBIG) }
    }
  }

  /// Writes a whole file so that readers see the old contents or the new, never a part (write, rename).
  ///
  /// The new contents first stand beside it as `path.PID.new`: one thread of a process writes a path at a
  /// time.
  public static func write(_ bytes: [UInt8], to path: String, permissions: UInt32) throws(Errno) {
    let temporary = path + ".\(getpid()).new"
    try? remove(temporary)  // left behind by a process of the same number; mostly there is none
    let file = try open(temporary, for: .creating(permissions: permissions))
    do throws(Errno) {
      try setPermissions(permissions, of: file)
      try file.writeAll(bytes)
      try file.synchronize()
      try rename(temporary, to: path)
    } catch {
      try? remove(temporary)  // the first error is the one worth telling
      throw error
    }
  }

  /// What is at `path`, symbolic links followed (stat(2)).
  public static func status(_ path: String) throws(Errno) -> FileStatus {
    var raw = stat()
    _ = try retryingInterrupts { stat(path, &raw) }
    return FileStatus(raw)
  }

  /// What an open descriptor is (fstat(2)).
  public static func status(_ descriptor: borrowing Descriptor) throws(Errno) -> FileStatus {
    var raw = stat()
    let number = descriptor.rawValue
    _ = try retryingInterrupts { fstat(number, &raw) }
    return FileStatus(raw)
  }

  /// Whether something is at `path`.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether this process may write there (access(2)).
  public static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

  /// Whether this process may read it: a file's contents, a folder's names (access(2)).
  public static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

  /// Whether this process may run it (access(2)).
  public static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

  /// This process's working folder (getcwd(3)); "/" where it was removed.
  public static var workingDirectory: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }

  /// Renames, replacing what has the new name (rename(2)).
  public static func rename(_ path: String, to newPath: String) throws(Errno) {
    _ = try retryingInterrupts { Glibc.rename(path, newPath) }
  }

  /// Removes a file (unlink(2)).
  public static func remove(_ path: String) throws(Errno) {
    _ = try retryingInterrupts { unlink(path) }
  }

  /// Makes a folder and those above it that are missing, each with `permissions` whatever the umask (mkdir(2)).
  /// One that is there stays as it is; where something else has the name, `.notDirectory` is thrown.
  public static func makeDirectory(_ path: String, permissions: UInt32) throws(Errno) {
    if path.isEmpty { return }
    if exists(path) {
      if try status(path).kind != .directory { throw .notDirectory }
      return
    }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeDirectory(String(path[..<slash]), permissions: permissions)
    }
    // Not chmod(2) afterwards: it takes away the set-group-ID bit that the folder above hands down, where the
    // caller is not in that group.
    do throws(Errno) {
      _ = try Umask.with(0o777 & ~permissions) { () throws(Errno) in
        try retryingInterrupts { mkdir(path, permissions) }
      }
    } catch  where error == .fileExists {
      return  // another process was faster
    }
  }

  /// Gives an open file its permission bits, whatever the umask took from them (fchmod(2)).
  public static func setPermissions(_ permissions: UInt32, of descriptor: borrowing Descriptor) throws(Errno)
  {
    let number = descriptor.rawValue
    _ = try retryingInterrupts { fchmod(number, permissions) }
  }

  /// Names in a folder, sorted by bytes, without "." and ".." (readdir(3)).
  public static func names(in path: String) throws(Errno) -> [String] {
    guard let stream = opendir(path) else { throw Errno.current }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0  // the only sign of a failure that is not the end
      guard let entry = readdir(stream) else {
        if errno != 0 { throw Errno.current }
        break
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// A new empty folder only this user can enter, named `prefix` and six random characters (mkdtemp(3)).
  public static func makeTemporaryDirectory(prefix: String) throws(Errno) -> String {
    let root = Environment.current["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(root)/\(prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno.current }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes a folder and all that is in it. Symbolic links are removed, not followed.
  public static func removeTree(_ path: String) throws(Errno) {
    var raw = stat()
    _ = try retryingInterrupts { lstat(path, &raw) }
    if raw.st_mode & S_IFMT == S_IFDIR {
      for name in try names(in: path) { try removeTree(path + "/" + name) }
      _ = try retryingInterrupts { rmdir(path) }
    } else {
      try remove(path)
    }
  }
}

extension FileStatus {
  fileprivate init(_ raw: stat) {
    switch raw.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .symbolicLink
    default: kind = .other
    }
    size = Int64(raw.st_size)
    permissions = raw.st_mode & 0o7777
    modified = Timestamp(
      microseconds: Int64(raw.st_mtim.tv_sec) * 1_000_000 + Int64(raw.st_mtim.tv_nsec) / 1000)
    inode = UInt64(raw.st_ino)
    owner = raw.st_uid
  }
}
