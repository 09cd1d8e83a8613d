import Platform

/// One of AWS's services that speak awsJson1.1 (protocol.md §1.1): calls are signed and retried as the SDKs do.
struct AWSJSONClient {
  /// Which service: its name in signatures, and what stands before an operation in `X-Amz-Target`.
  struct Service: Equatable, Sendable {
    let signingName: String
    let targetPrefix: String

    static let systemsManager = Service(signingName: "ssm", targetPrefix: "AmazonSSM")
    static let keyManagement = Service(signingName: "kms", targetPrefix: "TrentService")
  }

  let service: Service
  /// Where it is, for example `https://ssm.eu-central-1.amazonaws.com/`.
  let endpoint: URLParts
  let region: String
  /// Asked again for each try, so that renewed credentials are found.
  private let credentials: () throws(CredentialError) -> Credentials
  private let transport: APITransport
  /// 0…499 ms, in milliseconds, that a retry waits longer.
  private let jitter: () -> Int64

  init(
    _ service: Service, endpoint: URLParts, region: String, transport: APITransport,
    credentials: @escaping () throws(CredentialError) -> Credentials,
    jitter: @escaping () -> Int64 = { Int64.random(in: 0..<500) }
  ) {
    self.service = service
    self.endpoint = endpoint
    self.region = region
    self.transport = transport
    self.credentials = credentials
    self.jitter = jitter
  }

  /// One operation, tried again while the service is throttling or failing.
  func call(_ operation: String, _ input: JSON) throws(APIError) -> JSON {
    let answer = try transport.answer(to: operation, at: endpoint, jitter: jitter) {
      () throws(APIError) in
      try request(operation, input)
    }
    return try json(operation, answer)
  }

  private func request(_ operation: String, _ input: JSON) throws(APIError) -> HTTPRequest {
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
        "X-Amz-Target": "\(service.targetPrefix).\(operation)",
      ], body: input.encoded())
    SigV4.sign(
      &request, with: key, region: region, service: service.signingName, at: transport.timestamp())
    return request
  }

  private func json(_ operation: String, _ answer: HTTPResponse) throws(APIError) -> JSON {
    do throws(JSONError) {
      return try JSON(parsing: answer.body)
    } catch {
      throw .badAnswer(operation: operation, reason: "it is no JSON: \(error)")
    }
  }
}
