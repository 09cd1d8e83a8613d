import Platform

/// The calls of AWS Systems Manager that a session needs, signed and retried as the SDKs do.
struct SSMClient {
  /// Where the service is, for example `https://ssm.eu-central-1.amazonaws.com/`.
  let endpoint: URLParts
  let region: String
  /// Asked again for each try, so that renewed credentials are found.
  private let credentials: () throws(CredentialError) -> Credentials
  private let transport: APITransport
  /// 0…499 ms, in milliseconds, that a retry waits longer.
  private let jitter: () -> Int64

  /// Tries after the first (protocol.md §1.3).
  static let maximumRetryCount = 3

  init(
    endpoint: URLParts, region: String, transport: APITransport,
    credentials: @escaping () throws(CredentialError) -> Credentials,
    jitter: @escaping () -> Int64 = { Int64.random(in: 0..<500) }
  ) {
    self.endpoint = endpoint
    self.region = region
    self.transport = transport
    self.credentials = credentials
    self.jitter = jitter
  }

  func startSession(_ request: SessionRequest) throws(APIError) -> StartSessionResponse {
    try response("StartSession", try call("StartSession", request.json))
  }

  /// A new token, and perhaps a new stream address, for a session; nil where the session is over, which the
  /// service tells by an empty token (protocol.md §3.5).
  func resumeSession(_ session: StartSessionResponse) throws(APIError) -> StartSessionResponse? {
    let operation = "ResumeSession"
    let answer = try call(operation, ["SessionId": .string(session.sessionID)])
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
    _ = try call("TerminateSession", ["SessionId": .string(sessionID)])
  }

  private func response(_ operation: String, _ json: JSON) throws(APIError) -> StartSessionResponse {
    do throws(StartSessionResponse.ResponseError) {
      return try StartSessionResponse(json: json)
    } catch {
      throw .badAnswer(operation: operation, reason: error.description)
    }
  }

  /// One operation of awsJson1.1 (protocol.md §1.1), tried again while the service is throttling or failing.
  func call(_ operation: String, _ input: JSON) throws(APIError) -> JSON {
    var retryCount = 0
    while true {
      let answer = try send(operation, input)
      if 200..<300 ~= answer.status { return try json(operation, answer) }
      let error = ServiceError(answer)
      guard error.isRetryable, retryCount < Self.maximumRetryCount else {
        throw .service(operation: operation, error)
      }
      do throws(ConnectionError) {
        try transport.pause((1000 + jitter()) * 1000 << Int64(retryCount))
      } catch {
        throw .connection(error)
      }
      retryCount += 1
    }
  }

  private func send(_ operation: String, _ input: JSON) throws(APIError) -> HTTPResponse {
    let key: Credentials
    do throws(CredentialError) {
      key = try credentials()
    } catch {
      throw .credentials(error)
    }
    var request = HTTPRequest(
      method: "POST", target: endpoint.requestTarget,
      fields: [
        "Host": endpoint.hostField, "User-Agent": "ssmcast", "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonSSM.\(operation)",
      ], body: input.encoded())
    SigV4.sign(&request, with: key, region: region, service: "ssm", at: transport.timestamp())
    do throws(ConnectionError) {
      return try transport.send(request, endpoint)
    } catch {
      throw .connection(error)
    }
  }

  private func json(_ operation: String, _ answer: HTTPResponse) throws(APIError) -> JSON {
    do throws(JSONError) {
      return try JSON(parsing: answer.body)
    } catch {
      throw .badAnswer(operation: operation, reason: "it is no JSON: \(error)")
    }
  }
}
