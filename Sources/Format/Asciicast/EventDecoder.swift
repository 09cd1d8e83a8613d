import Platform

/// Turns event lines into events: adds up intervals, puts exact bytes in place, tells what is wrong.
///
/// Holds one event back, because the line after it may bring its exact bytes.
struct EventDecoder {
  /// asciicast version: 2 counts from the start, 3 from the line before.
  let version: Int
  /// Whether a version 3 file counts from the start nonetheless.
  let timesAreAbsolute: Bool
  /// Whether lines of code `b` are ours, so that one that fits nothing is damage.
  let expectsExactBytes: Bool
  /// Time of the last line.
  private(set) var microseconds: Int64 = 0
  /// No event can be later; set while damaged text is read.
  var latest: Int64?
  private var waiting: Event?
  /// Memory of an event that nobody needs any more.
  private var spare: [UInt8] = []
  private var stepsBack = 0

  init(version: Int, timesAreAbsolute: Bool = false, expectsExactBytes: Bool) {
    self.version = version
    self.timesAreAbsolute = timesAreAbsolute
    self.expectsExactBytes = expectsExactBytes
  }

  /// Takes back the bytes of an event, for one to come. Large ones are rare, and would be held for all the small ones.
  mutating func reuse(_ bytes: consuming [UInt8]) {
    if bytes.capacity <= 64 << 10 { spare = bytes }
  }

  /// Goes on at another place of the recording.
  mutating func setTime(_ microseconds: Int64) { self.microseconds = microseconds }

  /// Takes a line; returns the event before it, which is now complete.
  mutating func take(
    _ text: [UInt8], _ range: Range<Int>, lineNumber: Int, _ log: inout FindingLog
  ) -> Event? {
    var start = range.lowerBound
    while start < range.upperBound, text[start] == 0x20 || text[start] == 0x09 || text[start] == 0x0D {
      start += 1
    }
    if start == range.upperBound { return nil }
    let first = text[start]
    if version == 3, first == UInt8(ascii: "#") { return nil }
    do throws(EventLine.Problem) {
      let line = try EventLine(parsing: text.span, in: range, into: &spare)
      if line.code == .exactBytes, takeExactBytes(line, lineNumber, &log) { return nil }
      advance(line.microseconds, lineNumber, &log)
      defer { waiting = Event(microseconds: microseconds, code: line.code, bytes: line.bytes) }
      return waiting
    } catch {
      log.add(Finding(.badLine, line: lineNumber, "this line is no event and was left out: \(error.words)"))
      return nil
    }
  }

  /// Whether the event that is held back has U+FFFD in it, so that its exact bytes are likely to come.
  var expectsMore: Bool {
    guard expectsExactBytes, let bytes = waiting?.bytes, bytes.count > 2 else { return false }
    return bytes.indices.dropLast(2).contains { bytes[$0...].starts(with: [0xEF, 0xBF, 0xBD]) }
  }

  /// The last event.
  mutating func finish() -> Event? {
    defer { waiting = nil }
    return waiting
  }

  /// Puts exact bytes into the event before, if they are what its text was made of.
  /// - Returns: false where this is some other event of code `b`.
  private mutating func takeExactBytes(
    _ line: EventLine, _ lineNumber: Int, _ log: inout FindingLog
  ) -> Bool {
    if let waiting, line.microseconds == 0, let exact = Base64.decode(line.bytes),
      JSONText.repaired(exact) == waiting.bytes
    {
      self.waiting?.bytes = exact
      return true
    }
    if expectsExactBytes {
      log.add(Finding(.badLine, line: lineNumber, "these exact bytes do not fit the event before"))
    }
    return expectsExactBytes
  }

  private mutating func advance(_ time: Int64, _ lineNumber: Int, _ log: inout FindingLog) {
    let (sum, isOver) =
      version == 3 && !timesAreAbsolute
      ? microseconds.addingReportingOverflow(time) : (time, false)
    if isOver || sum > EventLine.maximumMicroseconds {
      log.add(Finding(.overLimit, line: lineNumber, "the time is beyond 100 years; it was left as it was"))
      return
    }
    if sum < microseconds {
      log.add(
        Finding(
          .timeStepsBack, line: lineNumber, microseconds: microseconds...microseconds,
          "the time steps back; it was taken as the time of the event before"))
      return
    }
    microseconds = max(microseconds, min(sum, latest ?? sum))
  }
}
