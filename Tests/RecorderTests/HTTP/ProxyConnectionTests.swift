import Platform
import Testing

@testable import Recorder

@Suite struct ProxyConnectionTests {
  private static func settings(_ value: String) -> ProxySettings {
    ProxySettings(environment: Environment(["https_proxy": value, "http_proxy": value]))
  }

  /// A proxy that takes CONNECT for any name to one port of this machine, and tells what it was asked.
  private static func proxy(
    to port: UInt16, over identity: ServerIdentity? = nil, telling notes: Int32
  ) throws -> LoopbackServer {
    try LoopbackServer { peer in
      if let identity { try peer.startTLS(identity) }
      let request = try peer.receiveRequest()
      let note = "\(request.method) \(request.target) \(request.fields["Proxy-Authorization"] ?? "-")\n"
      let pipe = Descriptor(borrowing: notes)
      try pipe.writeAll(Array(note.utf8))
      guard request.fields["Proxy-Authorization"] != "Basic dTpiYWQ=" else {  // u:bad
        try peer.send("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        return
      }
      if request.method != "CONNECT" {
        try peer.send(HTTPResponse(status: 200, body: Array("forwarded".utf8)).encoded())
        return
      }
      let target = try LoopbackPeer(connectingTo: port)
      try peer.send("HTTP/1.1 200 Connection established\r\n\r\n")
      while true {
        let ready = try Poll.wait(
          [.init(peer.number, .readable), .init(target.number, .readable)], microseconds: 20_000_000)
        for (index, pair) in [(peer, target), (target, peer)].enumerated() where !ready[index].isEmpty {
          let bytes = try pair.0.receive()
          if bytes.isEmpty { return }
          try pair.1.send(bytes)
        }
      }
    }
  }

  private static func hello() throws -> LoopbackServer {
    let identity = try TLSPair.authority.issue(names: ["service.example"], addresses: [], now: TLSPair.now)
    return try LoopbackServer { peer in
      try peer.startTLS(identity)
      let request = try peer.receiveRequest()
      try peer.send(HTTPResponse(status: 200, body: Array((request.fields["Host"] ?? "").utf8)).encoded())
    }
  }

  @Test func aTunnelCarriesTLSToTheHostByName() throws {
    for overTLS in [false, true] {
      let pipe = try DescriptorPair.pipe()
      let server = try Self.hello()
      let proxy = try Self.proxy(
        to: server.port, over: overTLS ? TLSPair.identity : nil, telling: pipe.second.rawValue)
      let settings = Self.settings("\(overTLS ? "https" : "http")://me:p%40ss@127.0.0.1:\(proxy.port)")
      let response = try ConnectionTests.exchange(
        URLParts(scheme: .https, host: "service.example"), proxy: settings)
      #expect(String(decoding: response.body, as: UTF8.self) == "service.example")
      #expect(
        try pipe.first.read(upTo: 200)
          == .bytes(Array("CONNECT service.example:443 Basic bWU6cEBzcw==\n".utf8)))
      proxy.join()
      server.join()
    }
  }

  @Test func plainRequestsAreForwardedInAbsoluteForm() throws {
    let pipe = try DescriptorPair.pipe()
    let proxy = try Self.proxy(to: 1, telling: pipe.second.rawValue)
    let response = try ConnectionTests.exchange(
      URLParts(scheme: .http, host: "service.example", port: 8080),
      HTTPRequest(method: "GET", target: "/a?b"),
      proxy: Self.settings("127.0.0.1:\(proxy.port)"))
    #expect(String(decoding: response.body, as: UTF8.self) == "forwarded")
    #expect(try pipe.first.read(upTo: 200) == .bytes(Array("GET http://service.example:8080/a?b -\n".utf8)))
    proxy.join()
  }

  @Test func aRefusalByTheProxyNamesItAndNoPassword() throws {
    let pipe = try DescriptorPair.pipe()
    let proxy = try Self.proxy(to: 1, telling: pipe.second.rawValue)
    let name = "127.0.0.1:\(proxy.port)"
    do {
      _ = try ConnectionTests.exchange(
        URLParts(scheme: .https, host: "service.example"), proxy: Self.settings("u:bad@\(name)"))
      Issue.record("the proxy's refusal was overlooked")
    } catch let error as ConnectionError {
      #expect(error == .proxyRefused(proxy: name, status: 407, reason: "Proxy Authentication Required"))
      #expect(error.description.contains(name) && !error.description.contains("bad"))
    }
    proxy.join()
  }

  @Test func aProxyThatIsNoneIsNamed() throws {
    let proxy = try LoopbackServer { peer in try peer.send("220 mail ready\r\n") }
    let name = "the proxy 127.0.0.1:\(proxy.port)"
    #expect(throws: ConnectionError.http(peer: name, .notHTTP(seen: "220 mail ready.."))) {
      try ConnectionTests.exchange(
        URLParts(scheme: .https, host: "service.example"), proxy: Self.settings("127.0.0.1:\(proxy.port)"))
    }
    proxy.join()
  }
}
