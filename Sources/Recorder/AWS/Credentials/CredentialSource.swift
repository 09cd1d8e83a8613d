/// Where credentials can come from, in the order in which they are looked for, which is the AWS CLI's.
enum CredentialSource: CaseIterable, Equatable, Sendable {
  case environment
  case assumedRole
  case webIdentity
  case singleSignOn
  case credentialsFile
  case consoleLogin
  case process
  case configFile
  case container
  case instance
}

extension CredentialSource: CustomStringConvertible {
  var description: String {
    switch self {
    case .environment: "the environment"
    case .assumedRole: "an assumed role"
    case .webIdentity: "a web identity token"
    case .singleSignOn: "single sign-on"
    case .credentialsFile: "the credentials file"
    case .consoleLogin: "a console login"
    case .process: "a credential process"
    case .configFile: "the config file"
    case .container: "the container's endpoint"
    case .instance: "the instance's metadata service"
    }
  }
}

/// What looking into one source brought.
enum CredentialFinding: Equatable, Sendable {
  /// - Parameter detail: which setting led there.
  case found(Credentials, detail: String)
  /// Nothing there asks to be used.
  case passedOver(reason: String)
}

/// The way to a profile's credentials, source by source, for people.
struct CredentialTrace: Equatable, Sendable {
  enum Verdict: Equatable, Sendable {
    case used(detail: String)
    case passedOver(reason: String)
    /// It asks to be used and failed, which ends the search.
    case failed(CredentialError)
    /// One before it was used or failed.
    case notAsked
  }

  var steps: [(source: CredentialSource, verdict: Verdict)] = []

  static func == (left: CredentialTrace, right: CredentialTrace) -> Bool {
    left.steps.elementsEqual(right.steps) { $0.source == $1.source && $0.verdict == $1.verdict }
  }
}
