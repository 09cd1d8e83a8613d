/// Escape sequences: ESC, intermediates, a final byte.
extension Parser {
  mutating func escape<Receiver: OperationReceiver>(
    _ bytes: Span<UInt8>, from start: Int, into receiver: inout Receiver
  ) -> Int {
    var index = start
    while index < bytes.count, state == .escape {
      let byte = bytes[index]
      // No escape sequence has such a byte: it is text, and the sequence is dropped.
      if byte >= 0x80 {
        state = .ground
        return index
      }
      index &+= 1
      escape(byte, into: &receiver)
    }
    return index
  }

  /// One byte after ESC.
  mutating func escape<Receiver: OperationReceiver>(_ byte: UInt8, into receiver: inout Receiver) {
    switch byte {
    case 0x1B: beginEscape()
    case 0x18, 0x1A: state = .ground
    case 0x00..<0x20: execute(byte, into: &receiver)
    case 0x20..<0x30: keepIntermediate(byte)
    case 0x7F: return
    default:
      state = .ground
      if intermediate == 0 {
        finalByte(byte, into: &receiver)
      } else {
        designation(byte, into: &receiver)
      }
    }
  }

  private mutating func finalByte<Receiver: OperationReceiver>(_ byte: UInt8, into receiver: inout Receiver) {
    switch byte {
    case UInt8(ascii: "["): beginControl()
    case UInt8(ascii: "]"): beginString(.operatingSystem)
    case UInt8(ascii: "P"): beginString(.deviceControl)
    case UInt8(ascii: "_"): beginString(.application)
    case UInt8(ascii: "^"): beginString(.privacy)
    case UInt8(ascii: "X"): beginString(.startOfString)
    case UInt8(ascii: "k"): beginString(.screenTitle)
    default:
      if let operation = Self.escapeOperation(byte) {
        receiver.perform(operation)
      } else {
        receiver.perform(.unknown(prefix: 0, intermediate: 0, final: byte))
      }
    }
  }

  private static func escapeOperation(_ byte: UInt8) -> Operation? {
    switch byte {
    case UInt8(ascii: "6"): .decbi
    case UInt8(ascii: "7"): .decsc
    case UInt8(ascii: "8"): .decrc
    case UInt8(ascii: "9"): .decfi
    case UInt8(ascii: "="): .decpam
    case UInt8(ascii: ">"): .decpnm
    case UInt8(ascii: "D"): .ind
    case UInt8(ascii: "E"): .nel
    case UInt8(ascii: "H"): .hts
    case UInt8(ascii: "M"): .ri
    case UInt8(ascii: "N"): .ss(2)
    case UInt8(ascii: "O"): .ss(3)
    case UInt8(ascii: "V"): .spa(true)
    case UInt8(ascii: "W"): .spa(false)
    case UInt8(ascii: "c"): .ris
    case UInt8(ascii: "n"): .ls(2)
    case UInt8(ascii: "o"): .ls(3)
    case UInt8(ascii: "|"): .lsr(3)
    case UInt8(ascii: "}"): .lsr(2)
    case UInt8(ascii: "~"): .lsr(1)
    default: nil
    }
  }

  /// ESC, an intermediate and a final byte: charsets (ISO 2022), and what DEC put beside them.
  private func designation<Receiver: OperationReceiver>(_ byte: UInt8, into receiver: inout Receiver) {
    switch (intermediate, byte) {
    case (UInt8(ascii: "#"), UInt8(ascii: "3")): receiver.perform(.lineSize(.doubleHeightTop))
    case (UInt8(ascii: "#"), UInt8(ascii: "4")): receiver.perform(.lineSize(.doubleHeightBottom))
    case (UInt8(ascii: "#"), UInt8(ascii: "5")): receiver.perform(.lineSize(.single))
    case (UInt8(ascii: "#"), UInt8(ascii: "6")): receiver.perform(.lineSize(.doubleWidth))
    case (UInt8(ascii: "#"), UInt8(ascii: "8")): receiver.perform(.decaln)
    case (0x28...0x2B, _):
      let charset: Charset =
        switch byte {
        case UInt8(ascii: "0"): .graphics
        case UInt8(ascii: "A"): .british
        default: .ascii
        }
      receiver.perform(.scs(slot: intermediate - 0x28, charset))
    // S7C1T, S8C1T, ANSI conformance levels, and the choice of UTF-8 (ESC % G): nothing to show.
    case (0x20, _), (UInt8(ascii: "%"), _): return
    default: receiver.perform(.unknown(prefix: 0, intermediate: intermediate, final: byte))
    }
  }
}
