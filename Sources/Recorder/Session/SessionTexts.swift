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
}
