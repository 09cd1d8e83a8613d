import Platform

/// The Systems Manager API as far as sessions need it (version 2014-11-06): values in, values out.
///
/// `Service+HTTP.swift` puts HTTP and signatures round it; the loop carries out what `Consequence` says.
struct Service: Sendable {
  /// What a call means for a session's shell and channel.
  enum Consequence: Equatable, Sendable {
    case none
    /// A session waits for its client.
    case start(sessionID: String)
    /// The session is over: close its channel and hang its shell up.
    case terminate(sessionID: String)
  }

  enum Operation: String, CaseIterable, Sendable {
    case startSession = "StartSession"
    case resumeSession = "ResumeSession"
    case terminateSession = "TerminateSession"
    case describeSessions = "DescribeSessions"
    case getDocument = "GetDocument"
    case getConnectionStatus = "GetConnectionStatus"
  }

  let accessKey: Credentials
  let region: String
  let targets: [String]
  let user: String
  /// Its key management; nil where sessions are not encrypted.
  let keys: KeyService?
  /// `HOST:PORT` of the data channel.
  let streamAuthority: String
  var sessions = SessionRegistry()
  /// How many tokens more have expired when they are used.
  var expiringTokens = 0

  init(_ configuration: AgentConfiguration, streamAuthority: String) {
    accessKey = configuration.accessKey
    region = configuration.region
    targets = configuration.targets
    user = Self.safeName(configuration.user)
    keys = configuration.kms ? .random(region: configuration.region) : nil
    self.streamAuthority = streamAuthority
    expiringTokens = configuration.faults.filter { $0.kind == .token }.reduce(0) { $0 + ($1.maximum ?? 1) }
  }

  /// The ARN that sessions name as their owner; the account number is nobody's.
  var owner: String { "arn:aws:iam::000000000000:user/\(user)" }

  /// Carries out one call whose signature is good.
  mutating func perform(
    _ operation: Operation, _ body: [UInt8], at now: Timestamp, using random: inout some RandomNumberGenerator
  ) throws(ServiceFault) -> (answer: JSON, consequence: Consequence) {
    var input = try ServiceInput(parsing: body)
    switch operation {
    case .startSession: return try startSession(&input, at: now, using: &random)
    case .resumeSession: return (try resumeSession(&input, using: &random), .none)
    case .terminateSession: return try terminateSession(&input)
    case .describeSessions: return (try describeSessions(&input), .none)
    case .getDocument: return (try getDocument(&input), .none)
    case .getConnectionStatus: return (try connectionStatus(&input), .none)
    }
  }

