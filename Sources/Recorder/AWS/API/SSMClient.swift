import Platform

/// The calls of AWS Systems Manager that a session needs.
struct SSMClient {
  private let service: AWSJSONClient

  /// - Parameter endpoint: where the service is, for example `https://ssm.eu-central-1.amazonaws.com/`.
  init(
    endpoint: URLParts, region: String, transport: APITransport,
    credentials: @escaping () throws(CredentialError) -> Credentials,
    jitter: @escaping () -> Int64 = { Int64.random(in: 0..<500) }
  ) {
    service = AWSJSONClient(
      .systemsManager, endpoint: endpoint, region: region, transport: transport, credentials: credentials,
      jitter: jitter)
  }

  func startSession(_ request: SessionRequest) throws(APIError) -> StartSessionResponse {
    try response("StartSession", try service.call("StartSession", request.json))
  }

  /// A new token, and perhaps a new stream address, for a session; nil where the session is over, which the
  /// service tells by an empty token (protocol.md §3.5).
  func resumeSession(_ session: StartSessionResponse) throws(APIError) -> StartSessionResponse? {
    let operation = "ResumeSession"
    let answer = try service.call(operation, ["SessionId": .string(session.sessionID)])
    let token = answer.member(ignoringCase: "TokenValue")?.string ?? ""
    if token.isEmpty { return nil }
    let url = answer.member(ignoringCase: "StreamUrl")?.string ?? ""
    let resumed: JSON = [
      "SessionId": .string(session.sessionID), "TokenValue": .string(token),
      "StreamUrl": .string(url.isEmpty ? session.streamURL : url),
    ]
    return try response(operation, resumed)
  }

  func terminateSession(_ sessionID: String) throws(APIError) {
    _ = try service.call("TerminateSession", ["SessionId": .string(sessionID)])
  }

  private func response(_ operation: String, _ json: JSON) throws(APIError) -> StartSessionResponse {
    do throws(StartSessionResponse.ResponseError) {
      return try StartSessionResponse(json: json)
    } catch {
      throw .badAnswer(operation: operation, reason: error.description)
    }
  }
}
