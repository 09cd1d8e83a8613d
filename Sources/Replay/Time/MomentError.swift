import Platform

/// Why a moment or a date cannot be used.
enum MomentError: Error, Equatable, CustomStringConvertible {
  /// The text is no TIME.
  case notATime(String)
  /// The text is no date.
  case notADate(String)
  /// A percentage or `end` of something whose length is not known.
  case lengthUnknown(String)
  /// No marker has this label; those there are.
  case noMarker(String, known: [String])
  /// A wall-clock time, and the recording does not say when it began.
  case startUnknown(String)
  /// A wall-clock time before the recording's start.
  case beforeStart(String, start: String)

  var description: String {
    switch self {
    case .notATime(let text):
      "'\(text.printable)' is no time; write 12.5, 90s, 1m20s, 1:20, 1:02:03, 50%, end, marker:LABEL "
        + "or a time of day such as 2026-11-21T06:31:02Z"
    case .notADate(let text):
      "'\(text.printable)' is no date; write 2026-11-21, '2026-11-21 06:31', 2026-11-21T06:31:02Z, today, "
        + "yesterday or '2h ago'"
    case .lengthUnknown(let text):
      "'\(text)' needs the recording's length, which a pipe does not tell; give the file itself, or a time in seconds"
    case .noMarker(let label, let known):
      "no marker is labeled '\(label.printable)'"
        + (known.isEmpty
          ? "; the recording has no markers"
          : "; there are " + known.prefix(8).map { "'\($0.printable)'" }.joined(separator: ", "))
    case .startUnknown(let text):
      "'\(text)' cannot be found: the recording does not say when it began; give a time from its start"
    case .beforeStart(let text, let start): "'\(text)' is before the recording's start, \(start)"
    }
  }
}
