import Testing

@testable import Recorder

@Suite struct WebSocketTests {
  /// A frame from a server, in the clear, or from a client, masked with zeros.
  static func frame(_ opening: UInt8, _ payload: [UInt8], masked: Bool = false) -> [UInt8] {
    precondition(payload.count < 126)
    let mask: [UInt8] = masked ? [0, 0, 0, 0] : []
    return [opening, UInt8(payload.count) | (masked ? 0x80 : 0)] + mask + payload
  }

  static func closeFrame(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
    frame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason)
  }

  /// The code in the one close frame that a server has queued; nil where it queued anything else.
  static func closeCode(_ bytes: [UInt8]) -> UInt16? {
    bytes.count >= 4 && bytes[0] == 0x88 && bytes.count == Int(bytes[1]) + 2
      ? UInt16(bytes[2]) << 8 | UInt16(bytes[3]) : nil
  }

  static func client() -> WebSocket { WebSocket(role: .client, random: WireRandom(seed: 1)) }

  static func receive(_ bytes: [UInt8], byteByByte: Bool) -> [WebSocket.Happening] {
    var socket = client()
    return byteByByte ? bytes.flatMap { socket.receive([$0]) } : socket.receive(bytes)
  }

  @Test func putsFragmentsTogetherAroundControlFrames() {
    let bytes =
      Self.frame(0x01, Array("Hel".utf8)) + Self.frame(0x89, Array("p".utf8)) + Self.frame(0x00, [])
      + Self.frame(0x8A, []) + Self.frame(0x80, Array("lo".utf8)) + Self.frame(0x82, [0xFF])
      + Self.frame(0x82, [])
    let happenings: [WebSocket.Happening] = [
      .ping(Array("p".utf8)), .pong([]), .text(Array("Hello".utf8)), .binary([0xFF]), .binary([]),
    ]
    #expect(Self.receive(bytes, byteByByte: false) == happenings)
    #expect(Self.receive(bytes, byteByByte: true) == happenings)
  }

  @Test func protocolErrorsEndTheConnectionWithTheirCode() {
    let cases: [(bytes: [UInt8], error: WebSocketError, code: UInt16)] = [
      (Self.frame(0x80, [1]), .unexpectedContinuation, 1002),
      (Self.frame(0x00, []), .unexpectedContinuation, 1002),
      (Self.frame(0x01, [0x61]) + Self.frame(0x81, [0x61]), .interruptedMessage(by: .text), 1002),
      (Self.frame(0x02, [0x61]) + Self.frame(0x02, [0x61]), .interruptedMessage(by: .binary), 1002),
      (Self.frame(0x82, [1]) + Self.frame(0x80, [1]), .unexpectedContinuation, 1002),
      (Self.frame(0x81, [0x61, 0xFF]), .invalidText(offset: 1), 1007),
      (Self.frame(0x81, [0x61, 0xC3]), .invalidText(offset: 2), 1007),
      (Self.frame(0x01, [0x61, 0xC3]) + Self.frame(0x80, [0x61]), .invalidText(offset: 2), 1007),
      (Self.frame(0x88, [3]), .cutCloseCode, 1002),
      (Self.closeFrame(1000, [0xC0]), .invalidCloseReason, 1007),
      (Self.closeFrame(1000, [0xC3]), .invalidCloseReason, 1007),
      ([0xC1], .reservedBits(4), 1002), ([0x83], .reservedOpcode(3), 1002),
    ]
    for (bytes, error, code) in cases {
      var socket = WebSocket(role: .client, random: FrameEncoderTests.Constant(number: 0))
      let happenings = socket.receive(bytes)
      #expect(happenings.last == .failed(error), "\(bytes)")
      #expect(socket.isFinished)
      let answer = socket.takeOutgoing()
      #expect(answer == [0x88, 0x82, 0, 0, 0, 0, UInt8(code >> 8), UInt8(code & 0xFF)], "\(bytes)")
      #expect(socket.receive(Self.frame(0x82, [1])) == [])
      socket.send(binary: [1])
      #expect(socket.takeOutgoing() == [])
    }
  }

  @Test func whatCameBeforeAnErrorIsStillDelivered() {
    var socket = Self.client()
    let happenings = socket.receive(Self.frame(0x81, [0x61]) + Self.frame(0x89, [1]) + [0xF1, 0x00])
    #expect(happenings == [.text([0x61]), .ping([1]), .failed(.reservedBits(7))])
  }

  @Test func invalidTextFailsAtItsByteInsideAFrameThatIsNotComplete() {
    var socket = Self.client()
    #expect(socket.receive([0x81, 0x7D, 0xCE, 0xBA, 0xF4]) == [])
    #expect(socket.receive([0x90]) == [.failed(.invalidText(offset: 3))])
  }

  @Test func everyCloseCodeIsTakenOrRefusedAsTheStandardSays() {
    let fine: Set<UInt16> = [
      1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
    ]
    let refused: Set<UInt16> = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535]
    for code in fine.union(refused) {
      var socket = WebSocket(role: .server)
      let frame: [UInt8] = [0x88, 0x82, 0, 0, 0, 0, UInt8(code >> 8), UInt8(code & 0xFF)]
      let happenings = socket.receive(frame)
      let isFine = fine.contains(code)
      #expect(happenings == [isFine ? .closed(code: code, reason: "") : .failed(.invalidCloseCode(code))])
      #expect(Self.closeCode(socket.takeOutgoing()) == (isFine ? code : 1002))
    }
  }

  @Test func aCloseWithoutACodeIsAnsweredWithOne() {
    var socket = WebSocket(role: .server)
    #expect(socket.receive([0x88, 0x80, 0, 0, 0, 0]) == [.closed(code: nil, reason: "")])
    #expect(socket.takeOutgoing() == [0x88, 0x00])
    #expect(socket.isFinished)
  }

  @Test func closesFirstAndWaitsForTheAnswer() {
    var client = Self.client()
    var server = WebSocket(role: .server)
    client.close(code: 1001, reason: "går")
    client.close(code: 1011)
    client.send(binary: [1])
    #expect(!client.isOpen && !client.isFinished)
    server.send(binary: [7])
    // What the server sent before it heard of it is still delivered.
    #expect(client.receive(server.takeOutgoing()) == [.binary([7])])
    #expect(server.receive(client.takeOutgoing()) == [.closed(code: 1001, reason: "går")])
    #expect(client.receive(server.takeOutgoing()) == [.closed(code: 1001, reason: "")])
    #expect(client.isFinished && server.isFinished)
    #expect(client.takeOutgoing() == [])
  }

  @Test func aLongReasonIsCutBetweenCharacters() {
    var server = WebSocket(role: .server)
    server.close(code: 1000, reason: String(repeating: "é", count: 100))
    var client = Self.client()
    #expect(
      client.receive(server.takeOutgoing()) == [
        .closed(code: 1000, reason: String(repeating: "é", count: 61))
      ])
  }

  @Test func messagesOverTheLimitFailBeforeTheyArrive() {
    let limits = WebSocket.Limits(messageByteCount: 1000)
    var socket = WebSocket(role: .client, limits: limits)
    #expect(socket.receive([0x82, 0x7E, 0x03, 0xE8]) == [])
    #expect(
      socket.receive([UInt8](repeating: 1, count: 1000)) == [.binary([UInt8](repeating: 1, count: 1000))])
    #expect(
      socket.receive([0x82, 0x7E, 0x03, 0xE9]) == [.failed(.messageTooLarge(byteCount: 1001, limit: 1000))])

    var other = WebSocket(role: .client, limits: limits)
    #expect(other.receive([0x02, 0x7E, 0x01, 0xF4] + [UInt8](repeating: 1, count: 500)) == [])
    #expect(
      other.receive([0x80, 0x7E, 0x01, 0xF5]) == [.failed(.messageTooLarge(byteCount: 1001, limit: 1000))])
  }

  @Test func bothEndsExchangeMessagesOverAnyFragmentation() {
    var random = WireRandom(seed: 7)
    var client = Self.client()
    var server = WebSocket(role: .server)
    for _ in 0..<60 {
      var sent: [WebSocket.Happening] = []
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        let bytes = random.bytes([0, 1, 125, 126, 1144, 70_000].randomElement(using: &random) ?? 0)
        switch Int.random(in: 0...3, using: &random) {
        case 0:
          let text = Array(String(decoding: bytes, as: UTF8.self).utf8)
          client.send(text: text)
          sent.append(.text(text))
        case 1:
          client.ping(Array(bytes.prefix(125)))
          sent.append(.ping(Array(bytes.prefix(125))))
        default:
          client.send(binary: bytes)
          sent.append(.binary(bytes))
        }
      }
      let outgoing = client.takeOutgoing()
      let pieces = random.pieces(of: outgoing, longest: 5000)
      var received: [WebSocket.Happening] = []
      for piece in pieces { received += server.receive(piece) }
      #expect(received == sent)
      let pongs = sent.compactMap {
        if case .ping(let payload) = $0 { WebSocket.Happening.pong(payload) } else { nil }
      }
      #expect(client.receive(server.takeOutgoing()) == pongs)
    }
  }

  @Test func randomFramesNeverCrashAndNeverHoldMoreThanTheLimit() {
    var random = WireRandom(seed: 8)
    let openings: [UInt8] = [0x01, 0x02, 0x00, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8A, 0x83, 0xC1]
    for _ in 0..<3000 {
      var socket = WebSocket(role: .client, limits: WebSocket.Limits(messageByteCount: 500))
      for _ in 0..<20 {
        let payload = random.bytes(Int.random(in: 0...125, using: &random))
        let bytes = Self.frame(openings.randomElement(using: &random) ?? 0, payload)
        for piece in random.pieces(of: bytes, longest: 60) {
          for happening in socket.receive(piece) {
            if case .binary(let message) = happening { #expect(message.count <= 500) }
          }
        }
        if socket.isFinished { break }
      }
    }
  }
}
