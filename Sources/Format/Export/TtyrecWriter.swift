import Platform

/// Writes ttyrec frames: one for each output event, and a first one that tells the size.
struct TtyrecWriter {
  private var started: Int64 = 0

  mutating func begin(_ header: Header, started: Timestamp?, into bytes: inout [UInt8]) {
    self.started = max(0, started?.microseconds ?? 0)
    if let sequence = header.sizeSequence {
      append(Event(microseconds: 0, code: .output, bytes: sequence), into: &bytes)
    }
  }

  /// Output longer than a frame may be takes several at the same time.
  mutating func append(_ event: Event, into bytes: inout [UInt8]) {
    let time = started + max(0, event.microseconds)
    var start = 0
    repeat {
      let end = min(event.bytes.count, start + TtyrecFrame.byteLimit)
      TtyrecFrame(microseconds: time, byteCount: end - start).append(to: &bytes)
      bytes += event.bytes[start..<end]
      start = end
    } while start < event.bytes.count
  }
}
