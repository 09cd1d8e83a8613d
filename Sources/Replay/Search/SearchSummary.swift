import Format
import Platform

/// What a search over many recordings came to: how complete the answer is.
struct SearchSummary: Equatable, Sendable {
  struct Problem: Equatable, Sendable {
    var file: String
    var cause: String
  }

  /// Recordings read, also those read in part.
  var searched = 0
  /// Recordings with something found.
  var matched = 0
  /// Lines found.
  var matches = 0
  /// Recordings the filters left out.
  var filtered = 0
  /// Recordings that could not be opened or read on.
  var skipped: [Problem] = []
  /// Recordings with damage; what could be read was searched.
  var damaged: [Problem] = []
  var elapsedMicroseconds: Int64 = 0

  var hasProblems: Bool { !skipped.isEmpty || !damaged.isEmpty }

  /// Members of the closing JSON object. Without an index every recording is scanned.
  var json: JSON {
    func list(_ problems: [Problem]) -> JSON {
      .array(problems.map { ["file": .string($0.file), "cause": .string($0.cause)] })
    }
    return [
      "type": "summary", "searched": JSON(searched), "scanned": JSON(searched), "matched": JSON(matched),
      "matches": JSON(matches), "filtered": JSON(filtered), "skipped": list(skipped),
      "damaged": list(damaged),
      "elapsed": TimeText.json(elapsedMicroseconds),
    ]
  }

  var words: [String] {
    [
      "\(matches) lines found in \(matched) of \(searched) recordings searched",
      "\(searched) scanned without an index, \(filtered) left out by filters, \(skipped.count) skipped, "
        + "\(damaged.count) damaged",
      "\(TimeText.seconds(elapsedMicroseconds)) seconds",
    ]
  }
}
