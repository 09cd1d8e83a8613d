import Platform

/// asciicast v1: one JSON object with all events in it.
enum AsciicastV1 {
  /// Largest document that is read into memory.
  static let byteLimit = 256 << 20

  /// The events of `stdout`, whose first numbers are delays. What is no event is told in `log`.
  static func events(_ document: JSON, _ log: inout FindingLog) -> [Event] {
    var events: [Event] = []
    var microseconds: Int64 = 0
    for (index, frame) in (document["stdout"]?.array ?? []).enumerated() {
      guard let parts = frame.array, parts.count == 2, case .number(let digits) = parts[0],
        let data = parts[1].string, let delay = delay(digits)
      else {
        log.add(Finding(.badLine, "frame \(index + 1) is no pair of delay and text; it was left out"))
        continue
      }
      if delay < 0 {
        log.add(Finding(.timeStepsBack, "the delay of frame \(index + 1) is negative; it was taken as zero"))
      }
      microseconds = min(EventLine.maximumMicroseconds, microseconds + max(0, delay))
      events.append(Event(microseconds: microseconds, code: .output, text: data))
    }
    return events
  }

  private static func delay(_ digits: String) -> Int64? {
    let line = Array("[\(digits),\"o\",\"\"]".utf8)
    // A number out of range is no delay.
    return try? EventLine(parsing: line.span, in: 0..<line.count).microseconds
  }
}
