import Platform

/// What the service refuses of a call whose signature is good, in the names and words of AWS's own API
/// (awsJson1.1; Systems Manager API reference). What is wrong with signatures, `SigV4.verify` says.
enum ServiceFault: Error, Equatable, Sendable {
  case unknownOperation
  case serialization(String)
  case validation([String])
  case throttling
  case invalidDocument(String)
  case invalidDocumentVersion(String)
  case targetNotConnected(String)
  case noSuchSession(String)
  case invalidFilterKey
  case invalidNextToken
  case noSuchKey(String)
  /// A wrapped key that cannot be unwrapped; why, KMS does not say.
  case invalidCiphertext

  /// What stands in `__type`.
  var name: String {
    switch self {
    case .unknownOperation: "UnknownOperationException"
    case .serialization: "SerializationException"
    case .validation: "ValidationException"
    case .throttling: "ThrottlingException"
    case .invalidDocument: "InvalidDocument"
    case .invalidDocumentVersion: "InvalidDocumentVersion"
    case .targetNotConnected: "TargetNotConnected"
    case .noSuchSession: "DoesNotExistException"
    case .invalidFilterKey: "InvalidFilterKey"
    case .invalidNextToken: "InvalidNextToken"
    case .noSuchKey: "NotFoundException"
    case .invalidCiphertext: "InvalidCiphertextException"
    }
  }

  /// The text of `message`; nil where the service model has none.
  var message: String? {
    switch self {
    case .serialization(let text): text
    case .unknownOperation, .invalidFilterKey, .invalidCiphertext: nil
    case .validation(let problems):
      "\(problems.count) validation error\(problems.count == 1 ? "" : "s") detected: "
        + problems.joined(separator: "; ")
    case .throttling: "Rate exceeded"
    case .invalidDocument(let text), .invalidDocumentVersion(let text), .noSuchKey(let text): text
    case .targetNotConnected(let target): "\(target) is not connected."
    case .noSuchSession(let id): "Session with id \(id) does not exist."
    case .invalidNextToken: "The specified token is not valid."
    }
  }

  /// The error as it is answered: AWS's JSON services say 400 to whatever the caller did wrong.
  var serviceError: ServiceError { ServiceError(type: name, message: message ?? "", status: 400) }
}
