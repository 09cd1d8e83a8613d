import Platform

/// One message of tlog (its `doc/log_format.md`): some I/O and when it happened.
struct TlogMessage {
  let recording: String
  let host: String?
  let user: String?
  let terminalType: String?
  let session: Int64?
  /// From 1, without gaps.
  let id: Int64
  /// Milliseconds from the recording's start.
  let position: Int64
  /// Wall clock, where the version tells it.
  let time: Timestamp?
  private let timing: [UInt8]
  private let input: TlogStream
  private let output: TlogStream

  /// Why a message cannot be used.
  enum Problem: Error, Equatable {
    case missing(String)
    case version(String)
    case timing(byte: Int)
    case counts(byte: Int)

    var words: String {
      switch self {
      case .missing(let name): "the message has no \"\(name)\", or not of the right type"
      case .version(let version): "tlog's format version \(version) is not known (1 and 2 are)"
      case .timing(let byte): "the timing is wrong at byte \(byte)"
      case .counts(let byte): "the timing tells of more text than there is, at byte \(byte)"
      }
    }
  }

  init(_ json: JSON) throws(Problem) {
    guard let version = json["ver"]?.string ?? json["ver"]?.integer.map({ String($0) }) else {
      throw .missing("ver")
    }
    let major = version.prefix { $0 != "." }
    guard major == "1" || major == "2" else { throw .version(version) }
    guard let id = json["id"]?.integer, id > 0 else { throw .missing("id") }
    guard let position = json["pos"]?.integer, position >= 0 else { throw .missing("pos") }
    guard let timing = json["timing"]?.string else { throw .missing("timing") }
    self.id = id
    self.position = min(position, EventLine.maximumMicroseconds / 1000)
    self.timing = Array(timing.utf8)
    recording = json["rec"]?.string ?? ""
    host = json["host"]?.string
    user = json["user"]?.string
    terminalType = json["term"]?.string
    session = json["session"]?.integer
    time = (json["time"]?.double).flatMap {
      abs($0) < 1e11 ? Timestamp(microseconds: Int64(($0 * 1000).rounded()) * 1000) : nil
    }
    input = try TlogStream(json, "in")
    output = try TlogStream(json, "out")
  }

  /// The message's events; what follows on each other in the same stream without a delay is one.
  /// - Throws: `.timing`, `.counts`; events before the mistake are in `events` already.
  func read(into events: inout [Event]) throws(Problem) {
    var (input, output) = (input, output)
    var milliseconds = position
    var index = 0
    var mayJoin = false
    func number() -> Int? {
      let digits = timing[index...].prefix { $0 >= 0x30 && $0 <= 0x39 }
      index += digits.count
      return DecimalSeconds.count(digits)
    }
    func pair(_ separator: UInt8) -> (Int, Int)? {
      guard let first = number(), index < timing.count, timing[index] == separator else { return nil }
      index += 1
      return number().map { (first, $0) }
    }
    func add(_ code: Event.Code, _ bytes: [UInt8]?, at start: Int) throws(Problem) {
      guard let bytes else { throw .counts(byte: start) }
      if mayJoin, events.last?.code == code {
        events[events.count - 1].bytes += bytes
      } else {
        events.append(Event(microseconds: milliseconds * 1000, code: code, bytes: bytes))
      }
      mayJoin = true
    }
    while index < timing.count {
      let start = index
      index += 1
      switch timing[start] {
      case UInt8(ascii: "+"):
        guard let delay = number() else { throw .timing(byte: start) }
        milliseconds = min(milliseconds + Int64(delay), EventLine.maximumMicroseconds / 1000)
        if delay > 0 { mayJoin = false }
      case UInt8(ascii: "<"):
        guard let count = number() else { throw .timing(byte: start) }
        try add(.input, input.text(count), at: start)
      case UInt8(ascii: ">"):
        guard let count = number() else { throw .timing(byte: start) }
        try add(.output, output.text(count), at: start)
      case UInt8(ascii: "["):
        guard let (skipped, count) = pair(UInt8(ascii: "/")) else { throw .timing(byte: start) }
        try add(.input, input.binary(skipping: skipped, count), at: start)
      case UInt8(ascii: "]"):
        guard let (skipped, count) = pair(UInt8(ascii: "/")) else { throw .timing(byte: start) }
        try add(.output, output.binary(skipping: skipped, count), at: start)
      case UInt8(ascii: "="):
        guard let (columns, rows) = pair(UInt8(ascii: "x")) else { throw .timing(byte: start) }
        mayJoin = false
        events.append(
          Event(microseconds: milliseconds * 1000, code: .resize, text: "\(columns)x\(rows)"))
      default: throw .timing(byte: start)
      }
    }
  }
}

/// The text and the bytes of one direction, from which the timing takes by turns.
struct TlogStream {
  private let text: [UInt8]
  private let binary: [UInt8]
  private var textIndex = 0
  private var binaryIndex = 0

  init(_ json: JSON, _ name: String) throws(TlogMessage.Problem) {
    text = Array((json[name + "_txt"]?.string ?? "").utf8)
    var bytes: [UInt8] = []
    for value in json[name + "_bin"]?.array ?? [] {
      guard let byte = value.integer, (0...255).contains(byte) else { throw .missing(name + "_bin") }
      bytes.append(UInt8(byte))
    }
    binary = bytes
  }

  /// The next characters; nil where there are fewer.
  mutating func text(_ count: Int) -> [UInt8]? {
    let start = textIndex
    return skip(count) ? Array(text[start..<textIndex]) : nil
  }

  /// The next bytes, in whose place the text has so many replacement characters.
  mutating func binary(skipping replaced: Int, _ count: Int) -> [UInt8]? {
    guard skip(replaced), count <= binary.count - binaryIndex else { return nil }
    binaryIndex += count
    return Array(binary[binaryIndex - count..<binaryIndex])
  }

  private mutating func skip(_ characters: Int) -> Bool {
    guard characters <= text.count - textIndex else { return false }
    for _ in 0..<characters {
      guard textIndex < text.count else { return false }
      textIndex += 1
      while textIndex < text.count, text[textIndex] & 0xC0 == 0x80 { textIndex += 1 }
    }
    return true
  }
}
