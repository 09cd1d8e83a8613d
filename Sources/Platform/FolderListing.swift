import CLinux
import Glibc

/// What is in a folder, with the facts that tell a file from its successor: one packed list, made without a string a
/// name, since a search asks this of tens of thousands of files each time.
public struct FolderListing: Sendable {
  /// One file of the folder; its name is in the listing.
  public struct Entry: Sendable {
    var nameStart: Int32
    var nameEnd: Int32
    /// What it is; links are not followed.
    public var kind: FileStatus.Kind
    /// Bytes; zero for folders.
    public var size: Int64
    /// Last change of the contents, in microseconds since 1970.
    public var modified: Int64
    /// Its number in the file system.
    public var inode: UInt64
  }

  private var names: [UInt8] = []
  /// What is in the folder, by name.
  public private(set) var entries: [Entry] = []

  /// Lists a folder, without ".", ".." and hidden names; links count as what they lead to, and those that lead nowhere
  /// are left out (readdir(3), fstatat(2)).
  public init(_ path: String) throws(Errno) {
    guard let stream = opendir(path) else { throw Errno.current }
    defer { closedir(stream) }
    let folder = dirfd(stream)
    while true {
      errno = 0  // the only sign of a failure that is not the end
      guard let entry = readdir(stream) else {
        if errno != 0 { throw Errno.current }
        break
      }
      withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { name in
          if name[0] != 0x2E { add(name, Int32(entry.pointee.d_type), in: folder) }
        }
      }
    }
  }

  private mutating func add(_ name: UnsafePointer<CChar>, _ type: Int32, in folder: Int32) {
    var kind = FileStatus.Kind.directory
    var raw = stat()
    if type != Int32(DT_DIR) {
      guard fstatat(folder, name, &raw, 0) == 0 else { return }
      switch raw.st_mode & S_IFMT {
      case S_IFREG: kind = .regular
      case S_IFDIR: kind = .directory
      default: kind = .other
      }
    }
    let start = names.count
    names.append(
      contentsOf: UnsafeRawBufferPointer(start: UnsafeRawPointer(name), count: strlen(name)))
    let isFolder = kind == .directory
    entries.append(
      Entry(
        nameStart: Int32(start), nameEnd: Int32(names.count), kind: kind,
        size: isFolder ? 0 : Int64(raw.st_size),
        modified: isFolder ? 0 : Int64(raw.st_mtim.tv_sec) * 1_000_000 + Int64(raw.st_mtim.tv_nsec) / 1000,
        inode: UInt64(raw.st_ino)))
  }

  /// An entry's name, as bytes.
  public func name(_ entry: Entry) -> ArraySlice<UInt8> { names[Int(entry.nameStart)..<Int(entry.nameEnd)] }
}
