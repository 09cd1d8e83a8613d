import Platform

/// Reads terminal output without times: all of it at time zero.
final class RawReader: EventSource {
  private(set) var header = Header(size: Header.assumedSize)
  let started: Timestamp? = nil
  private let bytes: SourceBytes
  /// Most bytes of one event.
  private static let pieceByteCount = 1 << 20

  /// Takes the size from a sequence at the beginning, as our raw export writes it.
  init(_ bytes: SourceBytes) throws(ImportError) {
    self.bytes = bytes
    try bytes.fill(to: 32)
    if let sequence = SizeSequence(bytes.front) {
      header.size = sequence.size
      bytes.discard(sequence.byteCount)
      header.sizeOrigin = .told
    } else {
      header.sizeOrigin = .assumed
    }
  }

  func next(_ log: inout FindingLog) throws(ImportError) -> Event? {
    let piece = try bytes.take(Self.pieceByteCount)
    return piece.isEmpty ? nil : Event(microseconds: 0, code: .output, bytes: piece)
  }
}
