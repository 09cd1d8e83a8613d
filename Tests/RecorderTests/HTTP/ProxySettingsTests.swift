import Platform
import Testing

@testable import Recorder

@Suite struct ProxySettingsTests {
  private static func proxy(_ variables: [String: String], _ url: String) throws -> String? {
    try ProxySettings(environment: Environment(variables)).proxy(for: URLParts(parsing: url))?.description
  }

  @Test func theSchemeChoosesTheVariable() throws {
    let both = ["HTTPS_PROXY": "http://s:3128", "http_proxy": "p:8080", "HTTP_PROXY": "http://never"]
    let cases: [([String: String], String, String?)] = [
      (both, "https://a/", "http://s:3128"), (both, "wss://a/", "http://s:3128"),
      (both, "http://a/", "http://p:8080"),
      (both, "ws://a/", "http://p:8080"), ([:], "https://a/", nil), (["HTTPS_PROXY": ""], "https://a/", nil),
      (["https_proxy": "low:1", "HTTPS_PROXY": "UP:1"], "https://a/", "http://low:1"),
      (["HTTPS_PROXY": "https://p"], "https://a/", "https://p:443"),
      (["HTTPS_PROXY": "p"], "https://a/", "http://p:80"),
      (["HTTPS_PROXY": "http://[::1]:8/"], "https://a/", "http://[::1]:8"),
      (both, "https://localhost/", nil), (both, "https://127.3.2.1/", nil), (both, "https://[::1]/", nil),
    ]
    for (variables, url, expected) in cases {
      let proxy = try Self.proxy(variables, url)
      if proxy != expected { Issue.record("\(url) with \(variables) goes through \(proxy ?? "nothing")") }
    }
  }

  @Test func exceptionsFollowCurlGoAndPython() throws {
    let cases: [(String, String, Bool)] = [
      ("*", "https://a.b/", true), ("a.b", "https://a.b/", true), ("a.b", "https://x.a.b/", true),
      ("a.b", "https://xa.b/", false), (".a.b", "https://x.a.b/", true), (".a.b", "https://a.b/", true),
      ("*.a.b", "https://x.a.b/", true), ("A.B", "https://a.b/", true), ("c, a.b ,d", "https://a.b/", true),
      ("a.b.", "https://a.b/", true), ("a.b:8443", "https://a.b/", false),
      ("a.b:8443", "https://a.b:8443/", true),
      ("10.0.0.0/8", "https://10.1.2.3/", true), ("10.0.0.0/8", "https://11.1.2.3/", false),
      ("10.0.0.0/9", "https://10.128.0.1/", false), ("10.1.2.3", "https://10.1.2.3/", true),
      ("10.1.2.3", "https://10.1.2.30/", false), ("fd00::/8", "https://[fd12::1]/", true),
      ("fd12::1", "https://[fd12::1]/", true), ("[fd12::1]:443", "https://[fd12::1]/", true),
      ("10.0.0.0/33", "https://10.0.0.0/", false), ("10.0.0.0/8", "https://ten.example/", false),
      ("", "https://a.b/", false), (" , ", "https://a.b/", false), ("a b", "https://b/", true),
      ("2.3", "https://1.2.3.4/", false),
      ("3.4", "https://1.2.3.4/", false),
    ]
    for (list, url, isDirect) in cases {
      for variable in ["NO_PROXY", "no_proxy"] {
        let proxy = try Self.proxy(["HTTPS_PROXY": "http://p:1", variable: list], url)
        if (proxy == nil) != isDirect { Issue.record("\(variable)=\(list), \(url): \(proxy ?? "direct")") }
      }
    }
  }

  @Test func aPasswordIsSentButNeverPrinted() throws {
    let settings = ProxySettings(
      environment: Environment(["HTTPS_PROXY": "http://me%40corp:p%3Assw@rd@p:3128"]))
    let proxy = try #require(try settings.proxy(for: URLParts(parsing: "https://a/")))
    #expect(proxy.authorization == "Basic bWVAY29ycDpwOnNzd0ByZA==")  // me@corp:p:ssw@rd
    var dumped = ""
    dump(proxy, to: &dumped)
    dump(settings, to: &dumped)
    for text in ["\(proxy) \(settings)", String(reflecting: proxy) + String(reflecting: settings), dumped] {
      #expect(!text.contains("rd@") && !text.contains("bWVA") && !text.contains("ssw"))
    }
  }

  @Test func aProxyThatCannotBeUsedIsNamedByItsVariable() throws {
    for value in ["socks5://p:1080", "http://", "http://user:pw@", "p:99999", "a b"] {
      do {
        _ = try Self.proxy(["https_proxy": value], "https://a/")
        Issue.record("\(value) was taken")
      } catch let error as ConnectionError {
        guard case .badProxy(variable: "https_proxy", _) = error, !error.description.contains("pw") else {
          throw error
        }
      }
    }
  }
}
