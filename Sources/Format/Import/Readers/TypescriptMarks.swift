import Platform

/// The first and last lines that script(1) puts around a typescript, which are no output.
enum TypescriptMarks {
  static let start = Array("Script started on ".utf8)
  static let guacamoleStart = Array("[BEGIN TYPESCRIPT]".utf8)
  private static let end = Array("Script done on ".utf8)
  private static let guacamoleEnd = Array("[END TYPESCRIPT]".utf8)
  private static let exitCodeKey = Array("[COMMAND_EXIT_CODE=\"".utf8)
  private static let sizeExceeded = Array("[<max output size exceeded>]".utf8)

  /// How many bytes at the end may belong to the last line.
  static let lastLineByteCount = 1024

  /// What the first line tells.
  struct Facts: Equatable {
    var started: Timestamp?
    var command: String?
    var terminalType: String?
    var tty: String?
    var size: WindowSize?

    /// Takes a value as script's first line and advanced timing name it.
    mutating func take(_ name: String, _ value: String) {
      switch name {
      case "START_TIME": started = WallClockText.parse(value)
      case "TERM": terminalType = value
      case "TTY": tty = value
      case "COMMAND": command = value
      default: break
      }
    }
  }

  /// Reads the first line, which need not be whole.
  static func facts(_ line: [UInt8]) -> Facts {
    var facts = Facts()
    let text = String(decoding: line, as: UTF8.self)
    guard text.hasPrefix("Script started on ") else { return facts }
    facts.started = WallClockText.parse(text.dropFirst("Script started on ".count))
    // Values are not escaped, and a command may hold quotes: it ends where the next known word begins.
    let keys = ["COMMAND", "TERM", "TTY", "COLUMNS", "LINES"]
    let utf8 = Array(text.utf8)
    var places = keys.compactMap { key -> (key: String, start: Int, value: Int)? in
      let mark = Array("\(key)=\"".utf8)
      let place = key == "COMMAND" ? ByteSearch.first(mark, in: utf8) : utf8.lastRange(of: mark)?.lowerBound
      return place.map { (key, $0, $0 + mark.count) }
    }
    places.sort { $0.start < $1.start }
    var values: [String: String] = [:]
    for (index, place) in places.enumerated() {
      var value = utf8[place.value..<(index + 1 < places.count ? places[index + 1].start : utf8.count)]
      if let remark = value.lastRange(of: Array("\" <".utf8)) { value = value[..<remark.lowerBound] }
      if let quote = value.lastIndex(of: UInt8(ascii: "\"")) { value = value[..<quote] }
      values[place.key] = String(decoding: value, as: UTF8.self)
    }
    for (name, value) in values { facts.take(name, value) }
    facts.size = WindowSize(columns: values["COLUMNS"], rows: values["LINES"])
    return facts
  }

  /// What the last line tells.
  struct Footer: Equatable {
    /// Index of its first byte, which is the line feed before it.
    var start: Int
    var exitCode: Int?
  }

  /// The last line of a typescript in its last bytes; nil where they are output. Translated ones are known by the
  /// exit code in them.
  static func footer(_ tail: ArraySlice<UInt8>) -> Footer? {
    let body = tail.last == 0x0A ? tail.dropLast() : tail
    guard let start = body.lastIndex(of: 0x0A) else { return nil }
    let line = body[(start + 1)...]
    let code = exitCode(line)
    guard
      line.starts(with: end) || line.elementsEqual(guacamoleEnd) || code != nil
        || line.lastRange(of: sizeExceeded) != nil
    else { return nil }
    return Footer(start: start, exitCode: code)
  }

  private static func exitCode(_ line: ArraySlice<UInt8>) -> Int? {
    guard let key = line.lastRange(of: exitCodeKey) else { return nil }
    return DecimalSeconds.count(line[key.upperBound...].prefix { $0 != UInt8(ascii: "\"") })
  }
}

extension Collection<UInt8> where Self: BidirectionalCollection, Index == Int {
  /// Where `pattern`, which is not empty, occurs last.
  func lastRange(of pattern: [UInt8]) -> Range<Int>? {
    var index = endIndex - pattern.count
    while index >= startIndex {
      if self[index...].starts(with: pattern) { return index..<index + pattern.count }
      index -= 1
    }
    return nil
  }
}

extension WindowSize {
  /// A size from two texts; nil where they are no numbers from 1 to 65,535.
  init?(columns: String?, rows: String?) {
    guard let columns = columns.flatMap({ DecimalSeconds.count(Array($0.utf8)) }),
      let rows = rows.flatMap({ DecimalSeconds.count(Array($0.utf8)) }),
      (1...Seal.maximumSide).contains(columns), (1...Seal.maximumSide).contains(rows)
    else { return nil }
    self.init(columns: columns, rows: rows)
  }
}
