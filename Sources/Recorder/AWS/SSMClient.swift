import Platform

/// The calls of AWS Systems Manager that a session needs, signed and retried as the SDKs do.
struct SSMClient {
  /// Where the service is, for example `https://ssm.eu-central-1.amazonaws.com/`.
  let endpoint: URLParts
  let region: String

  func startSession(_ request: SessionRequest) throws(APIError) -> StartSessionResponse { fatalError() }

  /// A new token for a session; nil where the session is over (protocol.md §3.5).
  func resumeSession(_ sessionID: String) throws(APIError) -> StartSessionResponse? { fatalError() }

  func terminateSession(_ sessionID: String) throws(APIError) { fatalError() }
}

/// Why an API call brought no answer.
enum APIError: Error, Equatable, Sendable {
  case connection(ConnectionError)
  case service(operation: String, ServiceError)
  case credentials(CredentialError)
  /// The answer is none the operation has.
  case badAnswer(operation: String, reason: String)
}
