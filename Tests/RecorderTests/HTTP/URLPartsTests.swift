import Testing

@testable import Recorder

@Suite struct URLPartsTests {
  @Test func addressesAreTakenApartAndNeverEncodedAgain() throws {
    let cases: [(String, String, String, UInt16, String)] = [
      ("https://ssm.eu-central-1.amazonaws.com", "https", "ssm.eu-central-1.amazonaws.com", 443, "/"),
      ("http://127.0.0.1:8080/x", "http", "127.0.0.1", 8080, "/x"),
      (
        "WSS://Host.Example/v1/a@b?cell-number=AA+/=&role=x", "wss", "host.example", 443,
        "/v1/a@b?cell-number=AA+/=&role=x"
      ),
      ("ws://[::1]:9?q", "ws", "::1", 9, "/?q"),
      ("https://h:/p%20q#fragment", "https", "h", 443, "/p%20q"),
      ("http://h/?", "http", "h", 80, "/?"),
    ]
    for (text, scheme, host, port, target) in cases {
      let url = try URLParts(parsing: text)
      #expect(
        url.scheme.rawValue == scheme && url.host == host && url.port == port && url.requestTarget == target)
    }
    let six = try URLParts(parsing: "ws://[::1]:9/")
    #expect(six.hostField == "[::1]:9" && six.authority == "[::1]:9" && six.text == "ws://[::1]:9/")
    #expect(try URLParts(parsing: "https://h:443/").hostField == "h")
  }

  @Test func badAddressesAreRefusedWithoutRepeatingThem() {
    for text in [
      "", "h", "ftp://h/", "https:/h", "https://", "https://:1/", "https://h:0/", "https://h:65536/",
      "https://h:x/", "https://user:secret@h/", "https://a b/", "https://h/\r\nX: y", "https://[::1",
      "https://[x]/",
      "https://[127.0.0.1]/", "https://[::1]x/", "https://h%41/", "https://hö/",
      "https://" + String(repeating: "a", count: 20_000),
    ] {
      do {
        let url = try URLParts(parsing: text)
        Issue.record("\(text) was taken as \(url)")
      } catch {
        if error.description.contains("secret") { Issue.record("the error tells a secret") }
      }
    }
  }

  @Test func printingLeavesTheQueryOut() throws {
    let url = try URLParts(parsing: "wss://h/p?token=secret")
    var dumped = ""
    dump(url, to: &dumped)
    for text in ["\(url)", String(reflecting: url), dumped] {
      #expect(!text.contains("secret") && text.contains("wss://h/p?…"))
    }
  }
}
