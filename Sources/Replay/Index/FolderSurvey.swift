import Format
import Platform

/// A file that is taken for a recording, or a folder that is one (an I/O log of sudo).
struct SurveyedFile: Sendable {
  var path: String
  /// Below the surveyed folder.
  var relativePath: [UInt8]
  var size: Int64
  /// Microseconds since 1970.
  var modified: Int64
  /// A number of path, size, time of change and inode: another file, or the same one changed, has another.
  var identity: UInt64
}

/// The recordings below a folder as they are now. Strings are made only of those that are asked for.
struct FolderSurvey: Sendable {
  /// Deepest folder that is looked into: year, month, day, and some more for folders people make.
  private static let depthLimit = 12

  struct Problem: Equatable, Sendable {
    var path: String
    var error: Errno
  }

  let root: String
  private var listings: [(folder: String, listing: FolderListing)] = []
  /// Entry `folderItself`: all of the folder is one recording.
  private var places: [(listing: Int32, entry: Int32)] = []
  private static let folderItself: Int32 = -1
  /// Of each recording, sorted by path within its folder.
  private(set) var identities: [UInt64] = []
  /// Folders that could not be read.
  private(set) var problems: [Problem] = []

  init(_ root: String) {
    self.root = root
    guard File.exists(root) else { return }
    var level = [""]
    var depth = 0
    while !level.isEmpty {
      level = walk(level, depth: depth)
      depth += 1
    }
  }

  var count: Int { identities.count }

  subscript(index: Int) -> SurveyedFile {
    let (folder, listing) = listings[Int(places[index].listing)]
    if places[index].entry == Self.folderItself {
      return SurveyedFile(
        path: root + "/" + folder, relativePath: Array(folder.utf8),
        size: listing.entries.reduce(0) { $0 + $1.size },
        modified: listing.entries.lazy.map(\.modified).max() ?? 0, identity: identities[index])
    }
    let entry = listing.entries[Int(places[index].entry)]
    let relative = Array(folder.utf8) + (folder.isEmpty ? [] : [0x2F]) + listing.name(entry)
    return SurveyedFile(
      path: root + "/" + String(decoding: relative, as: UTF8.self), relativePath: relative, size: entry.size,
      modified: entry.modified, identity: identities[index])
  }

  /// What one folder holds.
  private struct Folder: Sendable {
    var name: String
    var listing: FolderListing?
    var problem: Problem?
    /// Numbers of the entries that are recordings, and their identities.
    var recordings: [(entry: Int32, identity: UInt64)] = []
    var folders: [String] = []

    init(_ root: String, _ name: String, depth: Int) {
      self.name = name
      let path = name.isEmpty ? root : root + "/" + name
      let listing: FolderListing
      do throws(Errno) { listing = try FolderListing(path) } catch {
        problem = Problem(path: path, error: error)
        return
      }
      self.listing = listing
      let prefix = Identity(name.utf8)
      if depth > 0, FolderSurvey.mayBeLog(listing), RecordingFolder.isRecording(folder: path) {
        var identity = prefix
        for entry in listing.entries { identity.add(entry, name: listing.name(entry)) }
        recordings = [(folderItself, identity.value)]
        return
      }
      for (index, entry) in listing.entries.enumerated() {
        let file = listing.name(entry)
        if entry.kind == .regular, RecordingFolder.isRecording(name: file) {
          var identity = prefix
          identity.add(entry, name: file)
          recordings.append((Int32(index), identity.value))
        } else if entry.kind == .directory, depth < depthLimit {
          folders.append((name.isEmpty ? "" : name + "/") + String(decoding: file, as: UTF8.self))
        }
      }
    }
  }

  /// Looks into folders of one depth, on several threads: each file is asked for its facts, which takes most of the
  /// time of a search for what is rare. Returns the folders in them.
  private mutating func walk(_ folders: [String], depth: Int) -> [String] {
    var deeper: [String] = []
    let root = root
    Parallel.run(
      count: folders.count, threads: folders.count > 8 ? min(4, Parallel.processorCount * 2) : 1,
      state: { () }, work: { (_: inout Void, index: Int) in Folder(root, folders[index], depth: depth) },
      consume: { _, folder in
        if let problem = folder.problem { problems.append(problem) }
        guard let listing = folder.listing else { return true }
        let number = Int32(listings.count)
        listings.append((folder.name, listing))
        for (entry, identity) in folder.recordings {
          places.append((number, entry))
          identities.append(identity)
        }
        deeper += folder.folders
        return true
      })
    return deeper.sorted()
  }

  /// Whether names are those of sudo's log folders: opening every folder's files would take long.
  private static func mayBeLog(_ listing: FolderListing) -> Bool {
    listing.entries.contains { listing.name($0).elementsEqual("timing".utf8) }
      && listing.entries.contains { listing.name($0).starts(with: "log".utf8) }
  }

  /// FNV-1a over 64 bits, stirred at the end.
  private struct Identity {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    init(_ bytes: some Sequence<UInt8>) { add(bytes) }

    @inline(__always)
    mutating func add(_ bytes: some Sequence<UInt8>) {
      for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
      state = (state ^ 0x2F) &* 0x100_0000_01B3
    }

    @inline(__always)
    mutating func add(_ number: UInt64) {
      state = (state ^ number) &* 0x9E37_79B9_7F4A_7C15
      state ^= state >> 29
    }

    mutating func add(_ entry: FolderListing.Entry, name: some Sequence<UInt8>) {
      add(name)
      add(UInt64(bitPattern: entry.size))
      add(UInt64(bitPattern: entry.modified))
      add(entry.inode)
    }

    var value: UInt64 {
      var mixed = state
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }
  }
}
