/// The sentences a session prints, in the official client's words where callers parse them (protocol §11).
enum SessionTexts {
  static func starting(_ sessionID: String) -> String { "\nStarting session with SessionId: \(sessionID)\n" }

  static func exiting(_ sessionID: String, output: String) -> String {
    output.isEmpty
      ? "\n\nExiting session with sessionId: \(sessionID).\n\n"
      : "\n\nSessionId: \(sessionID) : \(output)\n\n"
  }

  static func timedOut(_ sessionID: String) -> String { "Session: \(sessionID) timed out.\n" }

  static func cannotStart(_ reason: String) -> String { "Cannot perform start session: \(reason)\n" }

  /// Where a forwarded port is open: the port that programs connect to, or the socket's path.
  static func opened(_ listener: PortListener, sessionID: String, isMultiplexed: Bool) -> String {
    if let path = listener.path {
      return "Unix socket \(path) opened for sessionId \(sessionID)." + (isMultiplexed ? waiting : "\n")
    }
    let text = "Port \(listener.port ?? 0) opened for sessionId \(sessionID)."
    return text + (isMultiplexed ? waiting : "\n")
  }

  private static let waiting = "\nWaiting for connections...\n"
  static let connectionFailed = "\nConnection to destination port failed, check SSM Agent logs.\n"
  static let terminated = "Terminate signal received, exiting.\n"
}