  private mutating func startSession(
    _ input: inout ServiceInput, at now: Timestamp, using random: inout some RandomNumberGenerator
  ) throws(ServiceFault) -> (answer: JSON, consequence: Consequence) {
    let target = try input.string("Target", required: true, length: 1...400)
    let documentName = try documentName("DocumentName", &input) ?? SessionDocument.shell.name
    let reason = try input.string("Reason", length: 1...256)
    if let reason, reason.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\r" }) {
      input.note("'\(reason)'", "Reason", "Member must satisfy regular expression pattern: ^.{1,256}$")
    }
    let parameters = try input.stringLists("Parameters")
    try input.finish()
    guard let document = SessionDocument(named: documentName) else { throw Self.unknown(documentName) }
    let values = try Self.values(of: document, given: parameters)
    guard let target, targets.contains(target) else { throw .targetNotConnected(target ?? "") }
    let entry = try sessions.start(
      user: user, target: target, document: document, parameters: values, reason: reason, owner: owner,
      at: now, using: &random)
    return (opening(entry.id, token: entry.token), .start(sessionID: entry.id))
  }

  /// The value of each parameter of a document: the one given, else the document's own.
  private static func values(
    of document: SessionDocument, given parameters: [(name: String, values: [String])]
  ) throws(ServiceFault) -> [String: String] {
    for parameter in parameters where !document.parameters.contains(where: { $0.name == parameter.name }) {
      throw .validation([
        "Parameter \"\(parameter.name.prefix(255))\" is not defined in document \(document.name)"
      ])
    }
    var values: [String: String] = [:]
    for parameter in document.parameters {
      let given = parameters.last { $0.name == parameter.name }?.values
      guard let value = given == nil ? parameter.defaultValue : given?.first, (given?.count ?? 1) == 1 else {
        throw .validation([
          "Parameter \"\(parameter.name)\" of document \(document.name) needs exactly one value"
        ])
      }
      if let rule = parameter.rule(brokenBy: value) {
        throw .validation([
          "Value '\(value.prefix(1024))' at 'parameters.\(parameter.name)' failed to satisfy constraint: \(rule)"
        ])
      }
      values[parameter.name] = value
    }
    return values
  }

  private mutating func resumeSession(
    _ input: inout ServiceInput, using random: inout some RandomNumberGenerator
  ) throws(ServiceFault) -> JSON {
    let id = try sessionID(&input)
    return opening(id, token: sessions.renewToken(id, using: &random))
  }

  private func terminateSession(
    _ input: inout ServiceInput
  ) throws(ServiceFault) -> (answer: JSON, consequence: Consequence) {
    let id = try sessionID(&input)
    let isOver = sessions[id]?.status == .terminated
    return (["SessionId": .string(id)], isOver ? .none : .terminate(sessionID: id))
  }

  private func getDocument(_ input: inout ServiceInput) throws(ServiceFault) -> JSON {
    let name = try documentName("Name", &input, required: true)
    let version = try input.string("DocumentVersion")
    let format = try input.string("DocumentFormat")
    if let format, !["YAML", "JSON", "TEXT"].contains(format) {
      input.note("'\(format)'", "DocumentFormat", "Member must satisfy enum value set: [YAML, TEXT, JSON]")
    }
    try input.finish()
    guard let name, let document = SessionDocument(named: name) else { throw Self.unknown(name ?? "") }
    if let version, !["1", "$LATEST", "$DEFAULT"].contains(version) {
      throw .invalidDocumentVersion("Document version \(version.prefix(64)) is not valid for \(name).")
    }
    return [
      "Name": .string(document.name), "DocumentVersion": "1", "Status": "Active",
      // JSON text is YAML as well.
      "Content": .string(document.content(keyID: keys?.keyARN ?? "")), "DocumentType": "Session",
      "DocumentFormat": .string(format ?? "JSON"),
    ]
  }

  private func connectionStatus(_ input: inout ServiceInput) throws(ServiceFault) -> JSON {
    let target = try input.string("Target", required: true, length: 1...400) ?? ""
    try input.finish()
    return [
      "Target": .string(target), "Status": .string(targets.contains(target) ? "connected" : "notconnected"),
    ]
  }

  /// What opens a data channel; without a token where the session is over.
  private func opening(_ id: String, token: String?) -> JSON {
    [
      "SessionId": .string(id), "TokenValue": .string(token ?? ""),
      "StreamUrl": .string("wss://\(streamAuthority)/v1/data-channel/\(id)?role=publish_subscribe"),
    ]
  }

  private func sessionID(_ input: inout ServiceInput) throws(ServiceFault) -> String {
    let id = try input.string("SessionId", required: true, length: 1...96) ?? ""
    try input.finish()
    guard sessions[id] != nil else { throw .noSuchSession(id) }
    return id
  }

  private func documentName(
    _ member: String, _ input: inout ServiceInput, required: Bool = false
  ) throws(ServiceFault) -> String? {
    guard let name = try input.string(member, required: required) else { return nil }
    let isPlain = name.utf8.allSatisfy { byte in
      (0x30...0x3A).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == UInt8(ascii: "_") || (0x2D...0x2F).contains(byte)
    }
    if !isPlain || !(3...128).contains(name.utf8.count) {
      input.note(
        "'\(name)'", member, #"Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\-.:/]{3,128}$"#)
    }
    return name
  }

  private static func unknown(_ name: String) -> ServiceFault {
    let known = SessionDocument.all.map(\.name).joined(separator: ", ")
    return .invalidDocument(
      "Document with name \(name) does not exist. This local service has \(known).")
  }

  /// The characters a session id may begin with, at most 64; others become hyphens.
  private static func safeName(_ text: String) -> String {
    let name = String(
      text.unicodeScalars.prefix(64).map { scalar in
        let isPlain =
          scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        return isPlain || "@.+=,_-".unicodeScalars.contains(scalar) ? Character(scalar) : "-"
      })
    return name.isEmpty ? "user" : name
  }
}
