import Platform

/// One search for credentials, source after source, in the AWS CLI's order.
struct CredentialChain {
  let environment: Environment
  let configuration: SharedConfiguration
  let profile: Profile
  /// `--profile` was given: it comes before keys in the environment, which `AWS_PROFILE` does not.
  let isProfileGiven: Bool
  /// For calls to STS; nil: the global endpoint.
  let region: String?
  let network: CredentialNetwork
  /// Asks the person for a code of a second factor's device; nil: there is nobody to ask.
  let askCode: ((_ serial: String) throws(CredentialError) -> String)?
  let now: () -> Timestamp

  /// Looks into one source.
  func look(into source: CredentialSource) throws(CredentialError) -> CredentialFinding {
    switch source {
    case .environment: try lookInEnvironment()
    case .assumedRole: try lookForRole()
    case .webIdentity: try lookForWebIdentity(of: profile, readsEnvironment: !isProfileGiven)
    case .container: try ContainerCredentials(environment: environment, network: network).look()
    case .instance:
      try InstanceMetadata(environment: environment, profile: profile, network: network, now: now).look()
    default: try look(into: source, of: profile)
    }
  }

  /// The sources that a profile can name, in order.
  static let profileSources: [CredentialSource] = [
    .webIdentity, .singleSignOn, .credentialsFile, .consoleLogin, .process, .configFile,
  ]

  /// Looks into one of a profile's sources.
  func look(into source: CredentialSource, of profile: Profile) throws(CredentialError) -> CredentialFinding {
    switch source {
    case .webIdentity: return try lookForWebIdentity(of: profile, readsEnvironment: false)
    case .singleSignOn:
      return try SingleSignOn(
        profile: profile, configuration: configuration, environment: environment, network: network, now: now
      ).look()
    case .credentialsFile:
      return try Self.keys(in: profile.credentials, of: profile, file: configuration.paths[1])
    case .consoleLogin:
      guard profile["login_session"] == nil else {
        throw .unsupported(profile: profile.name, way: "console login (login_session)")
      }
      return .passedOver(reason: "profile \"\(profile.name)\" has no login_session")
    case .process:
      guard let command = profile["credential_process"] else {
        return .passedOver(reason: "profile \"\(profile.name)\" has no credential_process")
      }
      let found = try CredentialProcess.run(command, profile: profile.name, environment: environment)
      return .found(found, detail: "credential_process of profile \"\(profile.name)\"")
    case .configFile:
      return try Self.keys(in: profile.settings, of: profile, file: configuration.paths[0])
    case .environment, .assumedRole, .container, .instance:
      return .passedOver(reason: "it is no profile's")
    }
  }

  // MARK: - Keys as they stand

  private func lookInEnvironment() throws(CredentialError) -> CredentialFinding {
    if isProfileGiven { return .passedOver(reason: "a profile is named, which comes before it") }
    guard let found = try keysInEnvironment() else {
      return .passedOver(reason: "AWS_ACCESS_KEY_ID is not set")
    }
    return .found(found, detail: "AWS_ACCESS_KEY_ID")
  }

  /// The keys in the environment, whatever profile is named.
  func keysInEnvironment() throws(CredentialError) -> Credentials? {
    guard let key = environment.nonEmpty("AWS_ACCESS_KEY_ID") else { return nil }
    guard let secret = environment.nonEmpty("AWS_SECRET_ACCESS_KEY") else {
      throw .incomplete(source: "the environment", missing: "AWS_SECRET_ACCESS_KEY")
    }
    let token = environment.nonEmpty("AWS_SECURITY_TOKEN") ?? environment.nonEmpty("AWS_SESSION_TOKEN")
    return Credentials(
      accessKeyID: key, secretAccessKey: secret, sessionToken: token,
      expiration: environment.nonEmpty("AWS_CREDENTIAL_EXPIRATION").flatMap { Timestamp(iso8601: $0) })
  }

  private static func keys(
    in section: ConfigurationFile.Section, of profile: Profile, file: String
  ) throws(CredentialError) -> CredentialFinding {
    func value(_ name: String) -> String? { section.values[name].flatMap { $0.isEmpty ? nil : $0 } }
    guard let key = value("aws_access_key_id") else {
      return .passedOver(reason: "profile \"\(profile.name)\" has no aws_access_key_id in \(file)")
    }
    guard let secret = value("aws_secret_access_key") else {
      throw .incomplete(source: "profile \"\(profile.name)\"", missing: "aws_secret_access_key")
    }
    let found = Credentials(
      accessKeyID: key, secretAccessKey: secret,
      sessionToken: value("aws_security_token") ?? value("aws_session_token"))
    return .found(found, detail: "profile \"\(profile.name)\" in \(file)")
  }
}
