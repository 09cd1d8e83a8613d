/// Why an API call brought no answer.
enum APIError: Error, Equatable, Sendable {
  case connection(ConnectionError)
  case service(operation: String, ServiceError)
  case credentials(CredentialError)
  /// The answer is none the operation has.
  case badAnswer(operation: String, reason: String)
}

extension APIError: CustomStringConvertible {
  var description: String {
    switch self {
    case .connection(let error): error.description
    case .service(let operation, let error): "\(operation) failed: \(error)"
    case .credentials(let error): error.description
    case .badAnswer(let operation, let reason): "the answer to \(operation) cannot be used: \(reason)"
    }
  }
}
