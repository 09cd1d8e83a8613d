public import Platform

/// Why a source cannot be imported. What can be read past is a `Finding` instead.
public enum ImportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file could not be opened, read or written, or is an asciicast that is none.
  case recording(FormatError)
  /// Nothing in the first bytes tells what it is.
  case unrecognized(name: String)
  /// A folder that is no sudo I/O log.
  case unknownFolder(name: String)
  /// Something in the file keeps it from being imported at all.
  case refused(name: String, Place, cause: String)
  /// A file of which only one half is there.
  case missingCompanion(name: String, what: String, wanted: [String])
  /// The program that could decompress it is not installed.
  case missingTool(name: String, tool: String)
  /// A program that unpacks the file (`bzip2`, `xz`) cannot be started.
  case cannotStart(tool: String, Errno)

  /// Where in a file something stands.
  public enum Place: Hashable, Sendable, CustomStringConvertible {
    /// A line, from 1.
    case line(Int)
    /// An offset in the (uncompressed) bytes.
    case byte(Int64)

    public var description: String {
      switch self {
      case .line(let number): "line \(number)"
      case .byte(let offset): "byte \(offset)"
      }
    }
  }

  public var description: String {
    switch self {
    case .recording(let error): error.description
    case .unrecognized(let name):
      "\(name): line 1: no recording: neither a format that is known (asciicast, ttyrec, script, sudo I/O log, "
        + "tlog, CloudWatch JSON) nor terminal output with escape sequences; --format names one"
    case .unknownFolder(let name):
      "\(name): this folder is no sudo I/O log, which has the files \"log\" and \"timing\""
    case .refused(let name, let place, let cause): "\(name): \(place): \(cause)"
    case .missingCompanion(let name, let what, let wanted):
      "\(name): line 1: \(what) belongs to it and is not there "
        + "(looked for \(wanted.prefix(4).joined(separator: ", "))); give both files"
    case .missingTool(let name, let tool):
      "\(name): byte 0: it is compressed with \(tool), which is not on PATH; install \(tool), or decompress it first"
    case .cannotStart(let tool, let error): "\(tool): cannot be started: \(error)"
    }
  }
}
