import Format
import Platform

/// The lines and the commands of one recording: events in, both out.
struct SessionLines {
  private var tracker: LineTracker
  private var commands = CommandTracker()
  /// Of the tracker's lines, how many the commands were looked for in.
  private var seenCount = 0

  init(_ header: Header, keepsTransients: Bool = false) {
    let size = header.screenSize
    tracker = LineTracker(columns: size.columns, rows: size.rows, keepsTransients: keepsTransients)
  }

  mutating func append(_ event: Event) {
    switch event.code {
    case .output, .standardError: output(event)
    case .resize:
      if let size = WindowSize(resize: event.bytes) {
        tracker.resize(columns: size.columns, rows: size.rows, at: event.microseconds)
      }
    default: break
    }
    collect()
  }

  mutating func finish() {
    tracker.finish()
    collect()
    commands.finish()
  }

  /// The terminal that shows the events so far.
  var terminal: TerminalScreen {
    _read { yield tracker.terminal }
  }

  /// Bytes of the lines that wait to be taken.
  var lineByteCount: Int { tracker.lineByteCount }

  /// Lines that are done with, since the last call.
  mutating func takeLines() -> LineBlock {
    var taken = LineBlock()
    tracker.takeLines(&taken)
    seenCount = 0
    return taken
  }

  /// Moves the lines that are done with on, for their order, once they have so many bytes.
  mutating func moveLines(to collector: inout LineCollector, ofAtLeast byteCount: Int = 0) {
    if tracker.lineByteCount < byteCount { return }
    tracker.moveLines(to: &collector)
    seenCount = 0
  }

  /// Forgets the lines that are done with.
  mutating func dropLines() {
    tracker.dropLines()
    seenCount = 0
  }

  /// Commands that are done with, since the last call.
  mutating func takeCommands() -> [TypedCommand] { commands.take() }

  private mutating func collect() {
    let count = tracker.lineCount
    if commands.looksForPrompts, seenCount < count { commands.see(tracker.lines, from: seenCount) }
    seenCount = count
  }

  /// Feeds an event up to each mark of a shell in it, so that what the mark is about is still on the screen.
  private mutating func output(_ event: Event) {
    var start = 0
    for end in ShellMarks.ends(in: event.bytes) {
      tracker.feed(event.bytes, start..<end, at: event.microseconds)
      commands.mark(
        &tracker, event.microseconds, opensBracket: ShellMarks.opensBracket(event.bytes, endingAt: end))
      start = end
    }
    tracker.feed(event.bytes, start..<event.bytes.count, at: event.microseconds)
    commands.mark(&tracker, event.microseconds, opensBracket: false)
    tracker.observe()
    commands.rest(&tracker, event.microseconds)
  }
}

/// Finds the sequences with which shells tell of prompts (mode 2004, bracketed paste; OSC 133 and OSC 633), and those
/// that go to the other screen and back.
enum ShellMarks {
  private static let modes = ["[?2004", "[?1049", "[?1047", "[?47"].map { Array($0.utf8) }
  private static let commands = [Array("]133;".utf8), Array("]633;".utf8)]

  /// Offsets behind each of them, in order.
  static func ends(in bytes: [UInt8]) -> [Int] {
    var ends: [Int] = []
    // Where the last mark of each kind ended.
    var closed = (0, 0)
    var position = 0
    while let escape = ByteSearch.first(0x1B, in: bytes, position..<bytes.count) {
      position = escape + 1
      guard position < bytes.count else { break }
      // Colors are nearly all there is: told by one more byte.
      if bytes[position] == UInt8(ascii: "[") {
        guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "?") else { continue }
        for mode in modes where begins(mode, bytes, at: position) {
          let end = position + mode.count
          if end < bytes.count { ends.append(end + 1) }
        }
      } else if bytes[position] == UInt8(ascii: "]") {
        if escape >= closed.0, begins(commands[0], bytes, at: position) {
          closed.0 = close(bytes, position, &ends)
        } else if escape >= closed.1, begins(commands[1], bytes, at: position) {
          closed.1 = close(bytes, position, &ends)
        }
      }
    }
    return ends.count > 1 ? ends.sorted() : ends
  }

  /// Whether the mark that ends there sets mode 2004.
  static func opensBracket(_ bytes: [UInt8], endingAt end: Int) -> Bool {
    bytes[end - 1] == UInt8(ascii: "h")
      && ByteSearch.occurs(modes[0], in: bytes, at: end - 1 - modes[0].count)
  }

  private static func begins(_ mark: [UInt8], _ bytes: [UInt8], at position: Int) -> Bool {
    guard position + mark.count <= bytes.count else { return false }
    for index in mark.indices where bytes[position + index] != mark[index] { return false }
    return true
  }

  /// Notes the end of the command at `start`; returns where it is.
  private static func close(_ bytes: [UInt8], _ start: Int, _ ends: inout [Int]) -> Int {
    var position = start + commands[0].count
    while position < bytes.count, bytes[position] != 0x07, bytes[position] != 0x5C { position += 1 }
    if position < bytes.count { ends.append(position + 1) }
    return position
  }
}
