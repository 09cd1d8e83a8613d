/// Why there are no credentials, or why the shared files cannot be used. None of them holds a secret.
enum CredentialError: Error, Equatable, Sendable {
  case noneFound(profile: String)
  case unknownProfile(String, known: [String], files: [String])
  /// One of two settings that belong together is there without the other.
  case incomplete(source: String, missing: String)
  /// Settings of a profile that contradict each other or lead nowhere.
  case badConfiguration(profile: String, reason: String)
  /// The profile asks for a way to get credentials that is not there.
  case unsupported(profile: String, way: String)
  /// `credential_process` failed or printed something else than credentials.
  case processFailed(profile: String, reason: String)
  /// A service that gives out credentials did not.
  case notGiven(source: CredentialSource, reason: String)
  /// A single sign-on that has ended, or was never begun.
  case signedOut(profile: String, reason: String)
  /// The role asks for a second factor, and there is nobody to ask.
  case secondFactorNeeded(profile: String, serial: String)
  case interrupted
  case unreadable(path: String, reason: String)
}

extension CredentialError: CustomStringConvertible {
  var description: String {
    switch self {
    case .noneFound(let profile):
      "no AWS credentials found for profile \"\(profile)\"; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
        + "run \"aws configure\", or name another profile with --profile; \"ssmrec doctor\" tells where was "
        + "looked"
    case .unknownProfile(let name, let known, let files):
      "there is no profile \"\(name)\" in \(files.joined(separator: " or "))"
        + (known.isEmpty ? "" : "; there are: \(known.joined(separator: ", "))")
    case .incomplete(let source, let missing):
      "the credentials in \(source) are incomplete: \(missing) is missing"
    case .badConfiguration(let profile, let reason): "profile \"\(profile)\" cannot be used: \(reason)"
    case .unsupported(let profile, let way):
      "profile \"\(profile)\" gets its credentials by \(way), which is not supported; run eval \"$(aws "
        + "configure export-credentials --profile \(profile) --format env)\" first, or use "
        + "the AWS CLI with this plugin"
    case .processFailed(let profile, let reason):
      "the credential_process of profile \"\(profile)\" failed: \(reason)"
    case .notGiven(let source, let reason): "no credentials from \(source): \(reason)"
    case .signedOut(let profile, let reason): "\(reason); run \"aws sso login --profile \(profile)\""
    case .secondFactorNeeded(let profile, let serial):
      "the role of profile \"\(profile)\" asks for a code of \(serial), and there is no terminal to ask on; "
        + "run any command of the AWS CLI with this profile first, whose cached credentials are then used"
    case .interrupted: "interrupted while credentials were looked up"
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    }
  }
}
