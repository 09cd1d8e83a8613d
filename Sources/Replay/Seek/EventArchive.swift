import Format

/// Events in memory, in order of time, with a place among them; all but the last ones deflated, a mebibyte together, so
/// that a tenth of the memory holds them and each is still a few milliseconds away.
struct EventArchive {
  private struct Chunk {
    var first: Int64
    var last: Int64
    var packed: [UInt8]
    var byteCount: Int
  }

  /// So much is deflated together, in bytes.
  static let chunkSize = 1 << 20
  /// What an event takes beside its bytes.
  private static let eventOverhead = 80

  private var chunks: [Chunk] = []
  private var tail: [Event] = []
  private var tailBytes = 0
  /// Bytes of memory that it takes.
  private(set) var byteCount = 0
  /// The place: a chunk, or behind them the tail, and the event in it that comes next.
  private var chunk = 0
  private var index = 0
  private var open: (chunk: Int, events: [Event])?

  /// Adds an event behind all others; the place is then behind it.
  mutating func append(_ event: Event) {
    tail.append(event)
    let size = event.bytes.count + Self.eventOverhead
    tailBytes += size
    byteCount += size
    (chunk, index) = (chunks.count, tail.count)
    if tailBytes >= Self.chunkSize { packTail() }
  }

  private mutating func packTail() {
    guard let first = tail.first, let last = tail.last else { return }
    let bytes = Self.encode(tail)
    let packed = DeflateStream.compress(bytes, level: 1)
    chunks.append(
      Chunk(first: first.microseconds, last: last.microseconds, packed: packed, byteCount: bytes.count))
    byteCount += packed.count - tailBytes
    (tail, tailBytes) = ([], 0)
    (chunk, index) = (chunks.count, 0)
  }

  /// The event at the place, which goes on; nil behind the last one.
  mutating func next() -> Event? {
    while chunk < chunks.count {
      let events = events(of: chunk)
      if index < events.count {
        index += 1
        return events[index - 1]
      }
      (chunk, index) = (chunk + 1, 0)
    }
    guard index < tail.count else { return nil }
    index += 1
    return tail[index - 1]
  }

  /// Goes to the first event after a time, or behind the last one.
  mutating func seek(after microseconds: Int64) {
    chunk = chunks.firstIndex { $0.last > microseconds } ?? chunks.count
    let events = chunk < chunks.count ? events(of: chunk) : tail
    index = events.firstIndex { $0.microseconds > microseconds } ?? events.count
  }

  /// Whether the place is behind the last event.
  var isAtEnd: Bool { chunk == chunks.count && index == tail.count }

  /// Time of the first event that is kept; nil where there is none.
  var earliest: Int64? { chunks.first?.first ?? tail.first?.microseconds }

  /// Drops the earlier half of what is deflated.
  mutating func forgetHalf() {
    let count = (chunks.count + 1) / 2
    byteCount -= chunks[..<count].reduce(0) { $0 + $1.packed.count }
    chunks.removeFirst(count)
    (chunk, index) = chunk < count ? (0, 0) : (chunk - count, index)
    open = nil
  }

  private mutating func events(of chunk: Int) -> [Event] {
    if let open, open.chunk == chunk { return open.events }
    // Our own bytes: what was deflated comes back.
    let bytes = DeflateStream.expand(chunks[chunk].packed, limit: chunks[chunk].byteCount) ?? []
    let events = Self.decode(bytes)
    open = (chunk, events)
    return events
  }

  // MARK: Bytes

  /// For each event: microseconds since the one before, code, length and bytes.
  private static func encode(_ events: [Event]) -> [UInt8] {
    var bytes: [UInt8] = []
    func add(_ value: Int64) {
      var rest = UInt64(max(0, value))
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
    var before: Int64 = 0
    for event in events {
      add(event.microseconds - before)
      before = event.microseconds
      bytes.append(event.code.rawValue)
      add(Int64(event.bytes.count))
      bytes += event.bytes
    }
    return bytes
  }

  private static func decode(_ bytes: [UInt8]) -> [Event] {
    var events: [Event] = []
    var at = 0
    var time: Int64 = 0
    func number() -> Int64 {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while at < bytes.count {
        value |= UInt64(bytes[at] & 0x7F) << shift
        shift += 7
        at += 1
        if bytes[at - 1] < 0x80 { break }
      }
      return Int64(value)
    }
    while at < bytes.count {
      time += number()
      guard at < bytes.count else { break }
      let code = Event.Code(rawValue: bytes[at])
      at += 1
      let length = Int(number())
      let end = min(bytes.count, at + length)
      events.append(Event(microseconds: time, code: code, bytes: Array(bytes[at..<end])))
      at = end
    }
    return events
  }
}
