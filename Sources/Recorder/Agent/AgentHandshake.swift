import Platform

/// The agent's side of the handshake as a machine: what the client is asked, and whether its answers will do
/// (protocol.md §7.2).
struct AgentHandshake {
  /// What follows from an answer.
  enum Step: Equatable {
    /// The client has agreed to everything.
    case complete(HandshakeComplete)
    /// It has not, or not in time; the session ends with these words.
    case failed(String)
  }

  /// The release of AWS's agent whose behavior is played; clients choose by it what they do (§7.3).
  static let agentVersion = "3.3.987.0"
  /// How long each answer of the client may take, in microseconds.
  static let patience: Int64 = 15_000_000

  /// What the client is asked first.
  let request: HandshakeRequest
  private let began: Instant

  init(_ type: SessionType, now: Instant) {
    began = now
    let parameters: JSON = ["SessionType": .string(type.name), "Properties": nil]
    request = HandshakeRequest(
      agentVersion: Self.agentVersion, actions: [.init(type: "SessionType", parameters: parameters)])
  }

  /// Takes the client's answer to `request`.
  mutating func take(_ response: HandshakeResponse, now: Instant) -> Step {
    for asked in request.actions {
      guard let answer = response.actions.first(where: { $0.type == asked.type }) else {
        return .failed(Self.failure("\(asked.type) was not processed by the client."))
      }
      guard answer.status == .success else {
        let status = answer.status?.rawValue ?? 0
        return .failed(
          Self.failure("\(asked.type) failed on client with status \(status) error: \(answer.error)"))
      }
    }
    return complete("", now: now)
  }

  private func complete(_ message: String, now: Instant) -> Step {
    .complete(HandshakeComplete(nanoseconds: now.microseconds(since: began) * 1000, customerMessage: message))
  }

  /// What the client is told when an answer is overdue.
  var timeout: String {
    Self.failure(
      "Handshake timed out. Please ensure that you have the latest version of the session manager plugin.")
  }

  /// A failure in the form in which AWS's agent reports it (§7.4).
  private static func failure(_ cause: String) -> String {
    "----------ERROR-------\nEncountered error while initiating handshake. \(cause)"
  }
}
