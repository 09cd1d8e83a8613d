/// One line of script(1)'s timing file, classic or advanced.
enum ScriptTiming: Equatable {
  /// So many bytes of the output log; times are nanoseconds since the line before.
  case output(delay: Int64, byteCount: Int)
  case input(delay: Int64, byteCount: Int)
  case signal(delay: Int64, name: String, rest: String)
  /// A fact; it moves no clock.
  case header(name: String, value: String)

  /// Longest line that is read, in bytes.
  static let lineLimit = 64 << 10

  /// Reads a line without its line feed; nil where it is none.
  init?(parsing line: some Collection<UInt8>) {
    var line = Array(line)
    if line.last == 0x0D { line.removeLast() }
    let words = line.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false)
    guard let first = words.first else { return nil }
    if let lead = first.first, lead >= 0x30, lead <= 0x39 {
      guard words.count == 2, first.contains(UInt8(ascii: ".")) || first.contains(UInt8(ascii: ",")),
        let delay = DecimalSeconds.nanoseconds(first), let count = DecimalSeconds.count(words[1])
      else { return nil }
      self = .output(delay: delay, byteCount: count)
      return
    }
    guard first.count == 1, words.count >= 3, let delay = DecimalSeconds.nanoseconds(words[1]) else {
      return nil
    }
    let name = String(decoding: words[2], as: UTF8.self)
    let rest = words.count > 3 ? String(decoding: words[3], as: UTF8.self) : ""
    switch first.first {
    case UInt8(ascii: "O"), UInt8(ascii: "I"):
      guard words.count == 3, let count = DecimalSeconds.count(words[2]) else { return nil }
      self =
        first.first == UInt8(ascii: "O")
        ? .output(delay: delay, byteCount: count) : .input(delay: delay, byteCount: count)
    case UInt8(ascii: "S"): self = .signal(delay: delay, name: name, rest: rest)
    case UInt8(ascii: "H"): self = .header(name: name, value: rest)
    default: return nil
    }
  }
}
