/// Where a reader's text comes from, piece by piece.
enum TextSource {
  case sealed(MemberReader)
  case gzip(GzipText)
  case plain(InputWindow)
  /// Nothing comes: a v1 document was read at once.
  case none

  enum Piece {
    /// Text that goes on from the piece before.
    case piece([UInt8])
    /// Text that stands for itself.
    case member(MemberText)
  }

  /// The next piece; nil at the end.
  mutating func next(_ log: inout FindingLog) throws(FormatError) -> Piece? {
    switch self {
    case .none: return nil
    case .plain(let window):
      guard try window.fill(to: 1) else { return nil }
      let piece = Array(window.bytes[window.start...])
      window.discard(piece.count)
      return .piece(piece)
    case .gzip(var text):
      self = .none  // so that the text is not copied while it changes
      defer { self = .gzip(text) }
      return try text.next(&log).map { .piece($0) }
    case .sealed(var reader):
      self = .none
      defer { self = .sealed(reader) }
      return try reader.next(&log).map { .member($0) }
    }
  }
}
