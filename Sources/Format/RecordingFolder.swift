public import Platform

/// Where recordings are kept: `YYYY/MM/DD/HHMMSS-TARGET-SESSIONID.cast.gz` below one root, times in UTC.
public struct RecordingFolder: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// `SSMCAST_DIR`, else `XDG_DATA_HOME/ssmcast`, else `~/.local/share/ssmcast`.
  public init(_ environment: Environment) {
    if let folder = environment.nonEmpty("SSMCAST_DIR") {
      path = folder
    } else if let data = environment.nonEmpty("XDG_DATA_HOME") {
      path = data + "/ssmcast"
    } else {
      path = Host.home(environment) + "/.local/share/ssmcast"
    }
  }

  /// A new empty recording file (0600; folders 0700) and its path.
  public struct NewFile: ~Copyable, Sendable {
    public let path: String
    public let descriptor: Descriptor
  }

  /// Creates the file of a session; a taken name gets `-2`, `-3` and so on.
  public func newFile(
    started: Timestamp, target: String, sessionID: String
  ) throws(FormatError) -> NewFile { fatalError() }

  /// Calls `body` with the path of each recording (`.cast`, `.cast.gz`), oldest folder first.
  public func forEachRecording(_ body: (String) -> Void) throws(FormatError) { fatalError() }

  /// Paths of all recordings, oldest first.
  public func recordings() throws(FormatError) -> [String] {
    var paths: [String] = []
    try forEachRecording { paths.append($0) }
    return paths
  }

  /// The one recording whose session id is, or starts with, `prefix`.
  public func recording(ofSession prefix: String) throws(FormatError) -> String { fatalError() }
}
