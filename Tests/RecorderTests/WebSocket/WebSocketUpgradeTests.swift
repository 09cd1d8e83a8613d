import Testing

@testable import Recorder

@Suite struct WebSocketUpgradeTests {
  static let address = URLParts(
    scheme: .wss, host: "ssmmessages.us-east-1.amazonaws.com", path: "/v1/data-channel/me@x-0ab",
    query: "role=publish_subscribe&cell-number=AAE+/w==")

  static func request(_ changes: [(String, String?)] = [], method: String = "GET") -> HTTPRequest {
    var request = HTTPRequest(
      method: method, target: "/chat",
      fields: [
        "Host": "server.example.com", "Upgrade": "websocket", "Connection": "keep-alive, Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
      ])
    for (name, value) in changes { request.fields[name] = value }
    return request
  }

  /// RFC 6455 §1.3.
  @Test func computesTheAcceptValueOfTheStandard() throws {
    let response = try WebSocketUpgrade.answer(to: Self.request())
    #expect(response.status == 101)
    #expect(response.fields["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    #expect(response.fields["Sec-WebSocket-Extensions"] == nil)
  }

  @Test func theServerRefusesWhatIsNoUpgrade() {
    let cases: [(request: HTTPRequest, error: UpgradeError, status: Int)] = [
      (Self.request(method: "POST"), .request(method: "POST", isVersion11: true), 400),
      (Self.request([("Upgrade", nil)]), .upgradeField(found: nil), 426),
      (Self.request([("Upgrade", "h2c")]), .upgradeField(found: "h2c"), 426),
      (Self.request([("Connection", "keep-alive")]), .connectionField(found: "keep-alive"), 426),
      (Self.request([("Sec-WebSocket-Version", "8")]), .version(found: "8"), 426),
      (Self.request([("Sec-WebSocket-Version", nil)]), .version(found: nil), 426),
      (Self.request([("Sec-WebSocket-Key", nil)]), .key, 400),
      (Self.request([("Sec-WebSocket-Key", "c2hvcnQ=")]), .key, 400),
      (Self.request([("Sec-WebSocket-Key", "?")]), .key, 400),
    ]
    for (request, error, status) in cases {
      #expect(throws: error) { try WebSocketUpgrade.answer(to: request) }
      #expect(error.response.status == status)
      if status == 426 { #expect(error.response.fields["Sec-WebSocket-Version"] == "13") }
    }
  }

  @Test func namesAndTokensMatchInAnyLetterCase() throws {
    let request = Self.request([("Upgrade", "WebSocket"), ("Connection", "UPGRADE")])
    #expect(try WebSocketUpgrade.answer(to: request).status == 101)
  }

  @Test func theClientAsksForTheAddressUnchangedAndAddsTheSignature() {
    var random = WireRandom(seed: 1)
    let client = WebSocketUpgrade.Client(random: &random)
    let request = client.request(to: Self.address, fields: ["Host": "elsewhere", "X-Amz-Date": "now"])
    #expect(request.method == "GET")
    #expect(request.target == "/v1/data-channel/me@x-0ab?role=publish_subscribe&cell-number=AAE+/w==")
    #expect(request.fields.values("Host") == ["ssmmessages.us-east-1.amazonaws.com"])
    #expect(request.fields["X-Amz-Date"] == "now")
    #expect(request.fields["Sec-WebSocket-Version"] == "13")
    #expect(WebSocketUpgrade.Client().key != WebSocketUpgrade.Client().key)
  }

  @Test func theClientTakesOnlyAnAnswerToItsOwnRequest() throws {
    let client = WebSocketUpgrade.Client()
    let good = try WebSocketUpgrade.answer(to: client.request(to: Self.address))
    try client.check(good)

    func changed(_ name: String, _ value: String?) -> HTTPResponse {
      var response = good
      response.fields[name] = value
      return response
    }
    let other = WebSocketUpgrade.acceptValue(for: WebSocketUpgrade.Client().key)
    let cases: [(HTTPResponse, UpgradeError)] = [
      (HTTPResponse(status: 403), .refused(status: 403, reason: "Forbidden")),
      (HTTPResponse(status: 200), .refused(status: 200, reason: "OK")),
      (changed("Upgrade", nil), .upgradeField(found: nil)),
      (changed("Connection", "close"), .connectionField(found: "close")),
      (changed("Sec-WebSocket-Accept", other), .acceptField(found: other)),
      (changed("Sec-WebSocket-Accept", nil), .acceptField(found: nil)),
      (changed("Sec-WebSocket-Extensions", "permessage-deflate"), .unexpectedExtension("permessage-deflate")),
      (changed("Sec-WebSocket-Protocol", "chat"), .unexpectedSubprotocol("chat")),
    ]
    for (response, error) in cases { #expect(throws: error) { try client.check(response) } }
  }

  @Test func errorsShowWhatAPeerSentInBoundsAndOnOneLine() {
    let text = "\(UpgradeError.upgradeField(found: "a\u{1B}[2J\n" + String(repeating: "x", count: 500)))"
    #expect(text.utf8.count < 200)
    #expect(!text.utf8.contains { $0 < 0x20 })
  }
}
