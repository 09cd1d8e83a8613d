import Format
import Platform

/// The commands of a long recording, kept beside its map in the cache: `IDENTITY.commands`, deflated JSON, an array of
/// `[MICROSECONDS, "COMMAND"]`. It is read once for them, whoever finds them first.
struct CommandsFile: Equatable, Sendable {
  private static let byteLimit = 16 << 20
  private static let textLimit = 64 << 20

  let path: String

  /// - Parameter sidecar: the map's.
  init(beside sidecar: String) {
    path = (sidecar.hasSuffix(".keys") ? String(sidecar.dropLast(5)) : sidecar) + ".commands"
  }

  /// The commands in order of time; nil where there are none yet, or the file is damaged.
  func read() -> [MomentScale.Marker]? {
    guard let packed = try? File.read(path, limit: Self.byteLimit),  // mostly: not there yet
      let text = DeflateStream.expand(packed, limit: Self.textLimit),
      let list = (try? JSON(parsing: text))?.array
    else { return nil }
    var commands: [MomentScale.Marker] = []
    for one in list {
      guard let fields = one.array, fields.count == 2, let time = fields[0].integer,
        let label = fields[1].string,
        time >= commands.last?.microseconds ?? 0
      else { return nil }
      commands.append(.init(microseconds: time, label: label))
    }
    return commands
  }

  /// Keeps commands that are in order of time; a cache that cannot be written is no reason to fail.
  func write(_ commands: [MomentScale.Marker]) {
    let list = JSON.array(commands.map { .array([JSON($0.microseconds), .string($0.label)]) })
    let bytes = DeflateStream.compress(Array(list.text.utf8), level: 6)
    guard bytes.count <= Self.byteLimit, let end = path.lastIndex(of: "/") else { return }
    try? File.makeDirectory(String(path[..<end]), permissions: 0o700)
    try? File.write(bytes, to: path, permissions: 0o600)
  }
}
