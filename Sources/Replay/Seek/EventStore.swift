import Format

/// The events of one recording, to be read forwards and again from any time: what a `Tape` runs over.
///
/// A finished sealed recording is read where it lies, by its table. All else is kept in memory as it is read, up to
/// `memoryLimit`; beyond that a file is read again from its start, and of a pipe the oldest events are forgotten.
final class EventStore {
  /// Bytes of events that are kept in memory.
  static let memoryLimit = 48 << 20
  /// What an event takes beside its bytes.
  private static let eventOverhead = 80

  private let reader: RecordingReader
  /// nil: the reader jumps by itself.
  private var memory: Memory?
  private var reported = 0

  /// Events in order of time, the first ones dropped where there were too many.
  private struct Memory {
    var events: [Event] = []
    var byteCount = 0
    /// Place of the next event.
    var next = 0
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
    (copy.next, copy.isComplete) = (0, true)
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
    if let known = memory?.events, let place = memory?.next, place < known.count {
      memory?.next += 1
      return known[place]
    }
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
    memory?.next += 1
    memory?.byteCount += event.bytes.count + Self.eventOverhead
    guard let byteCount = memory?.byteCount, byteCount > Self.memoryLimit else { return }
    if reader.byteCount != nil {
      memory = nil
      return
    }
    let half = (memory?.events.count ?? 0) / 2
    let freed = memory?.events[..<half].reduce(0) { $0 + $1.bytes.count + Self.eventOverhead } ?? 0
    memory?.byteCount -= freed
    memory?.events.removeFirst(half)
    memory?.next -= half
    memory?.isCut = true
  }

  /// The earliest time that can be gone back to.
  var earliest: Int64 {
    guard let memory, memory.isCut else { return 0 }
    return memory.events.first?.microseconds ?? 0
  }

  /// Goes to the first event after `microseconds`; -1: to the first of all.
  func seek(after microseconds: Int64) throws(FormatError) {
    guard let events = memory?.events else {
      try reader.seek(toMicroseconds: microseconds + 1)
      return
    }
    var low = 0
    var high = events.count
    while low < high {
      let middle = (low + high) / 2
      if events[middle].microseconds <= microseconds { low = middle + 1 } else { high = middle }
    }
    memory?.next = low
    if low < events.count { return }
    while memory?.isComplete == false {
      guard let event = try next() else { return }
      if event.microseconds > microseconds {
        if memory == nil { try reader.seek(toMicroseconds: microseconds + 1) } else { memory?.next -= 1 }
        return
      }
      if memory == nil {
        try reader.seek(toMicroseconds: microseconds + 1)
        return
      }
    }
  }
}
