/// A terminal's byte stream taken apart: Paul Williams' machine for DEC terminals (vt100.net/emu/dec_ansi_parser) over
/// UTF-8, which is decoded between sequences only.
///
/// All state is in the parser: however the stream is divided, the same operations come out. Memory is bounded by
/// `payloadLimit` and `Parameters.limit`.
struct Parser: Sendable {
  /// Bytes of a control string beyond this are dropped; the string is still read to its end.
  static let payloadLimit = 1 << 20

  enum State: UInt8, Sendable {
    case ground
    case escape
    /// In a control sequence, before its first parameter byte.
    case controlEntry
    case control
    /// In a control sequence that breaks the syntax: read to its final byte and dropped.
    case controlIgnore
    case string
    /// In a string, after ESC: `\` ends it, anything else aborts it.
    case stringEscape
    /// In a string, after 0xC2: 0x9C ends it (U+009C, ST).
    case stringLead
  }

  var state = State.ground
  /// `<`, `=`, `>` or `?` before the parameters of a control sequence; 0: none.
  var prefix: UInt8 = 0
  /// The last intermediate byte; 0: none. With more than one, no sequence is known: 0xFF.
  var intermediate: UInt8 = 0
  var parameters = Parameters()
  /// The parameter being read, and whether it has begun.
  var value: UInt32 = 0
  var hasValue = false
  var isAfterColon = false

  var stringKind = ControlString.Kind.operatingSystem
  var payload: [UInt8] = []
  /// Whether what tmux would pass through to the terminal outside of it (`DCS tmux; …`) is obeyed. A choice of who
  /// looks: in no keyframe.
  var unwrapsTmux = false
  var isPayloadCut = false

  /// The unfinished UTF-8 sequence: bytes still missing, bits so far, bounds of the next byte.
  var missing: UInt8 = 0
  var scalar: UInt32 = 0
  var lowerBound: UInt8 = 0x80
  var upperBound: UInt8 = 0xBF

  /// Whether the stream stands between two sequences and two characters.
  var isAtRest: Bool { state == .ground && missing == 0 }

  /// Takes the next bytes of the stream.
  mutating func parse<Receiver: OperationReceiver>(_ bytes: Span<UInt8>, into receiver: inout Receiver) {
    var index = 0
    while index < bytes.count {
      switch state {
      case .ground: index = ground(bytes, from: index, into: &receiver)
      case .escape: index = escape(bytes, from: index, into: &receiver)
      case .controlEntry, .control, .controlIgnore: index = control(bytes, from: index, into: &receiver)
      case .string, .stringEscape, .stringLead: index = string(bytes, from: index, into: &receiver)
      }
    }
  }

  /// A C0 control, other than those that change the state.
  @inline(__always)
  func execute<Receiver: OperationReceiver>(_ byte: UInt8, into receiver: inout Receiver) {
    switch byte {
    case 0x0A, 0x0B, 0x0C: receiver.lineFeed()
    case 0x0D: receiver.perform(.cr)
    case 0x08: receiver.perform(.bs)
    case 0x09: receiver.perform(.ht)
    case 0x07: receiver.perform(.bel)
    case 0x0E: receiver.perform(.ls(1))
    case 0x0F: receiver.perform(.ls(0))
    default: return
    }
  }

  mutating func beginEscape() {
    state = .escape
    prefix = 0
    intermediate = 0
  }

  @inline(__always)
  mutating func beginControl() {
    state = .controlEntry
    prefix = 0
    intermediate = 0
    parameters.removeAll()
    value = 0
    hasValue = false
    isAfterColon = false
  }

  mutating func beginString(_ kind: ControlString.Kind) {
    state = .string
    stringKind = kind
    payload.removeAll(keepingCapacity: true)
    isPayloadCut = false
  }

  @inline(__always)
  mutating func keepIntermediate(_ byte: UInt8) { intermediate = intermediate == 0 ? byte : 0xFF }
}

extension Parser: Equatable {
  /// Equal where both go on alike: what is left over from a finished sequence does not count.
  static func == (left: Parser, right: Parser) -> Bool {
    guard left.state == right.state, left.missing == right.missing else { return false }
    let isSameCharacter =
      left.missing == 0
      || left.scalar == right.scalar && left.lowerBound == right.lowerBound
        && left.upperBound == right.upperBound
    switch left.state {
    case .ground: return isSameCharacter
    case .escape: return left.intermediate == right.intermediate
    case .controlEntry, .control, .controlIgnore:
      return left.prefix == right.prefix && left.intermediate == right.intermediate
        && left.parameters == right.parameters && left.value == right.value && left.hasValue == right.hasValue
        && left.isAfterColon == right.isAfterColon
    case .string, .stringEscape, .stringLead:
      return left.stringKind == right.stringKind && left.payload == right.payload
        && left.isPayloadCut == right.isPayloadCut
    }
  }
}
