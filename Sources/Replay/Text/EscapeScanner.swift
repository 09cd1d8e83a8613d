/// An escape sequence as it stood in the stream (ECMA-48, DEC STD 070), complete.
struct EscapeSequence: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// `ESC`, intermediates, one final byte.
    case escape
    /// Control sequence: `ESC [`, parameters, intermediates, one final byte.
    case control
    /// Operating system command: `ESC ]` … BEL or ST.
    case operatingSystem
    /// A device control, application, privacy or start-of-string, and `ESC k` (screen's title): text up to ST.
    case string(introducer: UInt8)
  }

  var kind: Kind
  /// `<`, `=`, `>` or `?` before a control sequence's parameters.
  var prefix: UInt8?
  /// What stands between introducer and final byte or terminator: parameters of a control sequence, text of a
  /// string. Longer ones are cut at `EscapeScanner.lengthLimit`.
  var contents: [UInt8] = []
  var intermediates: [UInt8] = []
  /// Zero for strings.
  var final: UInt8 = 0
  var isCut = false
}

/// Takes a terminal's byte stream apart, in any portions: text, control characters, escape sequences.
///
/// It knows the syntax and nothing of what a sequence does; memory is bounded whatever comes.
struct EscapeScanner {
  /// Contents of a sequence beyond this many bytes are dropped, and the sequence is marked as cut.
  static let lengthLimit = 4096

  /// What one byte completed.
  enum Token: Equatable, Sendable {
    /// The byte is part of something that is not complete.
    case nothing
    /// A byte of text: printable ASCII, or UTF-8 from 0x80 on (also where it is not valid).
    case text(UInt8)
    /// A control character below 0x20, or DEL.
    case control(UInt8)
    case sequence(EscapeSequence)
    /// The byte after a 0xC2 that turned out to be no C1 control: both are text.
    case pair(UInt8, UInt8)
  }

  private enum State: Equatable {
    case ground
    /// After 0xC2, which begins U+0080…U+009F: the C1 controls, which some terminals obey.
    case lead
    case escape
    case control
    /// In a control sequence that breaks the syntax: dropped up to its final byte.
    case brokenControl
    case string
    /// In a string, after ESC: `\` ends it, anything else aborts it.
    case stringEscape
    /// In a string, after 0xC2: 0x9C ends it.
    case stringLead
  }

  private var state = State.ground
  private var sequence = EscapeSequence(kind: .escape)

  /// Whether the stream stands between two sequences.
  var isAtRest: Bool { state == .ground }

  mutating func scan(_ byte: UInt8) -> Token {
    switch state {
    case .ground: return ground(byte)
    case .lead: return lead(byte)
    case .escape: return escape(byte)
    case .control, .brokenControl: return control(byte)
    case .string: return string(byte)
    case .stringEscape: return stringEscape(byte)
    case .stringLead:
      state = .string
      if byte == 0x9C { return finish() }
      keep(0xC2)
      return string(byte)
    }
  }

  private mutating func ground(_ byte: UInt8) -> Token {
    switch byte {
    case 0x1B: begin()
    case 0x00..<0x20, 0x7F: return .control(byte)
    case 0xC2: state = .lead
    default: return .text(byte)
    }
    return .nothing
  }

  private mutating func lead(_ byte: UInt8) -> Token {
    state = .ground
    switch byte {
    case 0x80..<0xA0: return introduce(byte & 0x1F | 0x40)
    case 0xA0...0xBF: return .pair(0xC2, byte)
    case 0x20..<0x7F, 0xC3...0xFF: return .pair(0xC2, byte)
    default:
      // A control character, ESC or another 0xC2 behind a lead byte that leads nowhere, which is dropped.
      return ground(byte)
    }
  }

  private mutating func begin() {
    state = .escape
    sequence = EscapeSequence(kind: .escape)
  }

  /// A C1 control, as the seven-bit byte that follows ESC.
  private mutating func introduce(_ byte: UInt8) -> Token {
    begin()
    return escape(byte)
  }

  private mutating func escape(_ byte: UInt8) -> Token {
    switch byte {
    case 0x1B: begin()
    case 0x18, 0x1A: state = .ground
    case 0x00..<0x20: return .control(byte)
    case 0x20..<0x30: keepIntermediate(byte)
    case UInt8(ascii: "[") where sequence.intermediates.isEmpty:
      sequence.kind = .control
      state = .control
    case UInt8(ascii: "]") where sequence.intermediates.isEmpty:
      sequence.kind = .operatingSystem
      state = .string
    case UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "k"):
      guard sequence.intermediates.isEmpty else { return finish(byte) }
      sequence.kind = .string(introducer: byte)
      state = .string
    case 0x30..<0x7F: return finish(byte)
    case 0x7F: break
    default: return abort(byte)
    }
    return .nothing
  }

  private mutating func control(_ byte: UInt8) -> Token {
    switch byte {
    case 0x1B: begin()
    case 0x18, 0x1A: state = .ground
    case 0x00..<0x20: return .control(byte)  // obeyed in the middle of a sequence
    case 0x20..<0x30: keepIntermediate(byte)
    case 0x3C..<0x40 where sequence.prefix == nil && sequence.contents.isEmpty && state == .control:
      sequence.prefix = byte
    case 0x30..<0x40:
      if !sequence.intermediates.isEmpty || byte >= 0x3C { state = .brokenControl }
      keep(byte)
    case 0x40..<0x7F:
      if state == .control { return finish(byte) }
      state = .ground
    case 0x7F: break
    default: return abort(byte)
    }
    return .nothing
  }

  private mutating func string(_ byte: UInt8) -> Token {
    switch byte {
    case 0x1B: state = .stringEscape
    case 0x18, 0x1A: state = .ground
    case 0x07 where sequence.kind == .operatingSystem || sequence.kind == .string(introducer: 0x6B):
      return finish()
    case 0xC2: state = .stringLead
    default: keep(byte)
    }
    return .nothing
  }

  private mutating func stringEscape(_ byte: UInt8) -> Token {
    if byte == UInt8(ascii: "\\") { return finish() }
    begin()
    return escape(byte)
  }

  /// A byte that cannot stand in a sequence: the sequence is dropped, the byte counts as text.
  private mutating func abort(_ byte: UInt8) -> Token {
    state = .ground
    return ground(byte)
  }

  private mutating func keep(_ byte: UInt8) {
    if sequence.contents.count < Self.lengthLimit {
      sequence.contents.append(byte)
    } else {
      sequence.isCut = true
    }
  }

  private mutating func keepIntermediate(_ byte: UInt8) {
    if sequence.intermediates.count < 4 {
      sequence.intermediates.append(byte)
    } else {
      sequence.isCut = true
    }
  }

  private mutating func finish(_ final: UInt8 = 0) -> Token {
    state = .ground
    sequence.final = final
    return .sequence(sequence)
  }
}

extension EscapeSequence {
  /// The numeric parameters of a control sequence, those left out as nil; nil where one is no plain number.
  var parameters: [Int?]? {
    var values: [Int?] = [nil]
    for byte in contents {
      switch byte {
      case UInt8(ascii: ";"):
        if values.count == 64 { return nil }
        values.append(nil)
      case 0x30...0x39:
        values[values.count - 1] = min((values[values.count - 1] ?? 0) * 10 + Int(byte & 0x0F), 1_000_000)
      default: return nil
      }
    }
    return values
  }

  /// The first parameter of a control sequence, or `value` where it is left out or no number.
  func first(default value: Int) -> Int { parameters?.first.flatMap { $0 } ?? value }
}
