import Platform

/// A stretch of an event's bytes that is to be replaced by marks.
public struct SecretSpan: Hashable, Sendable {
  /// The event's number, as its finder's user counts.
  public var event: Int
  /// Of its first byte, in bytes from the start of the text.
  public var offset: Int
  /// Its length.
  public var byteCount: Int
  /// How many marks take its place: as many as it had columns on the screen.
  public var columns: Int
  /// Which pattern found it.
  public var pattern: Int
}

/// Finds secrets in one stream of events, over the borders of events and past colors. A machine without I/O.
///
/// It looks at whole lines, as text without escape sequences. A line that is not whole can be looked at early
/// (`flush`); what comes of it later is then searched with what came before.
public struct SecretFinder {
  /// Longest line that is searched as one, in bytes; longer ones are searched in overlapping halves.
  static let lineLimit = 1 << 16
  /// Longest block of lines, should its end never come.
  static let blockLimit = 1000

  private let patterns: [SecretPattern]
  private var scanner: VisibleScanner
  private var text: [UInt8] = []
  /// Where each byte of `text` stands.
  private var places: [(event: Int, offset: Int)] = []
  /// Found in `text` already.
  private var found: Set<SecretSpan> = []
  /// The pattern whose block the line is in, and for how many lines more.
  private var block: (pattern: Int, left: Int)?

  /// - Parameters:
  ///   - patterns: what is looked for, each by itself.
  ///   - endsAtReturn: whether Return ends a line, as in what is typed.
  public init(_ patterns: [SecretPattern], endsAtReturn: Bool = false) {
    self.patterns = patterns
    scanner = VisibleScanner(endsAtReturn: endsAtReturn)
  }

  /// The first event of the line that is not whole; nil where none is open.
  public var openEvent: Int? { places.first?.event }

  /// Takes the bytes of the next event and gives what is found in the lines that they complete.
  public mutating func append(_ bytes: [UInt8], event: Int) -> [SecretSpan] {
    var spans: [SecretSpan] = []
    for (offset, byte) in bytes.enumerated() {
      switch scanner.scan(byte) {
      case .text:
        text.append(byte)
        places.append((event, offset))
        if text.count >= Self.lineLimit {
          spans += search()
          forget(Self.lineLimit / 2)
        }
      case .lineEnd:
        spans += search(isWhole: true)
        forget(text.count)
      case .control, .hidden: break
      }
    }
    return spans
  }

  /// Looks at the line that is not whole.
  public mutating func flush() -> [SecretSpan] { search() }

  private mutating func forget(_ count: Int) {
    text.removeFirst(count)
    places.removeFirst(count)
    if text.isEmpty { found = [] }
  }

  private mutating func search(isWhole: Bool = false) -> [SecretSpan] {
    if text.isEmpty { return [] }
    var spans: [SecretSpan] = []
    if let inside = block {
      let end = patterns[inside.pattern].blockEnd?.firstMatch(in: text)
      spans += self.spans(0..<(end?.lowerBound ?? text.count), inside.pattern)
      if isWhole { block = end != nil || inside.left == 0 ? nil : (inside.pattern, inside.left - 1) }
    }
    for (index, pattern) in patterns.enumerated() {
      for match in pattern.pattern.matches(in: text) where !match.isEmpty {
        if let end = pattern.blockEnd {
          if isWhole, end.firstMatch(in: text, from: match.upperBound) == nil {
            block = (index, Self.blockLimit)
          }
        } else {
          spans += self.spans(pattern.secret(in: match, of: text), index)
        }
      }
    }
    let new = spans.filter { !found.contains($0) }
    found.formUnion(new)
    return new
  }

  /// The places of a stretch of text: one span for each run of bytes that stand together.
  private func spans(_ range: Range<Int>, _ pattern: Int) -> [SecretSpan] {
    var spans: [SecretSpan] = []
    for index in range {
      let columns = Self.columns(of: text, at: index)
      let place = places[index]
      if let last = spans.last, last.event == place.event, last.offset + last.byteCount == place.offset {
        spans[spans.count - 1].byteCount += 1
        spans[spans.count - 1].columns += columns
      } else {
        spans.append(
          SecretSpan(
            event: place.event, offset: place.offset, byteCount: 1, columns: columns, pattern: pattern))
      }
    }
    return spans
  }

  /// Columns of the character that begins at a byte; 0 within one.
  static func columns(of text: [UInt8], at index: Int) -> Int {
    let byte = text[index]
    if byte < 0x80 { return 1 }
    if byte & 0xC0 == 0x80 { return 0 }
    let end = min(text.count, index + 4)
    let characters = String(decoding: text[index..<end], as: UTF8.self).unicodeScalars
    return characters.first.map { String(Character($0)).columnCount } ?? 1
  }
}

extension [UInt8] {
  /// The bytes with marks in place of spans, which are in order or not and may overlap.
  public func masking(_ spans: [SecretSpan]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    for span in spans.sorted(by: { ($0.offset, -$0.byteCount) < ($1.offset, -$1.byteCount) }) {
      let (start, end) = (Swift.max(span.offset, index), Swift.min(span.offset + span.byteCount, count))
      // Inside one that is masked already.
      if end <= start { continue }
      result += self[index..<start]
      let isCut = start > span.offset
      result += Array(
        repeating: UInt8(ascii: "*"), count: isCut ? Swift.min(end - start, span.columns) : span.columns)
      index = end
    }
    return result + self[index...]
  }
}
