import Format
import Platform

/// A folder that is removed with this value, and recordings in it.
final class TemporaryFolder {
  let path: String

  init() throws { path = try File.makeTemporaryDirectory(prefix: "replay-tests-") }

  deinit { try? File.removeTree(path) }  // nothing more can be done in a test that is over

  /// Writes a sealed recording and gives its path.
  func record(
    _ name: String, _ events: [Event], header: Header = Header(size: WindowSize(columns: 80, rows: 24)),
    started: Timestamp = Timestamp(microseconds: 1_700_000_000_000_000), isClosed: Bool = true
  ) throws -> String {
    let path = "\(self.path)/\(name)"
    let file = try File.open(path, for: .creating(permissions: 0o600))
    let writer = try RecordingWriter(
      file, header: header, recording: .random(), started: started, options: .live)
    for event in events { try writer.append(event) }
    let end = events.last?.microseconds ?? 0
    if isClosed { _ = try writer.close(.closed, at: end) } else { try writer.flush(at: end) }
    return path
  }
}

extension Event {
  /// Output at a number of seconds.
  static func output(_ seconds: Double, _ text: String) -> Event {
    Event(microseconds: Int64(seconds * 1_000_000), code: .output, text: text)
  }
}
