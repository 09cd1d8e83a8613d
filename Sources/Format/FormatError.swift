public import Platform

/// Why a recording cannot be opened, read or written. Damage inside a readable file is a `Finding` instead.
public enum FormatError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file cannot be opened.
  case cannotOpen(path: String, Errno)
  /// A folder that is no recording of any kind.
  case isFolder(path: String)
  /// Reading failed; `offset` bytes into the file had been read.
  case cannotRead(name: String, offset: Int64, Errno)
  /// A source that is no file could not give these bytes.
  case cannotFetch(name: String, offset: Int64, cause: String)
  /// A recording of another format that cannot be read.
  indirect case importing(ImportError)
  /// Writing failed; `offset` bytes of the file are whole.
  case cannotWrite(offset: Int64, Errno)
  /// The file or folder cannot be made.
  case cannotCreate(path: String, Errno)
  /// The file has no bytes at all.
  case empty(name: String)
  /// The first bytes are neither gzip nor an asciicast header.
  case notARecording(name: String, line: Int, cause: String)
  /// An asciicast version nobody knows.
  case unknownVersion(name: String, version: String)
  /// A sealed file whose layout is newer than this program.
  case unknownLayout(name: String, layout: Int)
  /// More bytes than a source of this kind may have.
  case tooLarge(name: String, limit: Int)
  /// The key that should sign the recording cannot be used.
  case signing(KeyError)
  /// An event after the close: a mistake of the caller.
  case closed
  /// A pipe was asked to go back.
  case cannotSeek(name: String)
  /// No recording, or more than one, has this session id.
  case noSuchSession(String)
  /// The beginning of a session's id fits several recordings.
  case ambiguousSession(String, candidates: [String])

  public var description: String {
    switch self {
    case .cannotOpen(let path, let error): "\(path): cannot be opened: \(error)"
    case .isFolder(let path):
      "\(path): a folder, and no sudo I/O log; name a recording in it ('ssmplay ls' lists a folder)"
    case .cannotRead(let name, let offset, let error): "\(name): reading failed at byte \(offset): \(error)"
    case .cannotFetch(let name, let offset, let cause):
      "\(name): the bytes from \(offset) on cannot be had: \(cause)"
    case .importing(let error): error.description
    case .cannotWrite(let offset, let error):
      "the recording cannot be written (byte \(offset)): \(error)"
    case .cannotCreate(let path, let error): "\(path): cannot be created: \(error)"
    case .empty(let name): "\(name): the file is empty"
    case .notARecording(let name, let line, let cause): "\(name): line \(line): no recording: \(cause)"
    case .unknownVersion(let name, let version):
      "\(name): asciicast version \(version) is not known (1, 2 and 3 are)"
    case .unknownLayout(let name, let layout):
      "\(name): written by a newer ssmcast (layout \(layout)); use that version to read it"
    case .tooLarge(let name, let limit): "\(name): more than \(limit) bytes, which is the limit here"
    case .signing(let error): error.description
    case .closed: "the recording is already closed"
    case .cannotSeek(let name): "\(name): only a file can be read from another place; save it first"
    case .noSuchSession(let id): "no recording of a session \(id)"
    case .ambiguousSession(let id, let candidates):
      "\(id) fits \(candidates.count) recordings: \(candidates.prefix(4).joined(separator: ", "))"
    }
  }
}
