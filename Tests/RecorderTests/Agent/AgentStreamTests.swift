import Platform
import Testing

@testable import Recorder

@Suite struct AgentStreamTests {
  private let context: TLSContext
  private let authority: CertificateAuthority

  init() throws {
    let now = SystemTime().timestamp
    authority = try CertificateAuthority(now: now)
    context = try TLSContext.server(try authority.issue(now: now))
  }

  private static let request = Array(
    ("POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AmazonSSM.GetDocument\r\nContent-Length: 2\r\n\r\n{}").utf8)
  private static let upgrade = Array(
    ("GET /v1/data-channel/a HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n").utf8)

  /// Answers whatever comes, as the loop does, and tells the bodies of requests and the messages.
  private func serve(_ stream: inout AgentStream) -> [[UInt8]] {
    var seen: [[UInt8]] = []
    while let event = stream.nextEvent() {
      switch event {
      case .request(let request):
        if let response = try? WebSocketUpgrade.answer(to: request) {  // another request is an ordinary one
          stream.upgrade(response)
        } else {
          seen.append(request.body)
          stream.answer(HTTPResponse(status: 200), keepingAlive: request.keepsAlive)
        }
      case .message(let message): seen.append(message)
      case .ended: seen.append(Array("ended".utf8))
      }
    }
    return seen
  }

  @Test func requestsAndMessagesAreReadInAnyPortions() throws {
    var client = WebSocket(role: .client, random: SeededRandom(3))
    client.send(text: Array("hello".utf8))
    client.send(binary: [1, 2, 3])
    let bytes = Self.request + Self.request + Self.upgrade + client.takeOutgoing()
    for portion in [1, 7, 64, bytes.count] {
      var stream = AgentStream(context)
      var seen: [[UInt8]] = []
      for start in stride(from: 0, to: bytes.count, by: portion) {
        stream.receive(Array(bytes[start..<min(start + portion, bytes.count)]))
        seen += serve(&stream)
      }
      #expect(seen == [Array("{}".utf8), Array("{}".utf8), Array("hello".utf8), [1, 2, 3]], "\(portion)")
      #expect(stream.isWebSocket && !stream.isEnding)
    }
  }

  @Test func theSameOverTLS() throws {
    let engine = try TLSEngine(
      client: try TLSContext.client(trust: .certificates(pem: authority.certificatePEM)), host: "127.0.0.1")
    var stream = AgentStream(context)
    try engine.send(Self.request)
    var seen: [[UInt8]] = []
    var answer: [UInt8] = []
    for _ in 0..<6 {
      stream.receive(engine.takeCiphertext())
      seen += serve(&stream)
      try engine.receive(stream.takeOutgoing())
      answer += engine.takePlaintext()
    }
    #expect(seen == [Array("{}".utf8)])
    #expect(answer.starts(with: Array("HTTP/1.1 200 OK\r\n".utf8)))
  }

  @Test func everyPrefixWaitsOrEndsQuietly() {
    for bytes in [Self.request, Self.upgrade] {
      for count in 0..<bytes.count {
        var stream = AgentStream(context)
        stream.receive(Array(bytes.prefix(count)))
        #expect(serve(&stream).isEmpty)
        stream.receiveEnd()
        #expect(serve(&stream) == [Array("ended".utf8)])
        #expect(stream.isFinished)
      }
    }
  }

  @Test func whatIsNeitherHTTPNorTLSIsToldSo() {
    for text in ["\u{0}\u{1}\u{2}garbage\r\n\r\n", "SSH-2.0-OpenSSH_9\r\n", "GET\r\n\r\n"] {
      var stream = AgentStream(context)
      stream.receive(Array(text.utf8))
      #expect(serve(&stream) == [Array("ended".utf8)])
      #expect(String(decoding: stream.takeOutgoing(), as: UTF8.self).hasPrefix("HTTP/1.1 400 "))
    }
  }

  @Test func bodiesThatAreTooLargeAreRefusedBeforeTheyCome() {
    var stream = AgentStream(context)
    stream.receive(Array("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n".utf8))
    #expect(serve(&stream) == [Array("ended".utf8)])
    #expect(String(decoding: stream.takeOutgoing(), as: UTF8.self).hasPrefix("HTTP/1.1 413 "))
  }

  @Test func aBodyThatWaitsForLeaveGetsItOnce() {
    var stream = AgentStream(context)
    stream.receive(
      Array("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n".utf8))
    #expect(serve(&stream).isEmpty)
    #expect(String(decoding: stream.takeOutgoing(), as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
    #expect(serve(&stream).isEmpty)
    #expect(stream.takeOutgoing().isEmpty)
    stream.receive(Array("{}".utf8))
    #expect(serve(&stream) == [Array("{}".utf8)])
  }

  @Test func damagedAndRandomBytesNeverCrash() {
    var random = SeededRandom(11)
    var client = WebSocket(role: .client, random: SeededRandom(3))
    client.send(text: Array("hello".utf8))
    let whole = Self.upgrade + client.takeOutgoing()
    for index in whole.indices {
      var bytes = whole
      bytes[index] ^= UInt8.random(in: 1...255, using: &random)
      var stream = AgentStream(context)
      stream.receive(bytes)
      _ = serve(&stream)
      stream.receiveEnd()
      _ = serve(&stream)
      _ = stream.takeOutgoing()
      #expect(stream.isFinished)
    }
    for _ in 0..<300 {
      var bytes = (0..<Int.random(in: 1...400, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      if Bool.random(using: &random) { bytes[0] = 0x16 }
      var stream = AgentStream(context)
      stream.receive(bytes)
      _ = serve(&stream)
      _ = stream.takeOutgoing()
      stream.receiveEnd()
      _ = serve(&stream)
      #expect(stream.isFinished)
    }
  }
}
