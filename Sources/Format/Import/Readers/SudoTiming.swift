/// One line of the timing file of sudo's I/O log (sudoreplay(8); `iolog_timing.c` counts the same events).
enum SudoTiming: Equatable {
  /// The streams that have a file of their own.
  enum Stream: Int, Sendable, CaseIterable {
    case stdin = 0
    case stdout, stderr, ttyin, ttyout

    /// The file's name.
    var part: String { String(describing: self) }
  }

  /// So many bytes of a stream; times are nanoseconds since the line before.
  case bytes(Stream, delay: Int64, byteCount: Int)
  case resize(delay: Int64, rows: Int, columns: Int)
  /// The command was suspended or resumed.
  case signal(delay: Int64, name: String)
  /// An event number that is none of these.
  case unknown(delay: Int64, event: Int)

  /// Longest line that is read, in bytes.
  static let lineLimit = 64 << 10
  /// What sudo 1.8.7 wrote for terminal output, with wrong numbers.
  static let brokenOutput = 6

  /// Reads a line without its line feed; nil where it is none.
  init?(parsing line: some Collection<UInt8>) {
    let words = line.split(separator: 0x20)
    guard words.count >= 3, words[0].count <= 2, let event = DecimalSeconds.count(words[0]),
      let delay = DecimalSeconds.nanoseconds(words[1])
    else { return nil }
    switch event {
    case 0...4:
      guard words.count == 3, let stream = Stream(rawValue: event), let count = DecimalSeconds.count(words[2])
      else { return nil }
      self = .bytes(stream, delay: delay, byteCount: count)
    case 5:
      guard words.count == 4, let rows = DecimalSeconds.count(words[2]),
        let columns = DecimalSeconds.count(words[3])
      else { return nil }
      self = .resize(delay: delay, rows: rows, columns: columns)
    case 7:
      guard words[2].count <= 16 else { return nil }
      self = .signal(delay: delay, name: String(decoding: words[2], as: UTF8.self))
    default: self = .unknown(delay: delay, event: event)
    }
  }
}
