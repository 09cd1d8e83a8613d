/// Text, and the controls between it.
extension Parser {
  /// Reads up to the next escape; returns the index of the first byte not read.
  mutating func ground<Receiver: OperationReceiver>(
    _ bytes: Span<UInt8>, from start: Int, into receiver: inout Receiver
  ) -> Int {
    var index = start
    let count = bytes.count
    while index < count {
      let byte = bytes[index]
      if missing == 0 {
        if byte >= 0x20 {
          if byte < 0x7F {
            let end = ByteScanner.endOfPrintable(in: bytes, from: index &+ 1)
            receiver.print(bytes, index..<end)
            index = end
            continue
          }
          if byte == 0x7F {
            index &+= 1
            continue
          }
        } else if byte == 0x1B {
          index &+= 1
          // Control sequences are most of all escapes: straight to them.
          if index < count, bytes[index] == 0x5B {
            beginControl()
            return control(bytes, from: index &+ 1, into: &receiver)
          }
          beginEscape()
          return index
        } else {
          // After one line there are often more.
          if byte == 0x0A, index &+ 1 < count, bytes[index &+ 1] &- 0x20 < 0x5F {
            let end = receiver.printLines(bytes, from: index)
            if end > index {
              index = end
              continue
            }
          }
          execute(byte, into: &receiver)
          index &+= 1
          continue
        }
        if byte >= 0xC2 {
          let end = receiver.printText(bytes, from: index)
          if end > index {
            index = end
            continue
          }
        }
      }
      index = character(bytes, from: index, into: &receiver)
      if state != .ground { return index }
    }
    return index
  }

  /// Reads one character outside ASCII, or what is left of one, or its malformed part (Unicode §3.9, "maximal
  /// subpart": one U+FFFD for each).
  @inline(__always)
  private mutating func character<Receiver: OperationReceiver>(
    _ bytes: Span<UInt8>, from start: Int, into receiver: inout Receiver
  ) -> Int {
    var index = start
    if missing == 0 {
      guard begin(bytes[index]) else {
        receiver.print(0xFFFD)
        return index &+ 1
      }
      index &+= 1
    }
    while index < bytes.count {
      let byte = bytes[index]
      guard byte >= lowerBound, byte <= upperBound else {
        missing = 0
        receiver.print(0xFFFD)
        return index
      }
      index &+= 1
      scalar = scalar << 6 | UInt32(byte & 0x3F)
      lowerBound = 0x80
      upperBound = 0xBF
      missing &-= 1
      if missing == 0 {
        if scalar >= 0xA0 {
          receiver.print(scalar)
        } else {
          // A C1 control that came as UTF-8 does what ESC and the byte 0x40 below it do, as in xterm.
          beginEscape()
          escape(UInt8(truncatingIfNeeded: scalar &- 0x40), into: &receiver)
        }
        return index
      }
    }
    return index
  }

  /// Takes the first byte of a character (Unicode table 3-7); false: none begins so.
  @inline(__always)
  private mutating func begin(_ byte: UInt8) -> Bool {
    lowerBound = 0x80
    upperBound = 0xBF
    switch byte {
    case 0xC2...0xDF:
      missing = 1
      scalar = UInt32(byte & 0x1F)
    case 0xE0...0xEF:
      missing = 2
      scalar = UInt32(byte & 0x0F)
      if byte == 0xE0 { lowerBound = 0xA0 }
      if byte == 0xED { upperBound = 0x9F }
    case 0xF0...0xF4:
      missing = 3
      scalar = UInt32(byte & 0x07)
      if byte == 0xF0 { lowerBound = 0x90 }
      if byte == 0xF4 { upperBound = 0x8F }
    default: return false
    }
    return true
  }
}
