import Platform

/// Reads a ttyrec: one event of output for each frame. Times are differences of the frames' clocks.
final class TtyrecReader: EventSource {
  private(set) var header = Header(size: Header.assumedSize)
  private(set) var started: Timestamp?
  private let bytes: SourceBytes
  private var clock = SourceClock()
  /// The wall clock of the last frame.
  private var last: Int64
  private var isDone = false

  /// Reads the first frame's header, and takes the first frame where it only tells the size.
  init(_ bytes: SourceBytes) throws(ImportError) {
    self.bytes = bytes
    try bytes.fill(to: TtyrecFrame.headerByteCount)
    guard let first = TtyrecFrame(bytes.front) else {
      throw .refused(
        name: bytes.name, .byte(0),
        cause: bytes.count < TtyrecFrame.headerByteCount
          ? "the file ends within the first frame's header" : "this is no ttyrec frame")
    }
    last = first.microseconds
    started = Timestamp(microseconds: last)
    header.timestamp = Timestamp(microseconds: started!.seconds * 1_000_000)  // set in the line before
    try bytes.fill(to: TtyrecFrame.headerByteCount + 32)
    let data = bytes.front.dropFirst(TtyrecFrame.headerByteCount).prefix(first.byteCount)
    if let sequence = SizeSequence(data) {
      header.size = sequence.size
      if first.byteCount == sequence.byteCount {
        bytes.discard(TtyrecFrame.headerByteCount + sequence.byteCount)
        header.sizeOrigin = .told
      } else {
        header.sizeOrigin = .output
      }
    } else {
      header.sizeOrigin = .assumed
    }
  }

  func next(_ log: inout FindingLog) throws(ImportError) -> Event? {
    if isDone { return nil }
    let offset = bytes.offset
    guard try bytes.fill(to: TtyrecFrame.headerByteCount) else {
      if bytes.count > 0 {
        log.add(
          Finding(.unfinished, offset: offset, "the last frame is cut off within its header; it was left out")
        )
      }
      return end()
    }
    guard let frame = TtyrecFrame(bytes.front) else {
      log.add(
        Finding(.damaged, offset: offset, "this is no frame header; nothing from here on was read"))
      return end()
    }
    guard try bytes.fill(to: TtyrecFrame.headerByteCount + frame.byteCount) else {
      let found = bytes.count - TtyrecFrame.headerByteCount
      log.add(
        Finding(
          .unfinished, offset: offset,
          "the last frame is cut off: \(found) of its \(frame.byteCount) bytes are there; it was left out"))
      return end()
    }
    bytes.discard(TtyrecFrame.headerByteCount)
    clock.advance(byMicroseconds: frame.microseconds - last, &log) { kind, words in
      Finding(kind, offset: offset, words)
    }
    last = frame.microseconds
    return Event(
      microseconds: clock.microseconds, code: .output, bytes: try bytes.take(frame.byteCount))
  }

  private func end() -> Event? {
    isDone = true
    return nil
  }
}
