import Format
import Platform

/// The lines and the commands of one recording: events in, both out.
struct SessionLines {
  private var tracker: LineTracker
  private var commands = CommandTracker()
  private var lines: [SettledLine] = []

  init(_ header: Header, keepsTransients: Bool = false) {
    tracker = LineTracker(
      columns: header.size.columns, rows: header.size.rows, keepsTransients: keepsTransients)
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

  mutating func takeLines() -> [SettledLine] {
    defer { lines.removeAll() }
    return lines
  }

  /// Commands that are done with, since the last call.
  mutating func takeCommands() -> [TypedCommand] { commands.take() }

  private mutating func collect() {
    let new = tracker.takeLines()
    if new.isEmpty { return }
    for line in new { commands.see(line) }
    lines += new
  }

  /// Feeds an event up to each mark of a shell in it, so that what the mark is about is still on the screen.
  private mutating func output(_ event: Event) {
    var start = 0
    for end in ShellMarks.ends(in: event.bytes) {
      tracker.feed(event.bytes, start..<end, at: event.microseconds)
      commands.mark(&tracker, event.microseconds)
      start = end
    }
    tracker.feed(event.bytes, start..<event.bytes.count, at: event.microseconds)
    commands.mark(&tracker, event.microseconds)
    tracker.observe()
    commands.rest(tracker, event.microseconds)
  }
}

/// Finds the sequences with which shells tell of prompts: mode 2004 (bracketed paste), OSC 133 and OSC 633.
enum ShellMarks {
  private static let brackets = Array("\u{1B}[?2004".utf8)
  private static let commands = [Array("\u{1B}]133;".utf8), Array("\u{1B}]633;".utf8)]

  /// Offsets behind each of them, in order.
  static func ends(in bytes: [UInt8]) -> [Int] {
    guard ByteSearch.first(0x1B, in: bytes, 0..<bytes.count) != nil else { return [] }
    var ends: [Int] = []
    var position = 0
    while let found = ByteSearch.first(brackets, in: bytes, from: position) {
      position = found + brackets.count
      if position < bytes.count { ends.append(position + 1) }
    }
    for mark in commands {
      position = 0
      while let found = ByteSearch.first(mark, in: bytes, from: position) {
        position = found + mark.count
        while position < bytes.count, bytes[position] != 0x07, bytes[position] != 0x5C { position += 1 }
        if position < bytes.count { ends.append(position + 1) }
      }
    }
    return ends.sorted()
  }
}
