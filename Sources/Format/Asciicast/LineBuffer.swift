import Platform

/// Cuts text that comes in pieces into lines.
struct LineBuffer {
  /// Longest line that is kept, in bytes.
  static let lineLimit = 16 << 20

  private(set) var bytes: [UInt8] = []
  private var position = 0
  /// Where the search for the next line feed goes on.
  private var searched = 0
  /// Number of the last line, from 1.
  private(set) var lineNumber = 0
  private var isSkipping = false

  enum Next: Equatable {
    /// A line without its line feed, as a range of `bytes`.
    case line(Range<Int>)
    /// A line that was longer than the limit; it was skipped.
    case tooLong
    case needsMore
  }

  /// Adds text.
  mutating func append(_ more: [UInt8]) {
    if position == bytes.count {
      bytes = more
      (position, searched) = (0, 0)
      return
    }
    if position > bytes.count / 2 {
      bytes.removeFirst(position)
      searched -= position
      position = 0
    }
    bytes += more
  }

  /// The next line. `isLast` tells that no more text comes, so that a line without line feed counts.
  mutating func next(isLast: Bool) -> Next {
    guard let end = ByteSearch.first(0x0A, in: bytes, searched..<bytes.count) else {
      if isLast, position < bytes.count {
        defer { (position, searched) = (bytes.count, bytes.count) }
        return taken(position..<bytes.count)
      }
      searched = bytes.count
      if bytes.count - position > Self.lineLimit {
        isSkipping = true
        (position, searched) = (bytes.count, bytes.count)
      }
      return .needsMore
    }
    let start = position
    (position, searched) = (end + 1, end + 1)
    return taken(start..<end)
  }

  private mutating func taken(_ range: Range<Int>) -> Next {
    lineNumber += 1
    if isSkipping || range.count > Self.lineLimit {
      isSkipping = false
      return .tooLong
    }
    return .line(range)
  }

  /// Forgets what is left of a text; the next piece begins a line.
  mutating func startOver(lineNumber: Int) {
    bytes = []
    (position, searched) = (0, 0)
    isSkipping = false
    self.lineNumber = lineNumber
  }
}
