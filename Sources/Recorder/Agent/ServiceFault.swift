import Platform

/// What the service refuses, in the names and words of AWS's own API (awsJson1.1; Systems Manager API reference,
/// "Common Error Types").
enum ServiceFault: Error, Equatable, Sendable {
  // Who asks.
  case missingAuthenticationToken
  case incompleteSignature(String)
  case invalidSignature(String)
  case unrecognizedClient
  // What is asked.
  case unknownOperation
  case serialization(String)
  case validation([String])
  case requestTooLarge(limit: Int)
  case throttling
  // What it means.
  case invalidDocument(String)
  case invalidDocumentVersion(String)
  case targetNotConnected(String)
  case noSuchSession(String)
  case invalidFilterKey
  case invalidNextToken

  /// What stands in `__type`.
  var name: String {
    switch self {
    case .missingAuthenticationToken: "MissingAuthenticationTokenException"
    case .incompleteSignature: "IncompleteSignatureException"
    case .invalidSignature: "InvalidSignatureException"
    case .unrecognizedClient: "UnrecognizedClientException"
    case .unknownOperation: "UnknownOperationException"
    case .serialization: "SerializationException"
    case .validation: "ValidationException"
    case .requestTooLarge: "RequestEntityTooLargeException"
    case .throttling: "ThrottlingException"
    case .invalidDocument: "InvalidDocument"
    case .invalidDocumentVersion: "InvalidDocumentVersion"
    case .targetNotConnected: "TargetNotConnected"
    case .noSuchSession: "DoesNotExistException"
    case .invalidFilterKey: "InvalidFilterKey"
    case .invalidNextToken: "InvalidNextToken"
    }
  }

  /// AWS's JSON services answer 400 to whatever the caller did wrong, signatures included.
  var status: Int {
    switch self {
    case .requestTooLarge: 413
    default: 400
    }
  }

  /// The text of `message`; nil where the service model has none.
  var message: String? {
    switch self {
    case .missingAuthenticationToken: "Missing Authentication Token"
    case .incompleteSignature(let text), .invalidSignature(let text), .serialization(let text): text
    case .unrecognizedClient: "The security token included in the request is invalid."
    case .unknownOperation, .invalidFilterKey: nil
    case .validation(let problems):
      "\(problems.count) validation error\(problems.count == 1 ? "" : "s") detected: "
        + problems.joined(separator: "; ")
    case .requestTooLarge(let limit): "The request body is longer than \(limit) bytes."
    case .throttling: "Rate exceeded"
    case .invalidDocument(let text), .invalidDocumentVersion(let text): text
    case .targetNotConnected(let target): "\(target) is not connected."
    case .noSuchSession(let id): "Session with id \(id) does not exist."
    case .invalidNextToken: "The specified token is not valid."
    }
  }

  /// The answer's body.
  var body: JSON {
    var members: [JSON.Member] = [.init("__type", .string(name))]
    if let message { members.append(.init("message", .string(message))) }
    return .object(members)
  }
}
