/// What a piece of a terminal's output does to characters and cursor, as far as echo is concerned.
enum OutputToken: Equatable {
  /// A character; bytes that are no UTF-8 are 0x110000 above themselves.
  case glyph(UInt32)
  case lineFeed
  case carriageReturn
  case backspace
  case tab
  /// A control sequence (ECMA-48 §5.4) without its prefix: parameters left out are nil.
  case control(final: UInt8, isPrivate: Bool, parameters: [Int?])
  /// `ESC` and a final byte.
  case escape(UInt8)
}

/// Takes a terminal's output apart, in any portions. Strings (titles, device control) and what draws nothing are
/// passed over; memory is bounded.
struct OutputScanner {
  private enum State { case ground, escape, intermediate, control, string, stringEscape }

  private var state = State.ground
  /// Bytes of a character that is not whole.
  private var cut: [UInt8] = []
  private var parameters: [Int?] = []
  private var isPrivate = false

  /// Whether the next byte begins something new.
  var isAtRest: Bool { state == .ground && cut.isEmpty }

  /// Takes one byte and appends what it completes.
  mutating func scan(_ byte: UInt8, into tokens: inout [OutputToken]) {
    switch state {
    case .ground: ground(byte, into: &tokens)
    case .escape: escape(byte, into: &tokens)
    case .intermediate: if byte >= 0x30 { state = .ground }
    case .control: control(byte, into: &tokens)
    case .string:
      if byte == 0x07 || byte == 0x18 || byte == 0x1A { state = .ground }
      if byte == 0x1B { state = .stringEscape }
    case .stringEscape:
      state = .ground
      if byte != UInt8(ascii: "\\") { escape(byte, into: &tokens) }
    }
  }

  private mutating func ground(_ byte: UInt8, into tokens: inout [OutputToken]) {
    if !cut.isEmpty {
      cut.append(byte)
      switch UTF8Character(in: cut, at: 0) {
      case .cut: return
      case .whole(let value, _):
        cut = []
        return tokens.append(.glyph(value))
      case .broken:
        let broken = cut.dropLast()
        cut = []
        for byte in broken { tokens.append(.glyph(0x11_0000 + UInt32(byte))) }
      }
    }
    switch byte {
    case 0x20..<0x7F: tokens.append(.glyph(UInt32(byte)))
    case 0x08: tokens.append(.backspace)
    case 0x09: tokens.append(.tab)
    case 0x0A, 0x0B, 0x0C: tokens.append(.lineFeed)
    case 0x0D: tokens.append(.carriageReturn)
    case 0x1B: state = .escape
    case 0xC2...0xF4: cut = [byte]
    case 0x80...0xFF: tokens.append(.glyph(0x11_0000 + UInt32(byte)))
    default: break
    }
  }

  private mutating func escape(_ byte: UInt8, into tokens: inout [OutputToken]) {
    switch byte {
    case UInt8(ascii: "["):
      state = .control
      parameters = [nil]
      isPrivate = false
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"),
      UInt8(ascii: "k"):
      state = .string
    case 0x1B: state = .escape
    case 0x20..<0x30: state = .intermediate
    case 0x30..<0x7F:
      state = .ground
      tokens.append(.escape(byte))
    default:
      state = .ground
      ground(byte, into: &tokens)
    }
  }

  private mutating func control(_ byte: UInt8, into tokens: inout [OutputToken]) {
    switch byte {
    case 0x30...0x39:
      let last = parameters.count - 1
      parameters[last] = min((parameters[last] ?? 0) * 10 + Int(byte & 0x0F), 100_000)
    case UInt8(ascii: ";"), UInt8(ascii: ":"): if parameters.count < 32 { parameters.append(nil) }
    case 0x3C...0x3F: isPrivate = true
    case 0x20..<0x30: break
    case 0x40..<0x7F:
      state = .ground
      tokens.append(.control(final: byte, isPrivate: isPrivate, parameters: parameters))
    case 0x1B: state = .escape
    case 0x18, 0x1A: state = .ground
    case 0x08, 0x0A, 0x0D: ground(byte, into: &tokens)  // obeyed within a sequence
    default: if byte >= 0x80 { state = .ground }
    }
  }
}
