/// Why there are no credentials, or why the shared files cannot be used.
enum CredentialError: Error, Equatable, Sendable {
  case noneFound(profile: String)
  case unknownProfile(String, known: [String], files: [String])
  /// One of two settings that belong together is there without the other.
  case incomplete(source: String, missing: String)
  /// The profile asks for a way to get credentials that is not there yet.
  case unsupported(profile: String, way: String)
  /// `credential_process` failed or printed something else than credentials.
  case processFailed(profile: String, reason: String)
  case unreadable(path: String, reason: String)
}

extension CredentialError: CustomStringConvertible {
  var description: String {
    switch self {
    case .noneFound(let profile):
      "no AWS credentials found for profile \"\(profile)\"; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
        + "run \"aws configure\", or name another profile with --profile"
    case .unknownProfile(let name, let known, let files):
      "there is no profile \"\(name)\" in \(files.joined(separator: " or "))"
        + (known.isEmpty ? "" : "; there are: \(known.joined(separator: ", "))")
    case .incomplete(let source, let missing):
      "the credentials in \(source) are incomplete: \(missing) is missing"
    case .unsupported(let profile, let way):
      "profile \"\(profile)\" gets its credentials by \(way), which is not supported yet; run eval \"$(aws "
        + "configure export-credentials --profile \(profile) --format env)\" first, or use "
        + "the AWS CLI with this plugin"
    case .processFailed(let profile, let reason):
      "the credential_process of profile \"\(profile)\" failed: \(reason)"
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    }
  }
}
