import Platform
import Testing

@testable import Recorder

@Suite struct TLSEngineTests {
  @Test func bothEndsShakeHandsAndTalkInWhateverPortionsBytesCome() throws {
    for portion in [1, 7, 1024, .max] {
      let pair = try TLSPair()
      try pair.client.send(Array("early".utf8))  // waits for the handshake
      try pair.settle(portion: portion)
      #expect(pair.client.isEstablished && pair.server.isEstablished)
      #expect(pair.server.takePlaintext() == Array("early".utf8))
      try pair.server.send(Array("answer".utf8))
      try pair.settle(portion: portion)
      #expect(pair.client.takePlaintext() == Array("answer".utf8))
    }
  }

  @Test(arguments: ["localhost", "LOCALHOST", "localhost.", "127.0.0.1", "::1"])
  func aCertificateIsGoodForEachOfItsNames(host: String) throws {
    let pair = try TLSPair(host: host)
    try pair.settle()
    #expect(pair.client.isEstablished)
  }

  @Test(arguments: ["example.com", "localhost.example.com", "127.0.0.2", "::2"])
  func aCertificateForAnotherHostIsRefusedByName(host: String) throws {
    let error = try TLSPair(host: host).clientError()
    #expect(error == .certificateRefused(host: host, .wrongHost))
    #expect(error?.description.contains(host) == true)
  }

  @Test func whatIsWrongWithACertificateIsSaid() throws {
    let now = TLSPair.now
    let longAgo = Timestamp(microseconds: now.microseconds - 30 * 86_400_000_000)
    let later = Timestamp(microseconds: now.microseconds + 30 * 86_400_000_000)
    let other = try CertificateAuthority(now: now)
    let expired = try TLSPair(identity: TLSPair.authority.issue(now: longAgo)).clientError()
    #expect(expired == .certificateRefused(host: "localhost", .expired))
    let early = try TLSPair(identity: TLSPair.authority.issue(now: later)).clientError()
    #expect(early == .certificateRefused(host: "localhost", .notYetValid))
    let unknown = try TLSPair(identity: other.issue(now: now)).clientError()
    #expect(unknown == .certificateRefused(host: "localhost", .unknownIssuer))
    #expect(unknown?.description.contains("AWS_CA_BUNDLE") == true)
    let system = try TLSPair(trust: .system).clientError()
    #expect(system == .certificateRefused(host: "localhost", .unknownIssuer))
  }

  @Test func theServerLearnsThatItsCertificateWasRefused() throws {
    let pair = try TLSPair(host: "example.com")
    _ = pair.clientError()
    #expect(throws: TLSError.self) { try pair.settle() }
    do {
      try pair.server.receive([0])
    } catch {
      guard case .refusedByPeer = error else { throw error }
    }
  }

  @Test func manySmallRecordsPassWithoutSlowingDown() throws {
    let pair = try TLSPair()
    try pair.settle()
    let line = [UInt8](repeating: 0x61, count: 1024)
    var received = 0
    for round in 0..<10_000 {
      try pair.server.send(line)
      if round % 50 == 49 {  // a loop that is behind by 50 records
        try pair.client.receive(pair.server.takeCiphertext())
        received += pair.client.takePlaintext().count
      }
    }
    #expect(received == 10_000 * 1024)
  }

  @Test func aLargeMessagePassesWhole() throws {
    let pair = try TLSPair()
    try pair.settle()
    var random = SeededRandom(1)
    let message = random.bytes(3 << 20)
    try pair.client.send(message)
    try pair.settle(portion: 5000)
    #expect(pair.server.takePlaintext() == message)
  }

  @Test func theEndIsToldFromACut() throws {
    let pair = try TLSPair()
    try pair.settle()
    pair.server.close()
    try pair.settle()
    #expect(pair.client.isClosed)
    try pair.client.receiveEnd()

    let cut = try TLSPair()
    try cut.settle()
    #expect(throws: TLSError.closedEarly) { try cut.client.receiveEnd() }
    #expect(throws: TLSError.closedEarly) { try cut.client.send([1]) }
  }

  @Test func plainHTTPAndOtherGarbageAreNoTLS() throws {
    let context = try TLSContext.client(trust: .certificates(pem: TLSPair.authority.certificatePEM))
    for garbage in [
      "HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "220 mail ESMTP ready\r\n",
    ] {
      let client = try TLSEngine(client: context, host: "localhost")
      #expect(throws: TLSError.notTLS) { try client.receive(Array(garbage.utf8)) }
    }
    let server = try TLSEngine(server: .server(TLSPair.identity))
    #expect(throws: TLSError.notTLS) { try server.receive(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)) }
  }

  @Test func everyPrefixOfAHandshakeIsACutAndNothingWorse() throws {
    let pair = try TLSPair()
    try pair.server.receive(pair.client.takeCiphertext())
    let answer = pair.server.takeCiphertext()
    let context = try TLSContext.client(trust: .certificates(pem: TLSPair.authority.certificatePEM))
    for length in stride(from: 0, to: answer.count, by: 3) {
      // Another client's hello does not fit this answer, so it may also be refused; both are errors in words.
      let client = try TLSEngine(client: context, host: "localhost")
      var seen: TLSError?
      do {
        try client.receive(Array(answer[..<length]))
        try client.receiveEnd()
      } catch {
        seen = error
      }
      if seen == nil { Issue.record("prefix of \(length) bytes is no error") }
    }
  }

  @Test func flippedAndRandomBytesEndInAnError() throws {
    var random = SeededRandom(2)
    for round in 0..<200 {
      let pair = try TLSPair()
      try pair.settle()
      try pair.server.send([UInt8](repeating: 0x62, count: 300))
      var record = pair.server.takeCiphertext()
      record[Int(random.next() % UInt64(record.count))] ^= 1 << UInt8(random.next() % 8)
      do {
        try pair.client.receive(record)
        // A longer length in the header only waits for more.
        #expect(pair.client.takePlaintext().isEmpty)
      } catch {
        #expect(!error.description.isEmpty)
      }
      let fresh = try TLSEngine(server: .server(TLSPair.identity))
      try? fresh.receive(random.bytes(round * 3))  // must only not crash
    }
  }
}
