/// What a key press asks of the player.
enum PlayerKey: Equatable, Sendable {
  case pause
  case step
  case faster
  case slower
  case normalSpeed
  case nextMarker
  case forward
  case back
  case help
  case quit
  case interrupt
  case suspend
  /// A key without a meaning of its own; it closes the help.
  case other
}

/// Reads keys from the bytes a terminal in raw mode sends.
struct PlayerKeyDecoder {
  private var scanner = EscapeScanner()

  /// The keys that one read brought. A sequence that it leaves unfinished was the Escape key.
  mutating func keys(in bytes: [UInt8]) -> [PlayerKey] {
    var keys: [PlayerKey] = []
    for byte in bytes {
      switch scanner.scan(byte) {
      case .nothing: continue
      case .text(let byte): keys.append(Self.key(text: byte))
      case .pair: keys.append(.other)
      case .control(let byte): keys.append(Self.key(control: byte))
      case .sequence(let sequence): keys.append(Self.key(sequence))
      }
    }
    if !scanner.isAtRest {
      scanner = EscapeScanner()
      keys.append(.other)
    }
    return keys
  }

  private static func key(text byte: UInt8) -> PlayerKey {
    switch byte {
    case UInt8(ascii: " "): .pause
    case UInt8(ascii: "."): .step
    case UInt8(ascii: "+"), UInt8(ascii: "="): .faster
    case UInt8(ascii: "-"), UInt8(ascii: "_"): .slower
    case UInt8(ascii: "]"): .nextMarker
    case UInt8(ascii: "?"), UInt8(ascii: "h"): .help
    case UInt8(ascii: "q"): .quit
    default: .other
    }
  }

  private static func key(control byte: UInt8) -> PlayerKey {
    switch byte {
    case 0x03: .interrupt
    case 0x1A: .suspend
    case 0x08, 0x7F: .normalSpeed
    default: .other
    }
  }

  private static func key(_ sequence: EscapeSequence) -> PlayerKey {
    guard sequence.kind == .control, sequence.prefix == nil, sequence.contents.isEmpty else { return .other }
    return switch sequence.final {
    case UInt8(ascii: "A"): .faster
    case UInt8(ascii: "B"): .slower
    case UInt8(ascii: "C"): .forward
    case UInt8(ascii: "D"): .back
    default: .other
    }
  }
}
