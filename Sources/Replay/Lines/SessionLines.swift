import Format
import Platform

/// The lines and the commands of one recording: events in, both out.
struct SessionLines {
  private var tracker: LineTracker

  init(_ header: Header, keepsTransients: Bool = false) {
    tracker = LineTracker(
      columns: header.size.columns, rows: header.size.rows, keepsTransients: keepsTransients)
  }

  mutating func append(_ event: Event) {
    switch event.code {
    case .output, .standardError:
      tracker.feed(event.bytes, 0..<event.bytes.count, at: event.microseconds)
      _ = tracker.takeEvents()
      tracker.observe()
    case .resize:
      if let size = WindowSize(resize: event.bytes) {
        tracker.resize(columns: size.columns, rows: size.rows, at: event.microseconds)
      }
    default: break
    }
  }

  mutating func finish() { tracker.finish() }

  mutating func takeLines() -> [SettledLine] { tracker.takeLines() }

  /// Commands that are done with, since the last call.
  mutating func takeCommands() -> [TypedCommand] { [] }
}
