import Platform
import Testing

@testable import Recorder

/// Our ends of TLS and HTTP against those of OpenSSL's programs, Python and curl.
@Suite struct OtherImplementationsTests {
  private static func hello() throws -> LoopbackServer {
    try LoopbackServer { peer in
      try peer.startTLS(TLSPair.identity)
      let request = try peer.receiveRequest()
      try peer.send(HTTPResponse(status: 200, body: Array("hello \(request.path)\n".utf8)).encoded())
      try peer.sayEnd()
      _ = try peer.receive()
    }
  }

  @Test(
    .enabled(if: TestProgram.exists("openssl"), "openssl is not installed"),
    arguments: ["-tls1_2", "-tls1_3"])
  func opensslAnswersOurClient(version: String) throws {
    let files = try TestCertificates()
    let program = try TestProgram(
      "openssl",
      ["s_server", "-accept", "127.0.0.1:0", "-cert", files.certificate, "-key", files.key, "-www", version])
    let port = try #require(try program.line(beginning: "ACCEPT 127.0.0.1:").flatMap { UInt16($0) })
    let response = try ConnectionTests.exchange(URLParts(scheme: .https, host: "127.0.0.1", port: port))
    #expect(response.status == 200 && String(decoding: response.body, as: UTF8.self).contains("s_server"))
  }

  @Test(.enabled(if: TestProgram.exists("openssl"), "openssl is not installed"))
  func versionsBefore12AreRefused() throws {
    let files = try TestCertificates()
    let program = try TestProgram(
      "openssl",
      [
        "s_server", "-accept", "127.0.0.1:0", "-cert", files.certificate, "-key", files.key, "-www",
        "-tls1_1",
        "-cipher", "ALL:@SECLEVEL=0",
      ])
    let port = try #require(try program.line(beginning: "ACCEPT 127.0.0.1:").flatMap { UInt16($0) })
    do {
      _ = try ConnectionTests.exchange(URLParts(scheme: .https, host: "127.0.0.1", port: port))
      Issue.record("TLS 1.1 was taken")
    } catch let error as ConnectionError {
      guard case .tls(_, .refusedByPeer) = error else { throw error }
    }
  }

  @Test(.enabled(if: TestProgram.exists("openssl"), "openssl is not installed"))
  func opensslTakesOurCertificates() throws {
    let files = try TestCertificates()
    for name in ["-verify_hostname localhost", "-verify_ip 127.0.0.1", "-verify_ip ::1"] {
      let server = try Self.hello()
      let program = try TestProgram(
        "openssl",
        [
          "s_client", "-connect", "127.0.0.1:\(server.port)", "-CAfile", files.authority,
          "-verify_return_error", "-x509_strict", "-brief",
        ]
          + name.split(separator: " ").map(String.init))
      let (_, text) = try program.outputAtEnd()
      #expect(text.contains("Verification: OK"), "\(name): \(text)")
    }
  }

  @Test(.enabled(if: TestProgram.exists("python3"), "python3 is not installed"))
  func pythonTakesOurCertificatesInItsStrictMode() throws {
    let files = try TestCertificates()
    for host in ["localhost", "127.0.0.1"] {
      let server = try Self.hello()
      let program = try TestProgram(
        "python3",
        [
          "-c",
          """
          import ssl, sys, urllib.request
          context = ssl.create_default_context(cafile=sys.argv[1])
          context.verify_flags |= ssl.VERIFY_X509_STRICT
          print(urllib.request.urlopen(sys.argv[2], context=context).read().decode())
          """, files.authority, "https://\(host):\(server.port)/from-python",
        ])
      let (status, text) = try program.outputAtEnd()
      #expect(status == .exited(0) && text.hasPrefix("hello /from-python"), "\(text)")
      server.join()
    }
  }

  @Test(.enabled(if: TestProgram.exists("curl"), "curl is not installed"))
  func curlTakesOurCertificates() throws {
    let files = try TestCertificates()
    let server = try Self.hello()
    let program = try TestProgram(
      "curl", ["-sS", "--cacert", files.authority, "https://localhost:\(server.port)/from-curl", "--ipv4"])
    let (status, text) = try program.outputAtEnd()
    #expect(status == .exited(0) && text.hasPrefix("hello /from-curl"), "\(text)")
    server.join()
  }

  @Test(.enabled(if: TestProgram.exists("python3"), "python3 is not installed"))
  func pythonsServerAnswersOurClientInChunks() throws {
    let files = try TestCertificates()
    let program = try TestProgram(
      "python3",
      [
        "-u", "-c",
        """
        import http.server, ssl, sys
        class Handler(http.server.BaseHTTPRequestHandler):
          protocol_version = "HTTP/1.1"
          def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for part in (body, body.upper()):
              self.wfile.write(b"%x\\r\\n%s\\r\\n" % (len(part), part))
            self.wfile.write(b"0\\r\\n\\r\\n")
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print("port", server.server_port)
        server.handle_request()
        """, files.certificate, files.key,
      ])
    let port = try #require(try program.line(beginning: "port ").flatMap { UInt16($0) })
    let request = HTTPRequest(method: "POST", target: "/", body: Array("chunks".utf8))
    let response = try ConnectionTests.exchange(
      URLParts(scheme: .https, host: "127.0.0.1", port: port), request)
    #expect(String(decoding: response.body, as: UTF8.self) == "chunksCHUNKS")
  }
}
