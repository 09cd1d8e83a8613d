#if DEBUG
  import Format
  import Platform

  @testable import Recorder

  /// Sends back every message on every connection, over the embedded agent's listener.
  final class EchoServer {
    private let listener: AgentListener
    private var peers: [EchoPeer] = []

    init(port: UInt16) throws {
      var configuration = AgentConfiguration.local(environment: Environment([:]))
      configuration.port = port
      listener = try AgentListener(configuration, now: SystemTime().timestamp)
    }

    /// Runs until it is killed.
    func run() throws {
      StandardError.say("websocket-echo listens at \(listener.address)")
      let output = StandardOutput()
      output.writeLine("\(listener.address.port)")
      output.flush()
      Signal.pipe.ignore()
      while true {
        let interests = [Poll.Interest(listener.descriptor.rawValue, .readable)] + peers.map(\.interest)
        let ready = try Poll.wait(interests, microseconds: nil)
        for (peer, readiness) in zip(peers, ready.dropFirst()) where !readiness.isEmpty { peer.process() }
        peers.removeAll(where: \.isClosed)
        if !ready[0].isEmpty, let socket = try Socket.accept(listener.descriptor) {
          peers.append(EchoPeer(socket))
        }
      }
    }
  }

  /// One connection: HTTP until the upgrade, then WebSocket.
  private final class EchoPeer {
    private let descriptor: Descriptor
    private var http = HTTPRequestParser()
    private var webSocket: WebSocket?
    private var outgoing: [UInt8] = []
    private var isEnding = false
    private(set) var isClosed = false

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    var interest: Poll.Interest {
      Poll.Interest(descriptor.rawValue, outgoing.isEmpty ? .readable : [.readable, .writable])
    }

    func process() {
      do {
        if case .bytes(let bytes) = try descriptor.read(upTo: 1 << 16) {
          if bytes.isEmpty { isClosed = true }
          take(bytes)
        } else if outgoing.isEmpty {
          // The only other thing a ready socket without output can say is its end.
          isClosed = true
        }
        try write()
      } catch {
        isClosed = true
      }
      if isEnding && outgoing.isEmpty { isClosed = true }
    }

    private func take(_ bytes: [UInt8]) {
      guard !isEnding else { return }
      var bytes = bytes
      if webSocket == nil {
        http.append(bytes)
        do {
          guard let request = try http.next() else { return }
          outgoing += try WebSocketUpgrade.answer(to: request).encoded()
          webSocket = WebSocket(role: .server, limits: .init(messageByteCount: 64 << 20))
          bytes = http.takeLeftover()
        } catch let error as UpgradeError {
          outgoing += error.response.encoded()
          isEnding = true
          return
        } catch {
          isEnding = true
          return
        }
      }
      for happening in webSocket?.receive(bytes) ?? [] {
        switch happening {
        case .text(let message): webSocket?.send(text: message)
        case .binary(let message): webSocket?.send(binary: message)
        case .ping, .pong, .closed, .failed: break
        }
      }
      outgoing += webSocket?.takeOutgoing() ?? []
      if webSocket?.isFinished == true { isEnding = true }
    }

    private func write() throws {
      var start = 0
      while start < outgoing.count {
        guard case .wrote(let count) = try Socket.send(outgoing, from: start, to: descriptor) else { break }
        start += count
      }
      outgoing.removeFirst(start)
    }
  }
#endif
