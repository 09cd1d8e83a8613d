import Platform

/// A file that is taken for a recording.
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
  private var places: [(listing: Int32, entry: Int32)] = []
  /// Of each recording, sorted by path within its folder.
  private(set) var identities: [UInt64] = []
  /// Folders that could not be read.
  private(set) var problems: [Problem] = []

  init(_ root: String) {
    self.root = root
    guard File.exists(root) else { return }
    walk("", depth: 0)
  }

  var count: Int { identities.count }

  subscript(index: Int) -> SurveyedFile {
    let (folder, listing) = listings[Int(places[index].listing)]
    let entry = listing.entries[Int(places[index].entry)]
    let relative = Array(folder.utf8) + (folder.isEmpty ? [] : [0x2F]) + listing.name(entry)
    return SurveyedFile(
      path: root + "/" + String(decoding: relative, as: UTF8.self), relativePath: relative, size: entry.size,
      modified: entry.modified, identity: identities[index])
  }

  private mutating func walk(_ folder: String, depth: Int) {
    let path = folder.isEmpty ? root : root + "/" + folder
    let listing: FolderListing
    do throws(Errno) { listing = try FolderListing(path) } catch {
      problems.append(Problem(path: path, error: error))
      return
    }
    let number = Int32(listings.count)
    listings.append((folder, listing))
    let prefix = Identity(folder.utf8)
    var folders: [String] = []
    for (index, entry) in listing.entries.enumerated() {
      let name = listing.name(entry)
      if SearchableRecording.isRecording(name), entry.kind == .regular {
        places.append((number, Int32(index)))
        var identity = prefix
        identity.add(name)
        identity.add(UInt64(bitPattern: entry.size))
        identity.add(UInt64(bitPattern: entry.modified))
        identity.add(entry.inode)
        identities.append(identity.value)
      } else if entry.kind == .directory, depth < Self.depthLimit {
        folders.append((folder.isEmpty ? "" : folder + "/") + String(decoding: name, as: UTF8.self))
      }
    }
    for folder in folders.sorted() { walk(folder, depth: depth + 1) }
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

    var value: UInt64 {
      var mixed = state
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }
  }
}
