import Platform

extension HandshakeResponse {
  /// The client's answer to each action the agent asks for.
  ///
  /// Agreed to are the session types that are shells to the client. What is refused, the agent reports as the
  /// reason of the session's end.
  init(answering request: HandshakeRequest, clientVersion: String) {
    var actions: [Action] = []
    var errors: [String] = []
    for action in request.actions {
      guard let refusal = Self.refusal(of: action) else {
        actions.append(Action(type: action.type, status: .success))
        continue
      }
      let error =
        refusal.status == .unsupported
        ? refusal.reason : "Failed to process action \(action.type): \(refusal.reason)"
      actions.append(Action(type: action.type, status: refusal.status, error: error))
      errors.append(refusal.reason)
    }
    self.init(clientVersion: clientVersion, actions: actions, errors: errors)
  }

  /// Why an action is not agreed to; nil where it is.
  private static func refusal(of action: HandshakeRequest.Action) -> (status: Status, reason: String)? {
    switch action.type {
    case "SessionType":
      let name = action.parameters["SessionType"]?.string ?? ""
      return switch SessionType(name: name) {
      case .standardStream, .interactiveCommands, .nonInteractiveCommands: nil
      case .port: (.failed, "port sessions are not supported")
      case .other: (.failed, "Unknown session type \(name)")
      }
    case "KMSEncryption": return (.failed, "encrypted sessions are not supported")
    default: return (.unsupported, "Unsupported action \(action.type)")
    }
  }
}
