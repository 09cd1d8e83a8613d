import Platform
import Testing

@testable import Recorder

@Suite struct HTTPMessageParserTests {
  private static func requests(_ text: String) throws(HTTPError) -> [HTTPRequest] {
    var parser = HTTPRequestParser()
    parser.append(Array(text.utf8))
    var list: [HTTPRequest] = []
    while let request = try parser.next() { list.append(request) }
    if let last = try parser.finish() { list.append(last) }
    return list
  }

  private static func response(_ text: String, to method: String = "GET") throws(HTTPError) -> HTTPResponse? {
    var parser = HTTPResponseParser(answerTo: method)
    parser.append(Array(text.utf8))
    if let response = try parser.next() { return response }
    return try parser.finish()
  }

  @Test func aRequestIsTakenApart() throws {
    let requests = try Self.requests(
      "\r\nPOST /a?b=c+d HTTP/1.1\r\nHost: x\r\nx-a:  1 \r\nX-A: 2\r\n"
        + "Content-Length: 3\r\n\r\nabcGET / HTTP/1.0\r\n\r\n"
    )
    #expect(requests.count == 2)
    let first = try #require(requests.first)
    #expect(
      first.method == "POST" && first.path == "/a" && first.query == "b=c+d"
        && first.body == Array("abc".utf8))
    #expect(first.fields["HOST"] == "x" && first.fields.values("X-a") == ["1", "2"] && first.keepsAlive)
    #expect(requests[1].keepsAlive == false && requests[1].query == nil)
  }

  static let bodies: [(String, String, String)] = [
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "GET", "hi"),
    ("HTTP/1.1 200\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi", "GET", "hi"),
    ("HTTP/1.1 200 OK\r\n\r\nuntil the end", "GET", "until the end"),
    ("HTTP/1.0 200 OK\r\n\r\nuntil the end", "GET", "until the end"),
    (
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1;x=\"y\"\r\n!\r\n0\r\n\r\n", "GET",
      "hi!"
    ),
    (
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n000A\r\n0123456789\r\n0\r\nT: 1\r\n\r\n", "GET",
      "0123456789"
    ),
    (
      "HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 102 P\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n.",
      "GET", "."
    ),
    ("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n", "HEAD", ""),
    ("HTTP/1.1 204 No Content\r\nContent-Length: 20\r\n\r\n", "GET", ""),
    ("HTTP/1.1 304 Not Modified\r\nContent-Length: 20\r\n\r\n", "GET", ""),
    ("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n", "CONNECT", ""),
    ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", "GET", ""),
  ]

  @Test func aBodyEndsWhereTheStandardSays() throws {
    for (text, method, body) in Self.bodies {
      let response = try Self.response(text, to: method)
      if response.map({ String(decoding: $0.body, as: UTF8.self) }) != body {
        Issue.record("\(text) gave \(response as Any)")
      }
      // Byte by byte the result is the same.
      var parser = HTTPResponseParser(answerTo: method)
      var slow: HTTPResponse?
      for byte in text.utf8 where slow == nil {
        parser.append([byte])
        slow = try parser.next()
      }
      if slow == nil { slow = try parser.finish() }
      if slow != response { Issue.record("\(text) byte by byte gave \(slow as Any)") }
    }
  }

  @Test func everyPrefixIsIncompleteAndNothingWorse() throws {
    for (text, method, _) in Self.bodies where !text.contains("until the end") {
      let bytes = Array(text.utf8)
      for length in 0..<bytes.count {
        var parser = HTTPResponseParser(answerTo: method)
        parser.append(Array(bytes[..<length]))
        let early = try parser.next()
        if early != nil { Issue.record("\(length) bytes of \(text) are complete") }
        do {
          if try parser.finish() != nil || length > 0 {
            Issue.record("\(length) bytes of \(text) end in order")
          }
        } catch {
          if error != .closedMidMessage { Issue.record("\(length) bytes of \(text): \(error)") }
        }
      }
    }
  }

  @Test func whatFollowsAnUpgradeIsHandedOver() throws {
    var parser = HTTPResponseParser(answerTo: "GET")
    parser.append(
      Array("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n".utf8) + [0x81, 0x01, 0x41])
    #expect(try parser.next()?.status == 101)
    #expect(parser.takeLeftover() == [0x81, 0x01, 0x41])
    #expect(parser.takeLeftover() == [])
  }

  static let badRequests: [(String, HTTPError)] = [
    ("GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", .ambiguousLength),
    ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .ambiguousLength),
    (
      "GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      .unsupportedTransferEncoding("gzip, chunked")
    ),
    (
      "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
      .unsupportedTransferEncoding("chunked, x")
    ),
    ("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", .badLength),
    ("GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\n", .badLength),
    ("GET / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n", .badLength),
    ("GET / HTTP/1.1\r\nContent-Length:\r\n\r\n", .badLength),
    ("GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", .badLength),
    ("GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", .bodyTooLarge(limit: 16 << 20)),
    ("GET / HTTP/1.1\r\nContent-Length : 1\r\n\r\n", .badField(line: 1)),
    ("GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", .badField(line: 2)),
    ("GET / HTTP/1.1\r\nno colon\r\n\r\n", .badField(line: 1)),
    ("GET / HTTP/1.1\r\n: empty\r\n\r\n", .badField(line: 1)),
    ("GET / HTTP/1.1\r\nA: \u{01}\r\n\r\n", .badField(line: 1)),
    ("GET / HTTP/1.1\nHost: x\n\n", .bareLineEnd),
    ("GET / HTTP/1.1\r\nA: b\rC: d\r\n\r\n", .bareLineEnd),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", .badChunk),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", .badChunk),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1 2\r\n", .badChunk),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", .badChunk),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0123456789abcdef\r\n", .badChunk),
    (
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n",
      .bodyTooLarge(limit: 16 << 20)
    ),
    ("GET  / HTTP/1.1\r\n\r\n", .notHTTP(seen: "GET  / HTTP/1.1")),
    ("GET / HTTP/2.0\r\n\r\n", .notHTTP(seen: "GET / HTTP/2.0")),
    ("GET /\r\n\r\n", .notHTTP(seen: "GET /")),
    ("\u{16}\u{03}\u{01}", .notHTTP(seen: "...")),
    ("GET / HTTP/1.1\r\nHost: x\r\n", .closedMidMessage),
  ]

  @Test func whatCanBeReadInTwoWaysIsRefused() {
    for (text, expected) in Self.badRequests {
      do {
        let requests = try Self.requests(text)
        Issue.record("\(text) was read as \(requests)")
      } catch {
        if error != expected { Issue.record("\(text): \(error), not \(expected)") }
        if error.description.isEmpty { Issue.record("no words for \(error)") }
      }
    }
  }

  @Test func limitsHold() throws {
    let limits = HTTPLimits(line: 100, fieldCount: 3, body: 10)
    let long = String(repeating: "a", count: 101)
    let cases: [(String, HTTPError)] = [
      ("GET /\(long)", .lineTooLong(limit: 100)),
      ("GET / HTTP/1.1\r\nA: \(long)", .lineTooLong(limit: 100)),
      ("GET / HTTP/1.1\r\nA: 1\r\nA: 2\r\nA: 3\r\nA: 4\r\n", .tooManyFields(limit: 3)),
      ("GET / HTTP/1.1\r\nContent-Length: 11\r\n\r\n", .bodyTooLarge(limit: 10)),
      ("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n6\r\n", .bodyTooLarge(limit: 10)),
    ]
    for (text, expected) in cases {
      var parser = HTTPRequestParser(limits: limits)
      parser.append(Array(text.utf8))
      #expect(throws: expected) { try parser.next() }
      #expect(throws: expected) { try parser.next() }  // and it stays so
    }
    var parser = HTTPResponseParser(answerTo: "GET", limits: limits)
    parser.append(Array("HTTP/1.1 200 OK\r\n\r\n12345678901".utf8))
    #expect(throws: HTTPError.bodyTooLarge(limit: 10)) { try parser.next() }
  }

  @Test func garbageIsNoAnswer() {
    for text in [
      "SSH-2.0-OpenSSH", "HTTP/2 200\r\n\r\n", "\u{15}\u{03}\u{03}", "<html>", "HTTP/1.1 20 OK\r\n\r\n",
    ] {
      var parser = HTTPResponseParser(answerTo: "GET")
      parser.append(Array(text.utf8))
      do {
        _ = try parser.next()
        Issue.record("\(text) was taken")
      } catch {
        guard case .notHTTP = error else {
          Issue.record("\(text): \(error)")
          continue
        }
      }
    }
  }

  @Test func randomAndFlippedBytesOnlyEndInErrors() {
    var random = SeededRandom(7)
    let sample = Array(Self.bodies[4].0.utf8)
    for _ in 0..<2000 {
      var flipped = sample
      flipped[Int(random.next() % UInt64(sample.count))] ^= 1 << UInt8(random.next() % 8)
      for bytes in [flipped, random.bytes(Int(random.next() % 200))] {
        var parser = HTTPResponseParser(answerTo: "GET")
        parser.append(bytes)
        while let message = try? parser.next(), message.status > 0 {}  // must only end
        _ = try? parser.finish()  // likewise
        var server = HTTPRequestParser()
        server.append(bytes)
        while let message = try? server.next(), !message.method.isEmpty {}  // likewise
      }
    }
  }

  @Test func aSenderThatWaitsForLeaveIsNoticed() throws {
    var parser = HTTPRequestParser()
    parser.append(Array("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n".utf8))
    #expect(try parser.next() == nil)
    #expect(parser.awaitsContinue)
    parser.append(Array("ok".utf8))
    #expect(try parser.next()?.body == Array("ok".utf8))
    #expect(!parser.awaitsContinue)
  }

  @Test func whatIsWrittenIsReadBackAndCannotSmuggleFields() throws {
    var request = HTTPRequest(
      method: "POST", target: "/x?y", fields: ["Host": "h", "A": "1\r\nB: 2"], body: [1, 2])
    var parser = HTTPRequestParser()
    parser.append(request.encoded())
    let read = try #require(try parser.next())
    #expect(read.fields["B"] == nil && read.fields["A"] == "1  B: 2" && read.body == [1, 2])
    request.fields["A"] = nil
    #expect(request.fields["a"] == nil && request.fields.list.count == 1)
    let response = try Self.response(
      String(decoding: HTTPResponse(status: 404, body: [65]).encoded(), as: UTF8.self))
    #expect(response?.status == 404 && response?.reason == "Not Found" && response?.body == [65])
  }
}
