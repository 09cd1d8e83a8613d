/// The text of a plain gzip file, members one after the other, as it streams by.
struct GzipText {
  private let window: InputWindow
  private let inflater = Inflater()
  private var isInMember = false
  private var isDone = false
  private var checksum: UInt32 = 0
  private var textByteCount = 0

  /// What stays in a processor's cache until it is read: four times as much took 3 % longer.
  static let pieceByteCount = 64 << 10

  init(_ window: InputWindow) { self.window = window }

  /// The next piece of text; nil at the end, whose cause is in `log` unless it is the file's.
  mutating func next(_ log: inout FindingLog) throws(FormatError) -> [UInt8]? {
    while !isDone {
      if !isInMember {
        guard try beginMember(&log) else { return nil }
      }
      if let piece = try inflate(&log) { return piece }
    }
    return nil
  }

  private mutating func beginMember(_ log: inout FindingLog) throws(FormatError) -> Bool {
    guard try window.fill(to: 1) else {
      isDone = true
      return false
    }
    while true {
      do throws(GzipHeader.Problem) {
        let header = try GzipHeader(parsing: window.bytes, at: window.start)
        if header.seal != nil {
          log.add(
            Finding(
              .altered, offset: window.offset,
              "this gzip member is part of a sealed recording, whose first member was altered"))
        }
        window.discard(header.byteCount)
        inflater.reset()
        isInMember = true
        (checksum, textByteCount) = (0, 0)
        return true
      } catch {
        if error == .notGzip || window.isAtEnd {
          _ = stop(
            error == .cutOff ? .unfinished : .trailingBytes,
            "what follows the compressed text is no whole gzip member; it was not read", &log)
          return false
        }
      }
      try window.fill(to: window.count + 1)
    }
  }

  private mutating func inflate(_ log: inout FindingLog) throws(FormatError) -> [UInt8]? {
    guard try window.fill(to: 1) else {
      return stop(.unfinished, "the compressed text is cut off here", &log)
    }
    var piece: [UInt8] = []
    let range = window.start..<window.bytes.count
    let (outcome, taken) = inflater.inflate(window.bytes, range, limit: Self.pieceByteCount, into: &piece)
    window.discard(taken)
    checksum = CRC32.update(checksum, piece)
    textByteCount += piece.count
    switch outcome {
    case .needsInput, .outputFull: break
    case .damaged: _ = stop(.damaged, "the compressed text is damaged; nothing after this was read", &log)
    case .ended: try endMember(&log)
    }
    return piece.isEmpty ? nil : piece
  }

  private mutating func endMember(_ log: inout FindingLog) throws(FormatError) {
    isInMember = false
    guard try window.fill(to: GzipTrailer.byteCount) else {
      _ = stop(.unfinished, "the compressed text's checksum is cut off", &log)
      return
    }
    var reader = ByteReader(window.bytes, window.start..<window.start + GzipTrailer.byteCount)
    let isRight =
      (try? reader.uint32()) == checksum  // eight bytes are there
      && (try? reader.uint32()) == UInt32(truncatingIfNeeded: textByteCount)
    if !isRight {
      log.add(
        Finding(.damaged, offset: window.offset, "the checksum is wrong: the text before it may be wrong"))
    }
    window.discard(GzipTrailer.byteCount)
  }

  private mutating func stop(_ kind: Finding.Kind, _ words: String, _ log: inout FindingLog) -> [UInt8]? {
    isDone = true
    log.add(Finding(kind, offset: window.offset, words))
    return nil
  }
}
