/// Tells the bytes of a terminal's stream that are text from those that only steer it: what is searched for secrets
/// is the text. Any portions; one number of state.
struct VisibleScanner {
  enum Piece {
    case text
    /// Ends a line.
    case lineEnd
    /// A control character or a part of an escape sequence.
    case control
    /// A part of a title or another string that a terminal keeps or ignores: it may hold text that is not shown.
    case hidden
  }

  private enum State { case ground, escape, intermediate, control, string, stringEscape }

  private var state = State.ground
  /// Return ends a line too: what is typed has no line feeds.
  let endsAtReturn: Bool

  init(endsAtReturn: Bool) { self.endsAtReturn = endsAtReturn }

  mutating func scan(_ byte: UInt8) -> Piece {
    switch state {
    case .ground: return ground(byte)
    case .escape: return escape(byte)
    case .intermediate:
      if byte >= 0x30 { state = .ground }
      return .control
    case .control:
      if 0x40..<0x7F ~= byte || byte == 0x18 || byte == 0x1A { state = .ground }
      if byte == 0x1B { state = .escape }
      return .control
    case .string:
      if byte == 0x07 || byte == 0x18 || byte == 0x1A { state = .ground }
      if byte == 0x1B { state = .stringEscape }
      return state == .string ? .hidden : .control
    case .stringEscape:
      state = .ground
      return byte == UInt8(ascii: "\\") ? .control : escape(byte)
    }
  }

  private mutating func ground(_ byte: UInt8) -> Piece {
    switch byte {
    case 0x0A: return .lineEnd
    case 0x0D: return endsAtReturn ? .lineEnd : .control
    case 0x1B:
      state = .escape
      return .control
    case 0x20..<0x7F, 0x80...0xFF: return .text
    default: return .control
    }
  }

  private mutating func escape(_ byte: UInt8) -> Piece {
    switch byte {
    case UInt8(ascii: "["): state = .control
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
      state = .string
    case 0x1B: state = .escape
    case 0x20..<0x30: state = .intermediate
    default: state = .ground
    }
    return .control
  }
}
