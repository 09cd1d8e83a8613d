/// Received bytes that wait to be read as lines and blocks; each is copied a constant number of times.
struct HTTPInput {
  private let lineLimit: Int
  private var bytes: [UInt8] = []
  private var position = 0
  /// How far a line's end has been looked for, so that a line that comes byte by byte is not read again.
  private var searched = 0

  init(lineLimit: Int) { self.lineLimit = lineLimit }

  var isEmpty: Bool { position == bytes.count }
  var count: Int { bytes.count - position }

  mutating func append(_ more: [UInt8]) {
    if position > 0 && (position == bytes.count || position >= 1 << 16) {
      bytes.removeFirst(position)
      searched = max(0, searched - position)
      position = 0
    }
    bytes += more
  }

  /// The next line without its CRLF; nil where it has not come whole. A bare CR or LF ends no line: peers
  /// that disagree on that are how requests are smuggled (RFC 9112 §2.2).
  mutating func line() throws(HTTPError) -> [UInt8]? {
    var index = max(position, searched)
    while index < bytes.count {
      if bytes[index] == 0x0A {
        guard index > position, bytes[index - 1] == 0x0D else { throw .bareLineEnd }
        let line = Array(bytes[position..<index - 1])
        if line.contains(0x0D) { throw .bareLineEnd }
        if line.count > lineLimit { throw .lineTooLong(limit: lineLimit) }
        position = index + 1
        searched = position
        return line
      }
      index += 1
    }
    searched = index
    if count > lineLimit { throw .lineTooLong(limit: lineLimit) }
    return nil
  }

  /// The first line of a message. Bytes that cannot begin one are refused at once, not when a line's end
  /// comes.
  mutating func startLine(isPlausible: (ArraySlice<UInt8>) -> Bool) throws(HTTPError) -> [UInt8]? {
    let seen = bytes[position...].prefix(64)
    if !isPlausible(seen) { throw .notHTTP(seen: ASCII.excerpt(Array(seen))) }
    return try line()
  }

  /// Moves at most `limit` bytes to the end of `target`.
  mutating func move(upTo limit: Int, to target: inout [UInt8]) -> Int {
    let taken = min(limit, count)
    target += bytes[position..<position + taken]
    position += taken
    return taken
  }

  mutating func takeAll() -> [UInt8] {
    defer {
      bytes = []
      position = 0
      searched = 0
    }
    return position == 0 ? bytes : Array(bytes[position...])
  }
}
