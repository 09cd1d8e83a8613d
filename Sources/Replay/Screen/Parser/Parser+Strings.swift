/// Control strings: OSC, DCS, APC, PM, SOS and screen's title. BEL ends an OSC and a title, ST ends all, CAN and SUB
/// abort, ESC aborts and begins anew.
extension Parser {
  mutating func string<Receiver: OperationReceiver>(
    _ bytes: Span<UInt8>, from start: Int, into receiver: inout Receiver
  ) -> Int {
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      switch state {
      case .stringEscape:
        index += 1
        if byte == 0x5C {
          finishString(into: &receiver)
        } else if byte == 0x1B, isTmux {
          // Each ESC of what tmux passes through came twice.
          keep([byte])
          state = .string
          continue
        } else {
          releasePayload()
          beginEscape()
          // What follows is no string any more; a byte of text is left to it.
          if byte >= 0x80 {
            state = .ground
            return index - 1
          }
          escape(byte, into: &receiver)
        }
        return index
      case .stringLead:
        state = .string
        if byte == 0x9C {
          finishString(into: &receiver)
          return index + 1
        }
        keep([0xC2])
      default:
        let end = ByteScanner.endOfPayload(in: bytes, from: index)
        if end > index { keep(bytes, index..<end) }
        guard end < bytes.count else { return end }
        index = end + 1
        guard terminator(bytes[end], into: &receiver) else { return index }
      }
    }
    return index
  }

  /// A control in a string; false: the string is over.
  private mutating func terminator<Receiver: OperationReceiver>(
    _ byte: UInt8, into receiver: inout Receiver
  ) -> Bool {
    switch byte {
    case 0x1B: state = .stringEscape
    case 0xC2: state = .stringLead
    case 0x18, 0x1A:
      state = .ground
      releasePayload()
      return false
    case 0x07 where stringKind == .operatingSystem || stringKind == .screenTitle:
      finishString(into: &receiver)
      return false
    // No title has a line break: this one was never ended, and must not swallow the text that follows.
    case _ where stringKind == .screenTitle:
      state = .ground
      releasePayload()
      execute(byte, into: &receiver)
      return false
    case _ where stringKind == .deviceControl: keep([byte])
    default: return true
    }
    return true
  }

  private mutating func keep(_ bytes: [UInt8]) { keep(bytes.span, 0..<bytes.count) }

  private mutating func keep(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    let room = Self.payloadLimit - payload.count
    if range.count > room { isPayloadCut = true }
    if room > 0 {
      ByteScanner.append(bytes, range.lowerBound..<range.lowerBound + min(room, range.count), to: &payload)
    }
  }

  private mutating func finishString<Receiver: OperationReceiver>(into receiver: inout Receiver) {
    state = .ground
    if isTmux {
      if unwrapsTmux { unwrap(into: &receiver) }
    } else {
      receiver.perform(ControlString(kind: stringKind, payload: payload, isCut: isPayloadCut))
    }
    releasePayload()
  }

  private var isTmux: Bool { stringKind == .deviceControl && payload.starts(with: "tmux;".utf8) }

  /// Reads a string that tmux would pass through, as a stream of its own. Each level of nesting doubles its ESCs, so
  /// that there are few.
  private func unwrap<Receiver: OperationReceiver>(into receiver: inout Receiver) {
    var inner = Parser()
    inner.unwrapsTmux = true
    let stream = payload.dropFirst(5)
    inner.parse(stream.span, into: &receiver)
  }

  private mutating func releasePayload() {
    isPayloadCut = false
    if payload.capacity > 1 << 16 { payload = [] } else { payload.removeAll(keepingCapacity: true) }
  }
}
