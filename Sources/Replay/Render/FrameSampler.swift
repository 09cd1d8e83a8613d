import Format
import Platform

/// Follows a recording and tells when there is a new picture to show: not more often than an eye can see, and not in the
/// middle of an update that the program marked (mode 2026).
struct FrameSampler {
  private(set) var terminal: TerminalScreen
  /// Shortest time between two pictures, in microseconds.
  let interval: Int64
  /// A size that resize events do not change.
  private let keepsSize: Bool
  private var windowStart: Int64?
  /// Time of the last event taken.
  private(set) var microseconds: Int64 = 0

  /// Updates that are not ended after this long are shown anyway.
  static let updateLimit: Int64 = 1_000_000

  init(_ size: ScreenSize, interval: Int64, keepsSize: Bool = false) {
    terminal = TerminalScreen(columns: size.columns, rows: size.rows, scrollbackLimit: 0)
    self.interval = interval
    self.keepsSize = keepsSize
  }

  /// Takes the next event. Where a picture is complete before it, `show` gets that picture and its time.
  mutating func take<Failure: Error>(
    _ event: Event, _ show: (Screen, Int64) throws(Failure) -> Void
  ) throws(Failure) {
    guard event.changesScreen else { return }
    if let start = windowStart, event.microseconds - start >= interval {
      let isUpdating =
        terminal.screen.modes.contains(.synchronizedUpdate)
        && event.microseconds - start < Self.updateLimit
      if !isUpdating {
        try show(terminal.screen, microseconds)
        windowStart = event.microseconds
      }
    } else if windowStart == nil {
      windowStart = event.microseconds
    }
    terminal.take(event, keepsSize: keepsSize)
    microseconds = event.microseconds
  }

  /// The last picture, if there is one that was not shown.
  mutating func finish<Failure: Error>(_ show: (Screen, Int64) throws(Failure) -> Void) throws(Failure) {
    guard windowStart != nil else { return }
    windowStart = nil
    try show(terminal.screen, microseconds)
  }
}

extension Event {
  /// Whether the event can change what a terminal shows.
  var changesScreen: Bool { code == .output || code == .standardError || code == .resize }
}

extension TerminalScreen {
  /// Shows an event: output and new sizes; everything else leaves the screen as it is.
  mutating func take(_ event: Event, keepsSize: Bool = false) {
    switch event.code {
    case .output, .standardError: feed(event.bytes, at: event.microseconds)
    case .resize where !keepsSize:
      if let size = ScreenSource.size(event.bytes) { resize(columns: size.columns, rows: size.rows) }
    default: break
    }
  }
}

extension Header {
  /// The size to begin with: 80x24 where the recording tells none.
  var screenSize: ScreenSize {
    size.columns > 0 && size.rows > 0
      ? ScreenSize(columns: size.columns, rows: size.rows) : ScreenSize(columns: 80, rows: 24)
  }
}
