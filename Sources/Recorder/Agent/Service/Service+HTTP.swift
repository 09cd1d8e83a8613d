import Platform

/// HTTP and signatures round the API (awsJson1.1; protocol.md §1.1, §1.3).
extension Service {
  /// Requests of the API are small; the longest legal one has a parameter of 65,535 characters.
  static let limits = HTTPLimits(line: 16 << 10, fieldCount: 64, body: 1 << 20)

  /// Answers one request, whoever sent it. Every answer carries a request id.
  mutating func respond(
    to request: HTTPRequest, at now: Timestamp, using random: inout some RandomNumberGenerator
  ) -> (response: HTTPResponse, consequence: Consequence) {
    let requestID = RandomText.uuid(using: &random)
    var result: (response: HTTPResponse, consequence: Consequence)
    do throws(ServiceError) {
      let done = try call(request, at: now, using: &random)
      let fields: HTTPFields = [
        "x-amzn-RequestId": requestID, "Content-Type": "application/x-amz-json-1.1",
      ]
      result = (HTTPResponse(status: 200, fields: fields, body: done.answer.encoded()), done.consequence)
    } catch {
      var error = error
      error.requestID = requestID
      result = (error.response, .none)
    }
    if !request.keepsAlive { result.response.fields["Connection"] = "close" }
    return result
  }

  private mutating func call(
    _ request: HTTPRequest, at now: Timestamp, using random: inout some RandomNumberGenerator
  ) throws(ServiceError) -> (answer: JSON, consequence: Consequence) {
    guard request.path == "/", request.method == "POST", let target = request.fields["X-Amz-Target"],
      let operation = operation(target)
    else {
      var error = ServiceFault.unknownOperation.serviceError
      if request.path != "/" { error.status = 404 }
      throw error
    }
    let known = accessKey
    try SigV4.verify(request, service: operation.service.signingName, at: now) {
      $0 == known.accessKeyID ? known : nil
    }
    do throws(ServiceFault) {
      switch operation {
      case .sessions(let operation): return try perform(operation, request.body, at: now, using: &random)
      case .keys(let operation, let keys):
        return (try perform(operation, request.body, with: keys), .none)
      }
    } catch {
      throw error.serviceError
    }
  }

  /// One operation of one of the two services behind the port.
  private enum Called {
    case sessions(Operation)
    case keys(KeyOperation, KeyService)

    var service: AWSJSONClient.Service {
      switch self {
      case .sessions: .systemsManager
      case .keys: .keyManagement
      }
    }
  }

  /// What `X-Amz-Target` names; nil where there is no such operation.
  private func operation(_ target: String) -> Called? {
    let parts = target.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    switch String(parts[0]) {
    case AWSJSONClient.Service.systemsManager.targetPrefix:
      return Operation(rawValue: String(parts[1])).map { .sessions($0) }
    case AWSJSONClient.Service.keyManagement.targetPrefix:
      guard let keys, let operation = KeyOperation(rawValue: String(parts[1])) else { return nil }
      return .keys(operation, keys)
    default: return nil
    }
  }
}

/// The opening of a data channel (protocol.md §3).
extension Service {
  /// What a request to open a data channel is answered with before the WebSocket stands.
  enum Upgrade: Equatable, Sendable {
    case channel(sessionID: String)
    case refused(HTTPResponse)
  }

  /// The session that a WebSocket request names. A signature is checked where there is one; a request without,
  /// or with another kind of authorization, as some clients send, is let in: only the token opens the channel.
  func upgrade(_ request: HTTPRequest, at now: Timestamp) -> Upgrade {
    guard let id = Self.channelID(request.path) else {
      return .refused(
        ServiceError(type: "NotFound", message: "There is no such channel.", status: 404).response)
    }
    if request.fields["Authorization"]?.hasPrefix(SigV4.algorithm) == true {
      let known = accessKey
      do {
        try SigV4.verify(request, service: "ssmmessages", at: now) { $0 == known.accessKeyID ? known : nil }
      } catch {
        var error = error
        error.status = 403
        return .refused(error.response)
      }
    }
    return .channel(sessionID: id)
  }

  /// Checks the first message of a channel, OpenDataChannelInput, and uses up its token.
  /// - Returns: why the channel is closed again (code 1003); nil where it is open.
  mutating func open(channel id: String, with message: [UInt8]) -> String? {
    guard let input = OpenDataChannelInput(parsing: message), !input.token.isEmpty else {
      return "Channel \(id): request to open data channel does not contain token."
    }
    guard sessions.redeem(input.token, of: id) else {
      return "Channel \(id): request to open data channel does not contain valid token."
    }
    // The first token opens the channel: a client that has no session yet has nothing to resume.
    if expiringTokens > 0, sessions.wasOpened(id) {
      expiringTokens -= 1
      return "Channel \(id): token has expired."
    }
    sessions.noteOpened(id)
    return nil
  }

  /// The session id in `/v1/data-channel/ID`, with `%40` and the like decoded; nil for other paths.
  private static func channelID(_ path: String) -> String? {
    let prefix = "/v1/data-channel/"
    guard path.hasPrefix(prefix) else { return nil }
    var id: [UInt8] = []
    var rest = Array(path.utf8.dropFirst(prefix.utf8.count))[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        id.append(byte)
        continue
      }
      guard rest.count >= 2, let decoded = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      id.append(decoded)
      rest = rest.dropFirst(2)
    }
    return (1...96).contains(id.count) ? String(decoding: id, as: UTF8.self) : nil
  }
}
