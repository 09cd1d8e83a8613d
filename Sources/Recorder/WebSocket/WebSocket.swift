import Platform

/// One end of a WebSocket connection after its upgrade (RFC 6455): bytes in, messages and bytes out.
///
/// Pings are answered, fragments put together, the closing handshake is played, and whatever a peer does
/// wrong ends the connection with the close code that says so. The loop sends what `takeOutgoing()` gives,
/// and shuts the stream down once that is sent and `isFinished`.
struct WebSocket: Sendable {
  /// What the peer did.
  enum Happening: Equatable, Sendable {
    /// A whole message, checked to be UTF-8.
    case text([UInt8])
    case binary([UInt8])
    /// The pong is queued already.
    case ping([UInt8])
    case pong([UInt8])
    /// The peer closes, or answers our close; no code where it gave none. Always the last happening.
    case closed(code: UInt16?, reason: String)
    /// The peer broke the protocol and is told so by a close frame. Always the last happening.
    case failed(WebSocketError)
  }

  private enum State: Sendable {
    case open
    /// Our close frame is queued, the peer's is awaited.
    case closing
    case finished
  }

  private let limits: Limits
  private var decoder: FrameDecoder
  private var encoder: FrameEncoder
  private var state = State.open
  private var outgoing: [UInt8] = []
  /// The message whose fragments are arriving: text or binary.
  private var messageKind: Opcode?
  private var message: [UInt8] = []
  private var textChecker = UTF8Checker()
  private var controlPayload: [UInt8] = []

  /// - Parameter random: the source of a client's masking keys; a server draws nothing from it.
  init(
    role: Role, limits: Limits = Limits(),
    random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) {
    self.limits = limits
    decoder = FrameDecoder(role: role, limits: limits)
    encoder = FrameEncoder(role: role, random: random)
  }

  /// Whether messages can still be sent.
  var isOpen: Bool { state == .open }

  /// Whether nothing more will be taken from the peer: both sides have closed, or the peer broke the rules.
  var isFinished: Bool { state == .finished }

  /// Whether `takeOutgoing()` has something to send.
  var hasOutgoing: Bool { !outgoing.isEmpty }

  /// Bytes that wait to be taken by `takeOutgoing()`.
  var outgoingByteCount: Int { outgoing.count }

  /// The bytes to send to the peer since the last call.
  mutating func takeOutgoing() -> [UInt8] {
    guard !outgoing.isEmpty else { return [] }
    var taken: [UInt8] = []
    swap(&taken, &outgoing)
    return taken
  }

  /// Sends a message in one frame; nothing once the connection is closing.
  mutating func send(binary message: [UInt8]) { send(.binary, message) }

  /// Sends a text message, which must be UTF-8; nothing once the connection is closing.
  mutating func send(text message: [UInt8]) { send(.text, message) }

  /// Sends a ping with at most 125 bytes, which the pong will repeat; nothing once the connection is closing.
  mutating func ping(_ payload: [UInt8] = []) {
    precondition(payload.count <= Self.maximumControlByteCount)
    send(.ping, payload)
  }

  /// Begins the closing handshake; without effect once the connection is closing.
  /// - Parameters:
  ///   - code: one that `CloseCode.isSendable` knows; nil for a close frame without one.
  ///   - reason: cut after 123 bytes, whole characters.
  mutating func close(code: UInt16? = CloseCode.normal, reason: String = "") {
    guard state == .open else { return }
    sendClose(code, reason)
    state = .closing
  }

  private mutating func send(_ opcode: Opcode, _ payload: [UInt8]) {
    guard state == .open else { return }
    encoder.append(opcode, payload: payload, to: &outgoing)
  }

  private mutating func sendClose(_ code: UInt16?, _ reason: String) {
    var payload: [UInt8] = []
    if let code {
      payload = [UInt8(code >> 8), UInt8(code & 0xFF)]
      for scalar in reason.unicodeScalars {
        let bytes = Array(String(Character(scalar)).utf8)
        if payload.count + bytes.count > Self.maximumControlByteCount { break }
        payload += bytes
      }
    }
    encoder.append(.close, payload: payload, to: &outgoing)
  }
}

