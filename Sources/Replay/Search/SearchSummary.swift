import Format
import Platform

/// What a search over many recordings came to: how complete the answer is.
struct SearchSummary: Equatable, Sendable {
  struct Problem: Equatable, Sendable {
    var file: String
    var cause: String
  }

  /// Recordings searched, also those read in part: `scanned` and those of the index.
  var searched = 0
  /// Recordings that were read themselves, because no index has them as they are.
  var scanned = 0
  /// Blocks of the index that were read, and their text.
  var blocks = 0
  var blockBytes = 0
  /// Recordings that are gone or have changed since they were indexed; what is there now was searched.
  var gone = 0
  /// Parts of the index that are damaged; their recordings were read themselves.
  var damagedSegments: [Problem] = []
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

  /// Members of the closing JSON object.
  var json: JSON {
    func list(_ problems: [Problem]) -> JSON {
      .array(problems.map { ["file": .string($0.file), "cause": .string($0.cause)] })
    }
    return [
      "type": "summary", "searched": JSON(searched), "scanned": JSON(scanned), "matched": JSON(matched),
      "matches": JSON(matches), "filtered": JSON(filtered), "skipped": list(skipped),
      "damaged": list(damaged), "gone": JSON(gone), "damaged_index": list(damagedSegments),
      "blocks": JSON(blocks), "block_bytes": JSON(blockBytes),
      "elapsed": TimeText.json(elapsedMicroseconds),
    ]
  }

  var words: [String] {
    [
      "\(matches) lines found in \(matched) of \(searched) recordings searched",
      "\(searched - scanned) by the index (\(blocks) blocks, \(ByteCount.text(Int64(blockBytes))) of text read), "
        + "\(scanned) read themselves, \(filtered) left out by filters",
      "\(skipped.count) skipped, \(damaged.count) damaged, \(gone) gone or changed since they were indexed",
      "\(TimeText.seconds(elapsedMicroseconds)) seconds",
    ]
  }
}
