import Format
import Platform

/// Where the index of a folder of recordings is kept, and how its files come and go.
///
/// In a hidden folder beside the recordings, or, where that cannot be written, below the user's cache. Segments never
/// change; the manifest names those that count. One writer at a time holds a lock; readers need none.
struct IndexStore: Sendable {
  static let folderName = ".search"
  static let suffix = ".segment"
  static let lockName = "lock"

  /// The indexed folder, and that of the index.
  let root: String
  let folder: String

  /// The place for `root`: an index that is there, else one that can be made.
  init(root: String, environment: Environment) {
    self.root = root
    let beside = root + "/" + Self.folderName
    if File.exists(beside) ? File.isWritable(beside) : File.isWritable(root) {
      folder = beside
      return
    }
    let cached = Self.cacheFolder(root, environment)
    folder = File.exists(beside + "/" + Manifest.name) && !File.exists(cached) ? beside : cached
  }

  private static func cacheFolder(_ root: String, _ environment: Environment) -> String {
    let cache = environment.nonEmpty("XDG_CACHE_HOME") ?? Host.home(environment) + "/.cache"
    let absolute = root.hasPrefix("/") ? root : File.workingDirectory + "/" + root
    let digest = SHA256.hash(Array(absolute.utf8)).prefix(8)
    let digits = Array("0123456789abcdef")
    let name = digest.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
    return cache + "/ssmcast/search/" + name
  }

  var exists: Bool { File.exists(folder + "/" + Manifest.name) }
  var isWritable: Bool {
    if File.exists(folder) { return File.isWritable(folder) }
    var above = folder
    while let slash = above.lastIndex(of: "/"), slash > above.startIndex {
      above = String(above[..<slash])
      if File.exists(above) { return File.isWritable(above) }
    }
    return false
  }

  /// Makes the folder, and takes the lock; nil where another program writes and `waits` is false.
  func lock(waits: Bool) throws(ReplayError) -> FileLock? {
    do throws(Errno) {
      try File.makeDirectory(folder, permissions: 0o700)
      return try FileLock.take(folder + "/" + Self.lockName, waits: waits)
    } catch {
      throw .cannotWrite(path: folder, error)
    }
  }

  /// Writes a segment so that it is whole on the disk before anything names it.
  func add(
    _ sessions: [IndexedSession], day: String, threads: Int
  ) throws(ReplayError) -> Manifest.Entry {
    let writer = SegmentWriter.write(sessions, threads: threads)
    let digits = Array("0123456789abcdef")
    let digest = writer.layout.digest.prefix(8).map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }
      .joined()
    let name = "\(day)-\(digest)\(Self.suffix)"
    do throws(Errno) {
      try File.write(writer.bytes, to: folder + "/" + name, permissions: 0o600)
    } catch {
      throw .cannotWrite(path: folder + "/" + name, error)
    }
    return Manifest.Entry(
      name: name, day: day, sessions: sessions.count, blocks: writer.layout.blockCount,
      textBytes: writer.layout.textByteCount, bytes: writer.bytes.count)
  }

  /// Removes what writers that were killed, and merges, left behind. Call with the lock held, and `manifest` published:
  /// no other writer has files that are not named yet, and readers lose nothing. They hold the segments of their
  /// manifest open, which keeps what is removed (unlink(2)); who finds one gone before opening it reads the next.
  func clean(keeping manifest: Manifest) {
    let names = Set(manifest.segments.map(\.name))
    // What cannot be listed or removed now is removed another time.
    for name in (try? File.names(in: folder)) ?? []
    where name.hasSuffix(Self.suffix) && !names.contains(name) || name.hasSuffix(".new") {
      try? File.remove(folder + "/" + name)
    }
  }
}
