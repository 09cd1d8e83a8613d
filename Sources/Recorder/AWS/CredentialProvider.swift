import Platform

/// Finds credentials as the AWS CLI does: environment, then the profile in the shared files.
struct CredentialProvider: Sendable {
  init(environment: Environment, profile: String?) {}

  /// Looks again at each call, so that renewed credentials are found.
  func credentials() throws(CredentialError) -> Credentials { fatalError() }
}

/// Why there are no credentials.
enum CredentialError: Error, Equatable, Sendable {
  case noneFound(profile: String)
  case unknownProfile(String, files: [String])
  case incomplete(source: String, missing: String)
  /// The profile asks for a way to get credentials that is not there yet.
  case unsupported(profile: String, way: String)
  case processFailed(profile: String, reason: String)
  case unreadable(path: String, reason: String)
}
