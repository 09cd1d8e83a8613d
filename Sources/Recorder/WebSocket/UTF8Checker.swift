/// Checks UTF-8 that arrives in pieces and says at once which byte can no longer be part of it (RFC 3629 §4).
struct UTF8Checker: Equatable, Sendable {
  /// Continuation bytes still missing from the current character.
  private var missing = 0
  /// What the next continuation byte may be; narrower than 80...BF after E0, ED, F0 and F4.
  private var lowest: UInt8 = 0x80
  private var highest: UInt8 = 0xBF

  /// Whether the text so far does not end inside a character.
  var isComplete: Bool { missing == 0 }

  /// Takes the bytes from `start` on.
  /// - Returns: the index of the first byte that is wrong; nil where there is none.
  mutating func check(_ bytes: [UInt8], from start: Int = 0) -> Int? {
    for index in start..<bytes.count {
      let byte = bytes[index]
      if missing == 0 {
        if byte >= 0x80 && !begin(byte) { return index }
      } else {
        guard byte >= lowest && byte <= highest else { return index }
        missing -= 1
        lowest = 0x80
        highest = 0xBF
      }
    }
    return nil
  }

  private mutating func begin(_ byte: UInt8) -> Bool {
    switch byte {
    case 0xC2...0xDF: missing = 1
    case 0xE0...0xEF: missing = 2
    case 0xF0...0xF4: missing = 3
    default: return false
    }
    // No overlong forms, no surrogates, nothing past U+10FFFF.
    switch byte {
    case 0xE0: lowest = 0xA0
    case 0xED: highest = 0x9F
    case 0xF0: lowest = 0x90
    case 0xF4: highest = 0x8F
    default: break
    }
    return true
  }
}
