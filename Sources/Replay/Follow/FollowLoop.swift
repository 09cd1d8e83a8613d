import Format
import Platform

/// Shows a growing recording: looks at the file ten times a second, and gives the terminal back on every way out.
struct FollowLoop: ~Copyable {
  /// How following ended.
  enum Outcome: Equatable {
    case ended(RecordingSummary?)
    /// A key asked for it.
    case quit
    case interrupted
    /// The reader of standard output went away.
    case closed
    case signaled(Signal)
  }

  /// Microseconds between two looks: the writer flushes once a second.
  private static let interval: Int64 = 100_000

  let isTerminal = Terminal.isTerminal(.standardOutput)
  private let follower: RecordingFollower
  private let output = StandardOutput()
  private let signals: SignalDescriptor
  private var rawMode: RawMode?
  private let hasKeys: Bool
  private var keys = KeyDecoder()
  private var terminal: TerminalScreen
  private var painter = TerminalPainter()
  private var size: WindowSize

  init(_ follower: RecordingFollower) throws(ReplayError) {
    self.follower = follower
    do throws(Errno) {
      signals = try SignalDescriptor([.interrupt, .terminate, .hangup, .quit, .windowChange])
    } catch {
      throw .system("signals cannot be watched", error)
    }
    let recorded = follower.header.screenSize
    terminal = TerminalScreen(columns: recorded.columns, rows: recorded.rows, scrollbackLimit: 0)
    size = Terminal.size(of: .standardOutput) ?? WindowSize(columns: recorded.columns, rows: recorded.rows)
    rawMode = isTerminal && Terminal.isTerminal(.standardInput) ? RawMode(.standardInput) : nil
    hasKeys = rawMode != nil
  }

  mutating func run() throws(ReplayError) -> Outcome {
    if isTerminal { output.write(TerminalPainter.opening) }
    defer {
      if isTerminal { output.write(TerminalPainter.closing) }
      output.flush()
      rawMode?.restore()
    }
    while true {
      let step: RecordingFollower.Step
      do throws(FormatError) { step = try follower.next() } catch { throw .recording(error) }
      var isWaiting = false
      switch step {
      case .events(let events): take(events)
      case .waiting:
        if isTerminal { output.write(painter.paint(picture())) }
        output.flush()
        isWaiting = true
      case .ended(let summary): return .ended(summary)
      }
      if output.state != .open { return .closed }
      if let outcome = try wait(isWaiting ? Self.interval : 0) { return outcome }
    }
  }

  private mutating func take(_ events: [Event]) {
    if isTerminal {
      for event in events { terminal.take(event) }
      return
    }
    var bytes: [UInt8] = []
    for event in events where event.code == .output || event.code == .standardError { bytes += event.bytes }
    output.write(bytes)
  }

  /// The recorded screen; where the viewer's is smaller, the part around the cursor.
  private func picture() -> Canvas {
    let screen = Canvas(terminal.screen).spaced
    let (columns, rows) = (max(1, size.columns), max(1, size.rows))
    let cursor = Canvas.Position(row: terminal.screen.cursor.row, column: terminal.screen.cursor.column)
    let origin = Canvas.Position(
      row: min(max(0, cursor.row - rows + 1), max(0, screen.rows - rows)),
      column: min(max(0, cursor.column - columns + 1), max(0, screen.columns - columns)))
    var picture = Canvas(columns: columns, rows: rows)
    picture.draw(
      screen, from: origin, rows: min(rows, screen.rows - origin.row),
      columns: min(columns, screen.columns - origin.column), at: .init(row: 0, column: 0))
    (picture.isReversed, picture.cursorShape) = (screen.isReversed, screen.cursorShape)
    if let cursor = screen.cursor, cursor.column - origin.column < columns {
      picture.cursor = .init(row: cursor.row - origin.row, column: cursor.column - origin.column)
    }
    return picture
  }

  /// Waits for keys and signals, or until it is time to look again.
  private mutating func wait(_ microseconds: Int64) throws(ReplayError) -> Outcome? {
    var interests = [
      Poll.Interest(signals.descriptor.rawValue, [.readable]),
      // A pipe whose reader has gone reports it without being asked.
      Poll.Interest(Descriptor.standardOutput.rawValue, []),
    ]
    if hasKeys { interests.append(Poll.Interest(Descriptor.standardInput.rawValue, [.readable])) }
    do throws(Errno) {
      let ready = try Poll.wait(interests, microseconds: microseconds)
      if ready[0].contains(.readable) {
        for signal in try signals.read() {
          if signal != .windowChange { return signal == .interrupt ? .interrupted : .signaled(signal) }
          size = Terminal.size(of: .standardOutput) ?? size
          painter.forget()
        }
      }
      if ready[1].contains(.hangup) { return .closed }
      guard ready.count > 2, !ready[2].isEmpty else { return nil }
      guard case .bytes(let bytes) = try Descriptor.standardInput.read(upTo: 256) else { return .closed }
      for key in keys.keys(in: bytes) {
        if key == .character("q") { return .quit }
        if key == .control("c") { return .interrupted }
      }
      return nil
    } catch {
      throw .system("the terminal cannot be watched", error)
    }
  }

  /// The exit code, also where standard output failed.
  func finish(_ code: Int32) -> Int32 { output.finish(code) }
}
