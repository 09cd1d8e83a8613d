import Platform

/// What a session is (protocol.md §7.2).
enum SessionType: Equatable, Sendable {
  case standardStream
  case interactiveCommands
  case nonInteractiveCommands
  case port
  case other(String)

  init(name: String) {
    switch name {
    case "Standard_Stream": self = .standardStream
    case "InteractiveCommands": self = .interactiveCommands
    case "NonInteractiveCommands": self = .nonInteractiveCommands
    case "Port": self = .port
    default: self = .other(name)
    }
  }

  var name: String {
    switch self {
    case .standardStream: "Standard_Stream"
    case .interactiveCommands: "InteractiveCommands"
    case .nonInteractiveCommands: "NonInteractiveCommands"
    case .port: "Port"
    case .other(let name): name
    }
  }
}

/// The agent's opening of the handshake: what the client has to agree to (§7.2, step 1).
struct HandshakeRequest: Equatable, Sendable {
  struct Action: Equatable, Sendable {
    /// "SessionType", "KMSEncryption", or something newer.
    var type: String
    var parameters: JSON
  }

  var agentVersion: String
  var actions: [Action]

  /// The session type asked for; nil where no action names one.
  var sessionType: SessionType? {
    actions.first { $0.type == "SessionType" }?.parameters["SessionType"]?.string.map {
      SessionType(name: $0)
    }
  }

  /// The key that the session is to be encrypted with; nil where it is not to be.
  var keyRequest: KeyRequest? {
    actions.first { $0.type == "KMSEncryption" }.map { action in
      KeyRequest(
        keyID: action.parameters["KMSKeyId"]?.string ?? "", challenge: action.parameters["Challenge"]?.string)
    }
  }

  /// The document's properties, for Port sessions.
  var properties: JSON? { actions.first { $0.type == "SessionType" }?.parameters["Properties"] }

  init(agentVersion: String, actions: [Action]) {
    self.agentVersion = agentVersion
    self.actions = actions
  }

  init(parsing payload: [UInt8]) throws(JSONError) {
    let json = try JSON(parsing: payload)
    agentVersion = json["AgentVersion"]?.string ?? ""
    actions = (json["RequestedClientActions"]?.array ?? []).map {
      Action(type: $0["ActionType"]?.string ?? "", parameters: $0["ActionParameters"] ?? .null)
    }
  }

  func encoded() -> [UInt8] {
    let json: JSON = [
      "AgentVersion": .string(agentVersion),
      "RequestedClientActions": .array(
        actions.map { ["ActionType": .string($0.type), "ActionParameters": $0.parameters] }),
    ]
    return json.encoded()
  }
}

/// The client's answer, action by action (§7.2, step 2).
struct HandshakeResponse: Equatable, Sendable {
  enum Status: Int, Sendable {
    case success = 1
    case failed = 2
    case unsupported = 3
  }

  struct Action: Equatable, Sendable {
    var type: String
    /// nil where the number is none of the three.
    var status: Status?
    var result: JSON = .null
    /// Empty for success.
    var error = ""
  }

  var clientVersion: String
  var actions: [Action]
  /// The bare reasons of the actions that failed.
  var errors: [String]

  var isAgreed: Bool { actions.allSatisfy { $0.status == .success } }

  init(clientVersion: String, actions: [Action], errors: [String] = []) {
    self.clientVersion = clientVersion
    self.actions = actions
    self.errors = errors
  }

  init(parsing payload: [UInt8]) throws(JSONError) {
    let json = try JSON(parsing: payload)
    clientVersion = json["ClientVersion"]?.string ?? ""
    actions = (json["ProcessedClientActions"]?.array ?? []).map {
      Action(
        type: $0["ActionType"]?.string ?? "",
        status: $0["ActionStatus"]?.integer.flatMap { Status(rawValue: Int($0)) },
        result: $0["ActionResult"] ?? .null, error: $0["Error"]?.string ?? "")
    }
    errors = (json["Errors"]?.array ?? []).compactMap(\.string)
  }

  func encoded() -> [UInt8] {
    let processed = actions.map { action -> JSON in
      [
        "ActionType": .string(action.type), "ActionStatus": JSON(action.status?.rawValue ?? 0),
        "ActionResult": action.result, "Error": .string(action.error),
      ]
    }
    let json: JSON = [
      "ClientVersion": .string(clientVersion), "ProcessedClientActions": .array(processed),
      "Errors": errors.isEmpty ? .null : .array(errors.map { .string($0) }),
    ]
    return json.encoded()
  }
}

/// The agent's end of the handshake (§7.2, step 4).
struct HandshakeComplete: Equatable, Sendable {
  var nanoseconds: Int64
  /// For the user; empty where there is nothing to tell.
  var customerMessage: String

  init(nanoseconds: Int64, customerMessage: String) {
    self.nanoseconds = nanoseconds
    self.customerMessage = customerMessage
  }

  init(parsing payload: [UInt8]) throws(JSONError) {
    let json = try JSON(parsing: payload)
    nanoseconds = json["HandshakeTimeToComplete"]?.integer ?? 0
    customerMessage = json["CustomerMessage"]?.string ?? ""
  }

  func encoded() -> [UInt8] {
    let json: JSON = [
      "HandshakeTimeToComplete": JSON(nanoseconds), "CustomerMessage": .string(customerMessage),
    ]
    return json.encoded()
  }
}
