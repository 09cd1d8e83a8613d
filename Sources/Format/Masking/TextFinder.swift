/// Finds everything in a stream that shows or holds text: what is left is steering alone.
public struct TextFinder {
  private var scanner = VisibleScanner(endsAtReturn: false)

  /// Begins in plain text, outside of any escape sequence.
  public init() {}

  /// The stretches of an event's bytes that are text, with their columns, or the inside of titles and the like (none).
  public mutating func append(_ bytes: [UInt8], event: Int) -> [SecretSpan] {
    var spans: [SecretSpan] = []
    var isText = false
    for (offset, byte) in bytes.enumerated() {
      let piece = scanner.scan(byte)
      guard piece == .text || piece == .hidden else { continue }
      let columns = piece == .text ? SecretFinder.columns(of: bytes, at: offset) : 0
      if let last = spans.last, last.offset + last.byteCount == offset, isText == (piece == .text) {
        spans[spans.count - 1].byteCount += 1
        spans[spans.count - 1].columns += columns
      } else {
        spans.append(SecretSpan(event: event, offset: offset, byteCount: 1, columns: columns, pattern: 0))
      }
      isText = piece == .text
    }
    return spans
  }
}
