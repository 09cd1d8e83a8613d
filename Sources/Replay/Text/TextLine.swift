/// One line of a recording's text, with what it said at different times and when each part of it came.
struct TextLine: Equatable, Sendable {
  /// The line as it could be read at one time. Valid UTF-8, without trailing blanks.
  struct Version: Equatable, Sendable {
    var bytes: [UInt8]
    /// Ends of runs of bytes, in order, with the time at which the run was written, in microseconds.
    var runs: [Run]

    struct Run: Equatable, Sendable {
      var end: Int
      var microseconds: Int64
    }

    /// The first moment at which all bytes of a range stood there; for an empty range that of the byte before it.
    func microseconds(of range: Range<Int>) -> Int64 {
      let range = range.isEmpty ? max(0, range.lowerBound - 1)..<max(1, range.upperBound) : range
      var latest: Int64 = runs.first?.microseconds ?? 0
      var start = 0
      for run in runs {
        if start >= range.upperBound { break }
        if run.end > range.lowerBound { latest = max(latest, run.microseconds) }
        start = run.end
      }
      return latest
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// Number of the line in the recording, from 1.
  var row: Int
  /// What it said and for how long it could be read at least; the last is how it was left. Never empty.
  var versions: [Version]

  var last: Version { versions[versions.count - 1] }
}
