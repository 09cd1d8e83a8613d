/// Writes events as asciicast v3 lines into a buffer that its caller reuses.
///
/// Times are rounded as absolute times and then subtracted, so that the sum of the intervals never drifts.
/// A character split over two events of one stream is written whole, with the second; bytes that are no
/// UTF-8 are followed by a line of code `b` with the exact bytes in base64.
struct LineEncoder {
  /// Which asciicast the lines are.
  enum Dialect {
    /// Intervals, exact bytes where the text cannot hold them.
    case v3
    /// Frames of version 1: intervals and text without a code; they are all output.
    case v1
    /// Times since the start, and spaces as asciinema writes them.
    case v2
  }

  let dialect: Dialect
  let precision: TimePrecision
  /// Events whose bytes were no UTF-8.
  private(set) var repairedCount = 0
  /// Time of the last line, rounded, in microseconds: what the next interval is counted from.
  private(set) var time: Int64
  /// First bytes of characters that wait for their rest, by stream: output, input, standard error.
  private var held: [[UInt8]] = [[], [], []]

  private static let streams: [Event.Code] = [.output, .input, .standardError]

  init(_ dialect: Dialect, precision: TimePrecision) {
    self.dialect = dialect
    self.precision = precision
    time = 0
  }

  /// Whether no character waits for its rest.
  var holdsNothing: Bool { held.allSatisfy(\.isEmpty) }

  /// Appends the line (or lines) of an event. Nothing is appended for an event whose bytes all wait.
  /// - Returns: whether a line was written.
  @discardableResult
  mutating func append(_ event: Event, to text: inout [UInt8]) -> Bool {
    guard let stream = Self.streams.firstIndex(of: event.code) else {
      appendLine(event.bytes, end: event.bytes.count, event.code, at: event.microseconds, to: &text)
      return true
    }
    var bytes = event.bytes
    if !held[stream].isEmpty { bytes = held[stream] + bytes }
    let end = bytes.count - Self.cutTail(of: bytes)
    held[stream] = end == bytes.count ? [] : Array(bytes[end...])
    if end == 0, !bytes.isEmpty { return false }
    appendLine(bytes, end: end, event.code, at: event.microseconds, to: &text)
    return true
  }

  /// Appends what still waits, as the broken characters they now are.
  /// - Returns: the number of events written.
  mutating func finish(at microseconds: Int64, to text: inout [UInt8]) -> Int {
    var count = 0
    for (stream, code) in Self.streams.enumerated() where !held[stream].isEmpty {
      let bytes = held[stream]
      held[stream] = []
      appendLine(bytes, end: bytes.count, code, at: microseconds, to: &text)
      count += 1
    }
    return count
  }

  /// How many bytes at the end are the beginning of a character.
  private static func cutTail(of bytes: [UInt8]) -> Int {
    for back in 1...3 where back <= bytes.count {
      let byte = bytes[bytes.count - back]
      if byte < 0x80 { return 0 }
      if byte >= 0xC0 {
        if case .cut = UTF8Sequence(in: bytes.span, at: bytes.count - back) { return back }
        return 0
      }
    }
    return 0
  }

  private mutating func appendLine(
    _ bytes: [UInt8], end: Int, _ code: Event.Code, at microseconds: Int64, to text: inout [UInt8]
  ) {
    text.append(UInt8(ascii: "["))
    appendTime(microseconds, to: &text)
    text.append(UInt8(ascii: ","))
    if dialect == .v2 { text.append(0x20) }
    if dialect != .v1 {
      text.append(UInt8(ascii: "\""))
      text.append(code.rawValue)
      text.append(UInt8(ascii: "\""))
      text.append(UInt8(ascii: ","))
      if dialect == .v2 { text.append(0x20) }
    }
    text.append(UInt8(ascii: "\""))
    let isExact = JSONText.append(bytes, end: end, to: &text)
    text.append(UInt8(ascii: "\""))
    text.append(UInt8(ascii: "]"))
    text.append(0x0A)
    if isExact { return }
    repairedCount += 1
    if dialect == .v3 {
      text += "[0,\"b\",\"".utf8
      Base64.encode(end == bytes.count ? bytes : Array(bytes[..<end]), into: &text)
      text += "\"]\n".utf8
    }
  }

  /// Appends the seconds since the last line, or in v2 since the start, without trailing zeros.
  private mutating func appendTime(_ microseconds: Int64, to text: inout [UInt8]) {
    var rounded = max(0, min(microseconds, EventLine.maximumMicroseconds))
    if precision == .milliseconds { rounded = (rounded + 500) / 1000 * 1000 }
    let interval = max(0, rounded - time)
    time = max(time, rounded)
    switch dialect {
    case .v1, .v3: DecimalText.appendSeconds(microseconds: interval, to: &text)
    case .v2:
      DecimalText.appendSeconds(microseconds: time, to: &text)
      if time % 1_000_000 == 0 { text += [UInt8(ascii: "."), 0x30] }
    }
  }
}

/// Numbers as asciicast writes them.
enum DecimalText {
  /// Appends seconds with up to six decimals and no trailing zeros: `0`, `1.5`, `0.000001`.
  static func appendSeconds(microseconds: Int64, to text: inout [UInt8]) {
    appendInteger(microseconds / 1_000_000, to: &text)
    var fraction = microseconds % 1_000_000
    if fraction == 0 { return }
    text.append(UInt8(ascii: "."))
    var unit: Int64 = 100_000
    while fraction > 0 {
      text.append(0x30 + UInt8(truncatingIfNeeded: fraction / unit))
      fraction %= unit
      unit /= 10
    }
  }

  /// Appends a number that is not negative.
  static func appendInteger(_ value: Int64, to text: inout [UInt8]) {
    if value < 10 {
      text.append(0x30 + UInt8(truncatingIfNeeded: value))
      return
    }
    var unit: Int64 = 10
    while value / unit >= 10 { unit *= 10 }
    var rest = value
    while unit > 0 {
      text.append(0x30 + UInt8(truncatingIfNeeded: rest / unit))
      rest %= unit
      unit /= 10
    }
  }
}
