import Format

/// The events of one recording, to be read forwards and again from any time: what a `Tape` runs over.
///
/// A finished sealed recording is read where it lies, by its table. All else is kept in memory as it is read, deflated
/// (`EventArchive`), up to `memoryLimit`: half a gigabyte of output, as a rule. Beyond that a file is read again from its
/// start, and of a pipe the oldest events are forgotten.
final class EventStore {
  /// Bytes of memory for events.
  static let memoryLimit = 48 << 20

  private let reader: RecordingReader
  /// nil: the reader jumps by itself.
  private var memory: Memory?
  private var reported = 0

  private struct Memory {
    var events = EventArchive()
    var isComplete = false
    /// Whether some had to be forgotten.
    var isCut = false
  }

  /// Takes a reader that is at its start.
  init(_ reader: RecordingReader) {
    self.reader = reader
    memory = reader.summary == nil ? Memory() : nil
  }

  /// What another has in memory, for a second place in it; nil where a recording is read where it lies.
  init?(copying other: EventStore) {
    guard var copy = other.memory else { return nil }
    copy.isComplete = true
    copy.events.seek(after: -1)
    (reader, memory, reported) = (other.reader, copy, .max)
  }

  var header: Header { reader.header }

  /// What was found wrong since the last call.
  func takeFindings() -> [Finding] {
    let count = reader.findings.count
    if count <= reported { return [] }
    defer { reported = count }
    return Array(reader.findings[min(reported, reader.findings.count)...])
  }

  /// The next event; nil at the end.
  func next() throws(FormatError) -> Event? {
    guard memory != nil else { return try reader.nextEvent() }
    if let known = memory?.events.next() { return known }
    if memory?.isComplete == true { return nil }
    guard let event = try reader.nextEvent() else {
      memory?.isComplete = true
      return nil
    }
    try keep(event)
    return event
  }

  private func keep(_ event: Event) throws(FormatError) {
    memory?.events.append(event)
    guard let byteCount = memory?.events.byteCount, byteCount > Self.memoryLimit else { return }
    if reader.byteCount != nil {
      memory = nil
      return
    }
    memory?.events.forgetHalf()
    memory?.isCut = true
  }

  /// The earliest time that can be gone back to.
  var earliest: Int64 {
    guard let memory, memory.isCut else { return 0 }
    return memory.events.earliest ?? 0
  }

  /// Goes to the first event after `microseconds`; -1: to the first of all.
  func seek(after microseconds: Int64) throws(FormatError) {
    guard memory != nil else {
      try reader.seek(toMicroseconds: microseconds + 1)
      return
    }
    memory?.events.seek(after: microseconds)
    while memory?.events.isAtEnd == true, memory?.isComplete == false {
      guard let event = try next() else { return }
      if memory == nil {
        try reader.seek(toMicroseconds: microseconds + 1)
        return
      }
      if event.microseconds > microseconds {
        memory?.events.seek(after: microseconds)
        return
      }
    }
  }
}
