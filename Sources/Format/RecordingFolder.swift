public import Platform

/// Where recordings are kept: `YYYY/MM/DD/HHMMSS-TARGET-SESSIONID.cast.gz` below one root, times in UTC.
public struct RecordingFolder: Sendable, Equatable {
  /// Who may read what is recorded, besides root.
  public enum Access: String, Sendable, CaseIterable {
    /// The user alone: folders 0700, files 0600.
    case owner
    /// The folder's group too: folders 0750, files 0640. A set-group-ID bit on the folder hands its group down.
    case group

    var folderPermissions: UInt32 { self == .owner ? 0o700 : 0o750 }
    /// Permission bits of a recording.
    public var filePermissions: UInt32 { self == .owner ? 0o600 : 0o640 }
  }

  /// The folder's path.
  public let path: String
  /// What new folders and files are made with; those that are there stay as they are.
  public let access: Access

  /// The folder at a path; it need not exist yet.
  public init(path: String, access: Access = .owner) { (self.path, self.access) = (path, access) }

  /// `SSMCAST_DIR`, else `XDG_DATA_HOME/ssmcast`, else `~/.local/share/ssmcast`.
  public init(_ environment: Environment, access: Access = .owner) {
    self.access = access
    if let folder = environment.nonEmpty("SSMCAST_DIR") {
      path = folder
    } else if let data = environment.nonEmpty("XDG_DATA_HOME") {
      path = data + "/ssmcast"
    } else {
      path = Host.home(environment) + "/.local/share/ssmcast"
    }
  }

  /// A new empty recording file and its path.
  public struct NewFile: ~Copyable, Sendable {
    /// Where the new file is.
    public let path: String
    /// The new file, open for writing.
    public let descriptor: Descriptor

    /// The descriptor, to hand on to a writer.
    public consuming func takeDescriptor() -> Descriptor { descriptor }
  }

  /// Ends of the names that are taken for recordings: ours, and those of other programs that are read as they are.
  static let suffixes = [
    ".cast.gz", ".cast", ".ttyrec", ".ttyrec.gz", ".ttyrec.bz2", ".ttyrec.xz", ".tty", ".tlog", ".typescript",
    ".script",
  ]
  private static let suffixBytes = suffixes.map { Array($0.utf8) }
  /// Bytes a target and a session id may take of a name's 255.
  private static let partByteCount = 110
  private static let clashLimit = 1000
  /// Deepest folder that is looked into: year, month, day, and some more for folders people make.
  private static let depthLimit = 12

  /// Creates the file of a session, and the folders above it; a taken name gets `-2`, `-3` and so on.
  public func newFile(
    started: Timestamp, target: String, sessionID: String
  ) throws(FormatError) -> NewFile {
    let date = CalendarDate(started)
    let folder = "\(path)/\(pad(date.year, 4))/\(pad(date.month))/\(pad(date.day))"
    let time = pad(date.hour) + pad(date.minute) + pad(date.second)
    let stem = "\(folder)/\(time)-\(Self.safe(target))-\(Self.safe(sessionID))"
    do throws(Errno) { try File.makeDirectory(folder, permissions: access.folderPermissions) } catch {
      throw .cannotCreate(path: folder, error)
    }
    var candidate = stem + ".cast.gz"
    for number in 2...Self.clashLimit {
      do throws(Errno) {
        let file = try File.open(candidate, for: .creating(permissions: access.filePermissions))
        try File.setPermissions(access.filePermissions, of: file)
        return NewFile(path: candidate, descriptor: file)
      } catch {
        if error != .fileExists { throw .cannotCreate(path: candidate, error) }
      }
      candidate = "\(stem)-\(number).cast.gz"
    }
    throw .cannotCreate(path: candidate, .fileExists)
  }

  /// A part of a file name: only `A-Z a-z 0-9 . _ @ + = , -`, not empty, not beginning with `-` or `.`.
  static func safe(_ text: String) -> String {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars.prefix(partByteCount) {
      switch scalar {
      case "A"..."Z", "a"..."z", "0"..."9", "_", "@", "+", "=", ",": bytes.append(UInt8(scalar.value))
      case "-" where !bytes.isEmpty, "." where !bytes.isEmpty: bytes.append(UInt8(scalar.value))
      default: bytes.append(UInt8(ascii: "_"))
      }
    }
    return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a file of this name is taken for a recording in a folder.
  public static func isRecording(name: some BidirectionalCollection<UInt8>) -> Bool {
    suffixBytes.contains { name.count > $0.count && name.suffix($0.count).elementsEqual($0) }
  }

  /// Whether a folder is itself a recording: an I/O log of sudo.
  public static func isRecording(folder path: String) -> Bool {
    SudoParts.isLog(path.hasSuffix("/") ? path : path + "/")
  }

  /// Calls `body` with the path of each recording, oldest folder first: files by their names' ends, sudo's log folders.
  ///
  /// A folder that does not exist has none; hidden files and folders are left out.
  public func forEachRecording(_ body: (String) -> Void) throws(FormatError) {
    guard File.exists(path) else { return }
    try Self.walk(path, depth: 0, body)
  }

  private static func walk(_ folder: String, depth: Int, _ body: (String) -> Void) throws(FormatError) {
    let names: [String]
    do throws(Errno) { names = try File.names(in: folder) } catch {
      throw .cannotOpen(path: folder, error)
    }
    for name in names where !name.hasPrefix(".") {
      let path = folder + "/" + name
      if isRecording(name: name.utf8) {
        body(path)
      } else if depth < depthLimit,  // what is gone meanwhile is no folder
        (try? File.status(path))?.kind == .directory
      {
        if isRecording(folder: path) {
          body(path)
          continue
        }
        try walk(path, depth: depth + 1, body)
      }
    }
  }

  /// Paths of all recordings, oldest first.
  public func recordings() throws(FormatError) -> [String] {
    var paths: [String] = []
    try forEachRecording { paths.append($0) }
    return paths
  }

  /// The one recording whose session id is `id`, or the only one whose session id begins so.
  public func recording(ofSession id: String) throws(FormatError) -> String {
    let wanted = "-" + Self.safe(id)
    var exact: [String] = []
    var beginning: [String] = []
    try forEachRecording { path in
      var stem = path[(path.lastIndex(of: "/") ?? path.startIndex)...]
      for suffix in Self.suffixes where stem.hasSuffix(suffix) {
        stem = stem.dropLast(suffix.count)
        break
      }
      if stem.hasSuffix(wanted) {
        exact.append(path)
      } else if Self.contains(stem, wanted) {
        beginning.append(path)
      }
    }
    let found = exact.isEmpty ? beginning : exact
    guard let path = found.first else { throw .noSuchSession(id) }
    if found.count > 1 { throw .ambiguousSession(id, candidates: found) }
    return path
  }

  private static func contains(_ stem: Substring, _ wanted: String) -> Bool {
    var rest = stem[...]
    while let dash = rest.firstIndex(of: "-") {
      if rest[dash...].hasPrefix(wanted) { return true }
      rest = rest[rest.index(after: dash)...]
    }
    return false
  }
}
