#if DEBUG
  import Platform

  @testable import Recorder

  /// The client's part of the Autobahn test suite: how many cases there are, each of them, the report.
  struct EchoClient {
    let server: String
    private static let agent = "ssmcast"
    /// Longest silence of a server, in microseconds.
    private static let patience: Int64 = 60_000_000

    func run() throws {
      var count = 0
      try converse("/getCaseCount") { count = Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
      guard count > 0 else { throw NoCases(server: server) }
      for number in 1...count {
        try converse("/runCase?case=\(number)&agent=\(Self.agent)")
      }
      try converse("/updateReports?agent=\(Self.agent)")
      print("\(count) cases")
    }

    struct NoCases: Error, CustomStringConvertible {
      let server: String
      var description: String { "\(server) has no cases: is a test server there?" }
    }

    /// One connection to its end: what comes is sent back, unless `take` wants it.
    private func converse(_ target: String, take: (([UInt8]) -> Void)? = nil) throws {
      let time = SystemTime()
      let url = try URLParts(parsing: server + target)
      let connection = try Connection(
        to: url, trust: try TLSContext.client(trust: .system), proxy: .none, now: time.instant)
      let upgrade = WebSocketUpgrade.Client()
      connection.send(upgrade.request(to: url).encoded())
      var parser = HTTPResponseParser(answerTo: "GET")
      var isOpen = false
      var webSocket = WebSocket(role: .client, limits: .init(messageByteCount: 64 << 20))
      while connection.state != .closed {
        let ready = try Poll.wait([connection.interest], microseconds: Self.patience)
        if ready[0].isEmpty { return print("\(target): the server says nothing") }
        var bytes: [UInt8]
        do {
          bytes = try connection.process(ready[0], now: time.instant)
        } catch {
          return  // some cases end by cutting the connection
        }
        if !isOpen {
          parser.append(bytes)
          guard let response = try parser.next() else { continue }
          try upgrade.check(response)
          isOpen = true
          bytes = parser.takeLeftover()
        }
        for happening in webSocket.receive(bytes) {
          switch happening {
          case .text(let message): if let take { take(message) } else { webSocket.send(text: message) }
          case .binary(let message): webSocket.send(binary: message)
          case .ping, .pong, .closed, .failed: break
          }
        }
        connection.send(webSocket.takeOutgoing())
        // A server that is gone shows in the next read.
        _ = try? connection.process([.writable], now: time.instant)
      }
    }
  }
#endif
