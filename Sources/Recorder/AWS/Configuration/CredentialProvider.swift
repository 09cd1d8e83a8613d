import Platform

/// Finds credentials as the AWS CLI does: environment, then the profile in the shared files.
///
/// Roles, single sign-on and the instance's own credentials are named in the error; they come later, each as
/// one more way in `credentials(of:)`.
struct CredentialProvider: Sendable {
  private let environment: Environment
  private let profileName: String?

  /// - Parameter profile: `--profile`. It comes before keys in the environment, which `AWS_PROFILE` does not.
  init(environment: Environment, profile: String?) {
    self.environment = environment
    profileName = profile.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Looks again at each call, so that renewed credentials are found.
  func credentials() throws(CredentialError) -> Credentials {
    if profileName == nil, let found = try fromEnvironment() { return found }
    return try credentials(of: Profile.load(environment: environment, name: profileName))
  }

  private func fromEnvironment() throws(CredentialError) -> Credentials? {
    try Self.credentials(source: "the environment", names: Self.variables) { environment.nonEmpty($0) }
  }

  private func credentials(of profile: Profile) throws(CredentialError) -> Credentials {
    if let way = Self.unsupportedWay(profile) { throw .unsupported(profile: profile.name, way: way) }
    let source = "profile \"\(profile.name)\""
    let inCredentials = { (name: String) in profile.credentials.values[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    if let found = try Self.credentials(source: source, names: Self.settings, inCredentials) { return found }
    if let command = profile["credential_process"] {
      return try CredentialProcess.run(command, profile: profile.name, environment: environment)
    }
    if let found = try Self.credentials(source: source, names: Self.settings, { profile[$0] }) {
      return found
    }
    if let way = Self.unsupportedWay(environment) { throw .unsupported(profile: profile.name, way: way) }
    throw .noneFound(profile: profile.name)
  }

  private struct Names {
    let key: String
    let secret: String
    let tokens: [String]
  }

  private static let variables = Names(
    key: "AWS_ACCESS_KEY_ID", secret: "AWS_SECRET_ACCESS_KEY",
    tokens: ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"])
  private static let settings = Names(
    key: "aws_access_key_id", secret: "aws_secret_access_key",
    tokens: ["aws_session_token", "aws_security_token"])

  private static func credentials(
    source: String, names: Names, _ value: (String) -> String?
  ) throws(CredentialError) -> Credentials? {
    guard let key = value(names.key) else { return nil }
    guard let secret = value(names.secret) else { throw .incomplete(source: source, missing: names.secret) }
    return Credentials(
      accessKeyID: key, secretAccessKey: secret, sessionToken: names.tokens.lazy.compactMap(value).first)
  }

  /// What a profile asks for that comes before keys of its own, as in the AWS CLI.
  private static func unsupportedWay(_ profile: Profile) -> String? {
    if profile["role_arn"] != nil {
      return profile["web_identity_token_file"] == nil ? "assuming a role (role_arn)" : "a web identity token"
    }
    if profile["sso_session"] != nil || profile["sso_start_url"] != nil {
      return "single sign-on (sso_session)"
    }
    if profile["login_session"] != nil { return "console login (login_session)" }
    return nil
  }

  /// What the environment offers where no keys were found.
  private static func unsupportedWay(_ environment: Environment) -> String? {
    if environment.nonEmpty("AWS_WEB_IDENTITY_TOKEN_FILE") != nil { return "a web identity token" }
    for name in ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    where environment.nonEmpty(name) != nil {
      return "the container's credentials (\(name))"
    }
    return nil
  }
}
