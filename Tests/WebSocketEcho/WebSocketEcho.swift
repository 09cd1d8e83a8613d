import Platform

/// The program `websocket-echo`, for tests of our WebSocket against others: as a client it plays the client's part
/// of the Autobahn test suite, as a server it echoes what it is sent. It is built for tests only, where our types
/// are in sight.
enum WebSocketEcho {
  static let usage = """
    usage: websocket-echo ws://HOST:PORT     run every case of a test server, then ask it for its report
           websocket-echo --listen PORT      echo on 127.0.0.1; prints the port when it accepts connections
    """

  static func run(_ words: [String]) -> Int32 {
    #if DEBUG
      do {
        switch words.count {
        case 1 where words[0].hasPrefix("ws://"): try EchoClient(server: words[0]).run()
        case 2 where words[0] == "--listen": try EchoServer(port: UInt16(words[1]) ?? 0).run()
        default:
          StandardError.say(usage)
          return 2
        }
        return 0
      } catch {
        StandardError.say("\(error)")
        return 1
      }
    #else
      StandardError.say("websocket-echo is a program of the tests; build it in debug")
      return 2
    #endif
  }
}
