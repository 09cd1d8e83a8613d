/// The service's end of one connection as a machine: TLS if the client begins with it, HTTP, and after an
/// upgrade WebSocket. Bytes in; what the client asks for, and bytes to send, out.
///
/// A client that breaks a protocol is told so in that protocol, and `isEnding` becomes true.
struct AgentStream {
  enum Event: Equatable {
    /// To be answered with `answer` or `upgrade` before the next event is asked for.
    case request(HTTPRequest)
    case message([UInt8])
    /// The client has left or broke the protocol. The last event.
    case ended
  }

  /// A ClientHello is a handshake record (RFC 8446 §5.1); no HTTP method begins with this byte.
  private static let handshakeRecord: UInt8 = 0x16
  private static let limits = WebSocket.Limits(messageByteCount: 256 << 10)

  private let context: TLSContext
  private var hasBegun = false
  private var tls: TLSEngine?
  private var http = HTTPRequestParser(limits: Service.limits)
  private var hasSaidContinue = false
  /// No part of a request has come since the last whole one.
  private(set) var isIdle = true
  private var webSocket: WebSocket?
  private var happenings: [WebSocket.Happening] = []
  private var nextHappening = 0
  /// Bytes for the client before encryption, other than WebSocket's.
  private var plaintext: [UInt8] = []
  private var inputHasEnded = false
  private var hasToldEnd = false
  /// Nothing more is taken from the client: send what waits, then close.
  private(set) var isEnding = false
  /// Both sides have sent their close frames: the client waits for nothing more.
  private(set) var hasClosedInOrder = false

  init(_ context: TLSContext) { self.context = context }

  var isWebSocket: Bool { webSocket != nil }

  /// Bytes that wait for `takeOutgoing()`.
  var pendingByteCount: Int { plaintext.count + (webSocket?.outgoingByteCount ?? 0) }

  mutating func receive(_ bytes: [UInt8]) {
    guard !isEnding, let first = bytes.first else { return }
    do throws(TLSError) {
      if !hasBegun, first == Self.handshakeRecord { tls = try TLSEngine(server: context) }
      hasBegun = true
      guard let tls else { return take(bytes) }
      try tls.receive(bytes)
      take(tls.takePlaintext())
      if tls.isClosed { receiveEnd() }
    } catch {
      isEnding = true  // the alert that says why is in the engine's ciphertext
    }
  }

  /// The client sends no more. A request that is whole by now is still answered.
  mutating func receiveEnd() {
    inputHasEnded = true
    if isWebSocket { isEnding = true }
  }

  private mutating func take(_ plaintext: [UInt8]) {
    guard !plaintext.isEmpty else { return }
    if let arrived = webSocket?.receive(plaintext) {
      happenings += arrived
    } else {
      http.append(plaintext)
      isIdle = false
    }
  }

  /// What the client asks for next; nil where more bytes are needed.
  mutating func nextEvent() -> Event? {
    if isWebSocket {
      while nextHappening < happenings.count {
        let happening = happenings[nextHappening]
        nextHappening += 1
        switch happening {
        case .text(let message), .binary(let message): return .message(message)
        case .ping, .pong: continue
        case .closed: (isEnding, hasClosedInOrder) = (true, true)
        case .failed: isEnding = true
        }
      }
      happenings.removeAll(keepingCapacity: true)
      nextHappening = 0
    } else if !isEnding {
      if let request = nextRequest() { return .request(request) }
      if inputHasEnded { isEnding = true }
    }
    guard isEnding, !hasToldEnd else { return nil }
    hasToldEnd = true
    return .ended
  }

  private mutating func nextRequest() -> HTTPRequest? {
    do throws(HTTPError) {
      let request = try http.next()
      if request != nil {
        hasSaidContinue = false
        isIdle = true
      } else if http.awaitsContinue, !hasSaidContinue {
        hasSaidContinue = true
        plaintext += Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
      }
      return request
    } catch {
      let status =
        switch error {
        case .bodyTooLarge: 413
        case .lineTooLong, .tooManyFields: 431
        default: 400
        }
      answer(Self.plain(status, error.description), keepingAlive: false)
      return nil
    }
  }

  /// An answer for people who came to the wrong door.
  static func plain(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(
      status: status, fields: ["Content-Type": "text/plain; charset=utf-8"], body: Array("\(text)\n".utf8))
  }

  mutating func answer(_ response: HTTPResponse, keepingAlive: Bool) {
    var response = response
    if !keepingAlive {
      response.fields["Connection"] = "close"
      isEnding = true
    }
    plaintext += response.encoded()
  }

  /// Answers an upgrade; from here on the connection carries messages.
  mutating func upgrade(_ response: HTTPResponse) {
    plaintext += response.encoded()
    webSocket = WebSocket(role: .server, limits: Self.limits)
    take(http.takeLeftover())
  }

  /// Sends one message; nothing once the connection is closing.
  mutating func send(_ message: [UInt8]) { webSocket?.send(binary: message) }

  mutating func ping(_ payload: [UInt8]) { webSocket?.ping(payload) }

  /// Begins to close with a code and words; messages that are still to come are not taken.
  mutating func close(code: UInt16, reason: String) {
    webSocket?.close(code: code, reason: reason)
  }

  /// Whether the client has answered our close, or the connection ends for another reason.
  var isFinished: Bool { isEnding || webSocket?.isFinished == true }

  /// The bytes to send to the client since the last call.
  mutating func takeOutgoing() -> [UInt8] {
    var bytes: [UInt8] = []
    swap(&bytes, &plaintext)
    if let messages = webSocket?.takeOutgoing() {
      bytes = bytes.isEmpty ? messages : bytes + messages
    }
    guard let tls else { return bytes }
    do throws(TLSError) {
      if !bytes.isEmpty { try tls.send(bytes) }
      return tls.takeCiphertext()
    } catch {
      isEnding = true
      return tls.takeCiphertext()
    }
  }

  /// TLS's own end mark, before the connection is closed.
  mutating func finish() { tls?.close() }
}
