/// A command that was entered at a prompt.
struct TypedCommand: Equatable, Sendable {
  /// What tells where the command begins and ends.
  enum Evidence: UInt8, Equatable, Sendable, CaseIterable {
    /// A prompt seen before, nothing more.
    case prompt = 1
    /// The shell's brackets round the editing of a line (bracketed paste, mode 2004).
    case brackets = 2
    /// The shell's own marks (OSC 133, OSC 633).
    case marks = 3

    /// How sure it is, from 0 to 1.
    var confidence: Double {
      switch self {
      case .prompt: 0.6
      case .brackets: 0.9
      case .marks: 1
      }
    }
  }

  /// UTF-8, one line.
  var text: [UInt8]
  /// When it was entered, in milliseconds, rounded up.
  var start: Int64
  /// When the next prompt came; nil: it did not.
  var end: Int64?
  /// Where the shell told it.
  var exitCode: Int32?
  var evidence: Evidence

  /// The command as a line of the index.
  var line: SettledLine {
    SettledLine(
      text: text, runs: [.init(end: text.count, milliseconds: start)], first: start, last: end ?? start,
      flags: .command)
  }
}
