import Format
import Platform
import Synchronization

/// Finds the commands of a long recording on a thread of its own, while it plays.
final class BackgroundCommands: Sendable {
  private struct Shared {
    /// nil: not known yet.
    var commands: [MomentScale.Marker]?
    var isWanted = true
  }

  /// Guards what the thread tells and is told; nothing else is shared.
  private let shared = Mutex(Shared())

  /// Starts the thread.
  /// - Parameter file: where what is found is kept; nil: nowhere.
  init(recording path: String, keeping file: CommandsFile?) {
    do throws(Errno) {
      _ = try Thread.start { self.run(path, file) }
    } catch {
      shared.withLock { $0.commands = [] }
    }
  }

  /// The commands in order of time, once all were read; nil before.
  var commands: [MomentScale.Marker]? { shared.withLock { $0.commands } }

  /// Tells the thread to end.
  func stop() { shared.withLock { $0.isWanted = false } }

  private func run(_ path: String, _ file: CommandsFile?) {
    do throws(FormatError) {
      let reader = try RecordingReader(path: path)
      var lines = SessionLines(reader.header)
      var found: [MomentScale.Marker] = []
      while let event = try reader.nextEvent(), shared.withLock({ $0.isWanted }) {
        lines.append(event)
        found += lines.takeCommandMarkers()
      }
      lines.finish()
      found += lines.takeCommandMarkers()
      found.sort { $0.microseconds < $1.microseconds }
      let isWhole = shared.withLock { [found] shared in
        shared.commands = found
        return shared.isWanted
      }
      if isWhole, reader.summary != nil { file?.write(found) }
    } catch {
      shared.withLock { $0.commands = [] }
    }
  }
}

extension SessionLines {
  /// Commands that are done with, since the last call, as places to go to; lines that are done with go.
  mutating func takeCommandMarkers() -> [MomentScale.Marker] {
    dropLines()
    return takeCommands().map(\.marker)
  }
}

extension TypedCommand {
  /// The command as a place to go to.
  var marker: MomentScale.Marker {
    .init(microseconds: start * 1000, label: String(decoding: text, as: UTF8.self))
  }
}
