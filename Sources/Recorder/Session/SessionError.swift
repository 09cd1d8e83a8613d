import Format
import Platform

/// Why a session that was begun did not end in order.
enum SessionError: Error, Equatable, Sendable {
  case badStreamURL(URLPartsError)
  case connection(ConnectionError)
  /// The service did not accept the WebSocket.
  case upgradeRefused(UpgradeError)
  /// Likewise, and the request was not signed, since no credentials were found.
  case unsignedUpgradeRefused(UpgradeError, CredentialError)
  case webSocket(WebSocketError)
  case channel(ChannelError)
  case ports(PortError)
  /// The service closed the stream; code and reason as it gave them (RFC 6455 §7.4).
  case closedByService(code: UInt16?, reason: String)
  /// The service did not finish connecting or upgrading.
  case serviceSilent(seconds: Int)
  /// Nothing came, neither handshake nor output.
  case agentSilent(seconds: Int)
  /// The network went quiet: a ping stayed without answer.
  case networkSilent(seconds: Int)
  /// The connection was lost, and asking for a new one brought nothing for as long as it was tried.
  case notResumed(cause: String)
  /// The person gave up waiting for the connection.
  case abandoned
  case recording(path: String, FormatError)
  case terminal(Errno)
  /// What the session showed could not be written on.
  case output(Errno)
}

extension SessionError: CustomStringConvertible {
  var description: String {
    switch self {
    case .badStreamURL(let error): "the service gave a stream address that cannot be used: \(error)"
    case .connection(let error): "\(error)"
    case .upgradeRefused(let error): "\(error)"
    case .unsignedUpgradeRefused(let error, let cause): "\(error); the request was not signed: \(cause)"
    case .webSocket(let error): "\(error)"
    case .channel(let error): "\(error)"
    case .ports(let error): "\(error)"
    case .closedByService(let code, let reason):
      "the service closed the data channel (\(code.map(String.init) ?? "no code")"
        + "\(reason.isEmpty ? "" : ": \(reason)"))"
    case .serviceSilent(let seconds):
      "the service did not answer within \(seconds) s; check the network, or raise the setting timeout"
    case .agentSilent(let seconds):
      "the agent did not answer within \(seconds) s; check that the target is running and its agent is online"
    case .networkSilent(let seconds):
      "the connection is dead: no answer for \(seconds) s; check the network"
    case .notResumed(let cause): "the connection was lost and could not be resumed: \(cause)"
    case .abandoned: "the connection was lost, and you ended the wait for it"
    case .recording(let path, let error):
      "the session was ended, because its recording \(path.printable) failed: \(error)"
    case .terminal(let error): "the terminal cannot be used: \(error)"
    case .output(let error): "what the session shows cannot be written to standard output: \(error)"
    }
  }
}