extension WebSocket {
  /// Takes bytes as they come from the stream and tells what they brought, in order.
  ///
  /// Text that is no UTF-8 and messages over the limit fail at the byte that decides it. Bytes behind a close
  /// frame or a failure are dropped.
  mutating func receive(_ bytes: [UInt8]) -> [Happening] {
    var happenings: [Happening] = []
    var position = 0
    do throws(WebSocketError) {
      while state != .finished, let part = try decoder.next(in: bytes, at: &position) {
        let happening =
          part.header.opcode.isControl ? try takeControl(part, bytes) : try takeData(part, bytes)
        if let happening { happenings.append(happening) }
      }
    } catch {
      if state == .open { sendClose(error.closeCode, "") }
      finish()
      happenings.append(.failed(error))
    }
    return happenings
  }

  private mutating func finish() {
    state = .finished
    message = []
    controlPayload = []
  }

  private mutating func takeData(
    _ part: FrameDecoder.Part, _ bytes: [UInt8]
  ) throws(WebSocketError) -> Happening? {
    if part.isFirst { try beginFrame(part.header) }
    let start = message.count
    if start == 0 && part.isLast && part.header.isFinal {
      // The usual case, a message in one piece: no growing, one copy.
      message = Array(bytes[part.payload])
    } else {
      message += bytes[part.payload]
    }
    if let key = part.header.maskingKey { message.mask(with: key, from: start, phase: part.offset) }
    let isText = messageKind == .text
    if isText, let wrong = textChecker.check(message, from: start) { throw .invalidText(offset: wrong) }
    guard part.isLast && part.header.isFinal else { return nil }
    if isText && !textChecker.isComplete { throw .invalidText(offset: message.count) }
    messageKind = nil
    var whole: [UInt8] = []
    swap(&whole, &message)
    return isText ? .text(whole) : .binary(whole)
  }

  /// Checks that a data frame may come now, and that its message stays within the limit (§5.4).
  private mutating func beginFrame(_ header: FrameHeader) throws(WebSocketError) {
    if header.opcode == .continuation {
      if messageKind == nil { throw .unexpectedContinuation }
      let whole = message.count + header.payloadByteCount
      if whole > limits.messageByteCount {
        throw .messageTooLarge(byteCount: whole, limit: limits.messageByteCount)
      }
    } else {
      if messageKind != nil { throw .interruptedMessage(by: header.opcode) }
      messageKind = header.opcode
      textChecker = UTF8Checker()
    }
  }

  private mutating func takeControl(
    _ part: FrameDecoder.Part, _ bytes: [UInt8]
  ) throws(WebSocketError) -> Happening? {
    let start = controlPayload.count
    controlPayload += bytes[part.payload]
    if let key = part.header.maskingKey { controlPayload.mask(with: key, from: start, phase: part.offset) }
    guard part.isLast else { return nil }
    var payload: [UInt8] = []
    swap(&payload, &controlPayload)
    switch part.header.opcode {
    case .ping:
      send(.pong, payload)
      return .ping(payload)
    case .pong: return .pong(payload)
    default: return try takeClose(payload)
    }
  }

  /// Answers a close frame with its own code and ends the connection (§5.5.1).
  private mutating func takeClose(_ payload: [UInt8]) throws(WebSocketError) -> Happening {
    if payload.count == 1 { throw .cutCloseCode }
    var code: UInt16?
    if payload.count >= 2 {
      let found = UInt16(payload[0]) << 8 | UInt16(payload[1])
      guard CloseCode.isSendable(found) else { throw .invalidCloseCode(found) }
      code = found
    }
    var checker = UTF8Checker()
    if payload.count > 2 {
      let wrong = checker.check(payload, from: 2)
      guard wrong == nil, checker.isComplete else { throw .invalidCloseReason }
    }
    if state == .open { sendClose(code, "") }
    finish()
    return .closed(code: code, reason: String(decoding: payload.dropFirst(2), as: UTF8.self))
  }
}
