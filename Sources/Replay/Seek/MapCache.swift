import Format
import Platform

/// The sidecars of recordings: `$XDG_CACHE_HOME/ssmcast/maps/IDENTITY.keys`, else under `~/.cache`; `CommandsFile` beside
/// them.
///
/// They hold screens, so folder and files are the user's alone. The oldest go when all together exceed `byteLimit`.
struct MapCache {
  static let byteLimit: Int64 = 1 << 30

  let folder: String

  init(_ environment: Environment) {
    // A relative XDG_CACHE_HOME is ignored (XDG Base Directory Specification).
    let base = environment.nonEmpty("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    folder = (base ?? Host.home(environment) + "/.cache") + "/ssmcast/maps"
  }

  /// Where the sidecar of a file is; nil for what is no regular file. A changed file has another.
  func path(ofRecording path: String) -> String? {
    do throws(Errno) {
      let file = try File.open(path, for: .reading)
      let status = try File.status(file)
      guard status.kind == .regular else { return nil }
      // The end of a finished recording holds the last value of the chain over all of it.
      let tail = try file.read(upTo: 4096, at: max(0, status.size - 4096))
      let head = try file.read(upTo: 4096, at: 0)
      let facts = "\(status.size) \(status.modified.microseconds) \(status.inode) layout 1"
      let digest = SHA256.hash(Array(facts.utf8) + head + tail)
      let name = digest.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      return "\(folder)/\(name).keys"
    } catch {
      return nil
    }
  }

  /// Makes the sidecar of a recording, reading it to its end.
  /// - Parameter progress: is told bytes read and in all, and says whether to go on.
  /// - Returns: false where it was stopped.
  func build(
    _ path: String, for reader: RecordingReader, progress: (Int64, Int64?) -> Bool
  ) throws(ReplayError) -> Bool {
    let writer = try begin(path)
    var builder = MapBuilder(offset: 0)
    var terminal = MapBuilder.terminal(for: reader.header)
    while let event = try Self.next(reader) {
      let keyframe = builder.take(event, before: terminal)
      terminal.take(event)
      guard let keyframe else { continue }
      try writer.append(keyframe)
      if !progress(reader.byteOffset, reader.byteCount) { return false }
    }
    try writer.finish(builder.map)
    return true
  }

  /// Recordings with more output than this, in bytes, have their maps kept.
  static let shortOutput: Int64 = 4 << 20

  /// Whether reading a recording through takes no noticeable time.
  static func isShort(_ reader: RecordingReader) -> Bool {
    if let summary = reader.summary { return summary.outputByteCount <= shortOutput }
    // What is not sealed tells nothing; text deflates to a twentieth at most, as a rule.
    guard let byteCount = reader.byteCount else { return false }
    return byteCount <= (reader.container == .plain ? shortOutput : shortOutput / 20)
  }

  /// A writer for the sidecar of a recording that is long and has none; nil too where the cache cannot be used.
  func missing(for reader: RecordingReader, at path: String) -> MapWriter? {
    guard !Self.isShort(reader), let sidecar = self.path(ofRecording: path), MapFile(sidecar) == nil else {
      return nil
    }
    do throws(ReplayError) { return try begin(sidecar) } catch { return nil }
  }

  /// The map of a long recording, if it is in the cache.
  func map(for reader: RecordingReader, at path: String) -> MapFile? {
    Self.isShort(reader) ? nil : self.path(ofRecording: path).flatMap { MapFile($0) }
  }

  /// Begins a sidecar.
  func begin(_ path: String) throws(ReplayError) -> MapWriter {
    do throws(Errno) { try File.makeDirectory(folder, permissions: 0o700) } catch {
      throw .cannotWrite(path: folder, error)
    }
    removeOldest()
    return try MapWriter(path)
  }

  private static func next(_ reader: RecordingReader) throws(ReplayError) -> Event? {
    do throws(FormatError) { return try reader.nextEvent() } catch { throw .recording(error) }
  }

  private func removeOldest() {
    // A folder that cannot be read is left alone.
    guard let names = try? File.names(in: folder) else { return }
    var files: [(path: String, status: FileStatus)] = []
    for name in names where [".keys", ".commands", ".new"].contains(where: name.hasSuffix) {
      let path = "\(folder)/\(name)"
      // What another process took away meanwhile has no status.
      if let status = try? File.status(path) { files.append((path, status)) }
    }
    var total = files.reduce(Int64(0)) { $0 + $1.status.size }
    for file in files.sorted(by: { $0.status.modified < $1.status.modified }) where total > Self.byteLimit {
      try? File.remove(file.path)  // another process may have been faster
      total -= file.status.size
    }
  }
}
