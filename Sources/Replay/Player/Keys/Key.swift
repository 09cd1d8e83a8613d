/// A key of the viewer's keyboard, as a terminal sends it.
enum Key: Hashable, Sendable {
  case character(UnicodeScalar)
  case up, down, left, right
  case shiftLeft, shiftRight
  case controlUp, controlDown, controlLeft, controlRight
  case home, end, pageUp, pageDown
  case enter, tab, backspace, escape
  /// Control and a letter, in lower case.
  case control(UnicodeScalar)
  case other

  /// Names in the settings; a single character stands for itself.
  static let names: [(String, Key)] = [
    ("space", .character(" ")), ("up", .up), ("down", .down), ("left", .left), ("right", .right),
    ("shift-left", .shiftLeft), ("shift-right", .shiftRight), ("ctrl-up", .controlUp),
    ("ctrl-down", .controlDown), ("ctrl-left", .controlLeft), ("ctrl-right", .controlRight),
    ("home", .home), ("end", .end), ("page-up", .pageUp), ("page-down", .pageDown), ("enter", .enter),
    ("tab", .tab), ("backspace", .backspace), ("escape", .escape), ("comma", .character(",")),
    ("equals", .character("=")),
  ]

  /// The key that a word of the settings names: one character, `ctrl-x`, or one of `names`.
  init?(named name: String) {
    if let known = Self.names.first(where: { $0.0 == name }) {
      self = known.1
    } else if name.unicodeScalars.count == 1, let scalar = name.unicodeScalars.first, scalar.value > 0x20 {
      self = .character(scalar)
    } else if name.hasPrefix("ctrl-"), name.unicodeScalars.count == 6, let scalar = name.unicodeScalars.last {
      self = .control(scalar)
    } else {
      return nil
    }
  }

  /// As help shows it.
  var name: String {
    switch self {
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    case .shiftLeft: "Shift ←"
    case .shiftRight: "Shift →"
    case .controlUp: "Ctrl ↑"
    case .controlDown: "Ctrl ↓"
    case .controlLeft: "Ctrl ←"
    case .controlRight: "Ctrl →"
    case .control(let scalar): "Ctrl-\(Character(scalar).uppercased())"
    default:
      if let known = Self.names.first(where: { $0.1 == self }), self != .character(","),
        self != .character("=")
      {
        known.0
      } else if case .character(let scalar) = self {
        String(scalar)
      } else {
        "?"
      }
    }
  }
}

/// Reads keys from the bytes that a terminal in raw mode sends.
struct KeyDecoder {
  private var scanner = EscapeScanner()
  private var utf8: [UInt8] = []

  /// The keys that one read brought. A sequence that it leaves unfinished was the Escape key.
  mutating func keys(in bytes: [UInt8]) -> [Key] {
    var keys: [Key] = []
    for byte in bytes {
      switch scanner.scan(byte) {
      case .nothing: continue
      case .text(let byte): appendText(byte, to: &keys)
      case .pair(let first, let second):
        appendText(first, to: &keys)
        appendText(second, to: &keys)
      case .control(let byte): keys.append(Self.key(control: byte))
      case .sequence(let sequence): keys.append(Self.key(sequence))
      }
    }
    if !scanner.isAtRest {
      scanner = EscapeScanner()
      keys.append(.escape)
    }
    return keys
  }

  private mutating func appendText(_ byte: UInt8, to keys: inout [Key]) {
    if byte < 0x80 {
      utf8.removeAll()
      keys.append(.character(UnicodeScalar(byte)))
      return
    }
    utf8.append(byte)
    let text = String(decoding: utf8, as: UTF8.self)
    if let scalar = text.unicodeScalars.first, scalar != "\u{FFFD}" {
      keys.append(.character(scalar))
      utf8.removeAll()
    } else if utf8.count >= 4 {
      utf8.removeAll()
      keys.append(.other)
    }
  }

  private static func key(control byte: UInt8) -> Key {
    switch byte {
    case 0x08, 0x7F: .backspace
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x01...0x1A: .control(UnicodeScalar(byte + 0x60))
    default: .other
    }
  }

  private static func key(_ sequence: EscapeSequence) -> Key {
    guard sequence.kind == .control, sequence.prefix == nil else { return .other }
    let parameters = String(decoding: sequence.contents, as: UTF8.self)
    let isShifted = parameters == "1;2"
    let isControl = parameters == "1;5" || parameters == "1;3"
    switch sequence.final {
    case UInt8(ascii: "A"): return isControl ? .controlUp : .up
    case UInt8(ascii: "B"): return isControl ? .controlDown : .down
    case UInt8(ascii: "C"): return isShifted ? .shiftRight : isControl ? .controlRight : .right
    case UInt8(ascii: "D"): return isShifted ? .shiftLeft : isControl ? .controlLeft : .left
    case UInt8(ascii: "H"): return .home
    case UInt8(ascii: "F"): return .end
    case UInt8(ascii: "~"):
      switch parameters {
      case "1", "7": return .home
      case "4", "8": return .end
      case "5": return .pageUp
      case "6": return .pageDown
      default: return .other
      }
    default: return .other
    }
  }
}
