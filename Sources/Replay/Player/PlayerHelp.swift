/// The keys of the player, for its own help and for the program's.
enum PlayerHelp {
  static let keys: [(String, String)] = [
    ("space", "pause, go on"),
    (".", "pause; while paused, show the next output"),
    ("+ -", "twice as fast, half as fast (up and down arrow too), from 0.25x to 64x"),
    ("Backspace", "normal speed"),
    ("right arrow", "5 seconds forward"),
    ("left arrow", "5 seconds back (draws again from the start)"),
    ("]", "forward to the next marker"),
    ("?", "this help"),
    ("Ctrl-Z", "stop the player; fg goes on"),
    ("q, Ctrl-C", "quit"),
  ]

  /// Lines for the program's help and man page.
  static let table = keys.map { "  " + $0.0.padded(toCount: 13) + $0.1 }.joined(separator: "\n")

  /// Shows the keys on the alternate screen.
  static func open(speed: Double, position: Int64) -> String {
    let lines =
      ["ssmplay at \(TimeText.clock(position)), speed \(text(speed))x", ""]
      + keys.map { $0.0.padded(toCount: 13) + $0.1 } + ["", "Any key goes back."]
    return "\u{1B}[?1049h\u{1B}[0m\u{1B}[2J\u{1B}[H" + lines.joined(separator: "\r\n")
  }

  static let close = "\u{1B}[?1049l"

  private static func text(_ speed: Double) -> String {
    let text = String(speed)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension String {
  fileprivate func padded(toCount count: Int) -> String {
    self + String(repeating: " ", count: max(1, count - self.count))
  }
}
