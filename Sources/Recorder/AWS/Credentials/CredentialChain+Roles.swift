import Platform

/// Roles that are assumed: with other credentials, or with an identity provider's token.
extension CredentialChain {
  func lookForRole() throws(CredentialError) -> CredentialFinding {
    guard Self.asksForRole(profile) else {
      return .passedOver(
        reason: profile["role_arn"] == nil
          ? "profile \"\(profile.name)\" has no role_arn"
          : "profile \"\(profile.name)\" assumes its role with a web identity token")
    }
    let (found, way) = try assumeRole(of: profile, visited: [profile.name])
    return .found(found, detail: way)
  }

  private static func asksForRole(_ profile: Profile) -> Bool {
    profile["role_arn"] != nil && profile["web_identity_token_file"] == nil
  }

  private static func hasKeys(_ profile: Profile) -> Bool {
    profile["aws_access_key_id"] != nil || profile["aws_secret_access_key"] != nil
  }

  /// - Parameter visited: the profiles on the way here, so that no circle is walked.
  private func assumeRole(
    of profile: Profile, visited: [String]
  ) throws(CredentialError) -> (Credentials, way: String) {
    let way = "role_arn of profile \"\(profile.name)\""
    let ownName = profile["role_session_name"]
    var role = STSClient.Role(
      arn: profile["role_arn"] ?? "", sessionName: ownName ?? defaultSessionName,
      externalID: profile["external_id"], serialNumber: profile["mfa_serial"])
    // Python's int() decides in the AWS CLI; what is no number is passed over there too.
    role.durationSeconds = profile["duration_seconds"].flatMap { Int($0) }
    let needed = Timestamp(microseconds: now().microseconds + CredentialProvider.renewalWindow)
    let cache = RoleCache(role: role, sessionName: ownName, environment: environment)
    let (source, sourceWay) = try sourceCredentials(of: profile, visited: visited)
    if let cached = cache.credentials(validUntil: needed) {
      return (cached, "\(way), cached by the AWS CLI")
    }
    guard let source = try source() else {
      throw .badConfiguration(profile: profile.name, reason: "its \(sourceWay) has no credentials")
    }
    if let serial = role.serialNumber {
      guard let askCode else { throw .secondFactorNeeded(profile: profile.name, serial: serial) }
      role.tokenCode = try askCode(serial)
    }
    let client = try securityTokenService(for: profile)
    do throws(APIError) {
      return (try client.assume(role, with: source), "\(way), with \(sourceWay)")
    } catch {
      if error == .connection(.interrupted) { throw .interrupted }
      throw .notGiven(source: .assumedRole, reason: "\(role.arn): \(error)")
    }
  }

  private var defaultSessionName: String { "ssmcast-session-\(now().seconds)" }

  /// Checks the settings at once, and looks only when asked.
  private func sourceCredentials(
    of profile: Profile, visited: [String]
  ) throws(CredentialError) -> (look: () throws(CredentialError) -> Credentials?, way: String) {
    switch (profile["source_profile"], profile["credential_source"]) {
    case (.some, .some):
      throw .badConfiguration(
        profile: profile.name, reason: "it has both source_profile and credential_source")
    case (nil, nil):
      throw .incomplete(
        source: "profile \"\(profile.name)\"", missing: "source_profile or credential_source")
    case (nil, .some(let name)):
      let source: CredentialSource
      switch name {
      case "Environment": source = .environment
      case "EcsContainer": source = .container
      case "Ec2InstanceMetadata": source = .instance
      default:
        throw .badConfiguration(
          profile: profile.name,
          reason: "credential_source \"\(name)\" is none of Environment, "
            + "Ec2InstanceMetadata and EcsContainer")
      }
      return ({ () throws(CredentialError) in try named(source) }, "credential_source \(name)")
    case (.some(let name), nil):
      guard let next = configuration.profile(name) else {
        throw .badConfiguration(
          profile: profile.name, reason: "its source_profile \"\(name)\" does not exist")
      }
      if visited.contains(name), name != profile.name || !Self.hasKeys(next) {
        throw .badConfiguration(
          profile: profile.name,
          reason: "its source_profile leads in a circle: \((visited + [name]).joined(separator: ", "))")
      }
      return (
        { () throws(CredentialError) in try credentials(of: next, visited: visited + [name]) },
        "source_profile \"\(name)\""
      )
    }
  }

  private func named(_ source: CredentialSource) throws(CredentialError) -> Credentials? {
    if source == .environment { return try keysInEnvironment() }
    guard case .found(let found, _) = try look(into: source) else { return nil }
    return found
  }

  private func credentials(of profile: Profile, visited: [String]) throws(CredentialError) -> Credentials? {
    if !Self.hasKeys(profile), Self.asksForRole(profile) {
      return try assumeRole(of: profile, visited: visited).0
    }
    for source in Self.profileSources {
      if case .found(let found, _) = try look(into: source, of: profile) { return found }
    }
    return nil
  }

  private func securityTokenService(for profile: Profile) throws(CredentialError) -> STSClient {
    do throws(EndpointError) {
      return STSClient(
        endpoint: try Endpoint.securityTokenService(
          region: region, environment: environment, profile: self.profile),
        region: region ?? "us-east-1", transport: network.service)
    } catch {
      throw .badConfiguration(profile: profile.name, reason: "\(error)")
    }
  }

  // MARK: - Web identity

  /// - Parameter readsEnvironment: whether `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and
  ///   `AWS_ROLE_SESSION_NAME` count; each comes before the profile's setting.
  func lookForWebIdentity(
    of profile: Profile, readsEnvironment: Bool
  ) throws(CredentialError) -> CredentialFinding {
    func setting(_ variable: String, _ name: String) -> (value: String, origin: String)? {
      if readsEnvironment, let value = environment.nonEmpty(variable) { return (value, variable) }
      return profile[name].map { ($0, "\(name) of profile \"\(profile.name)\"") }
    }
    guard let file = setting("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else {
      let variable = readsEnvironment ? "AWS_WEB_IDENTITY_TOKEN_FILE is not set, and " : ""
      return .passedOver(reason: "\(variable)profile \"\(profile.name)\" has no web_identity_token_file")
    }
    guard let arn = setting("AWS_ROLE_ARN", "role_arn")?.value else {
      throw .incomplete(source: file.origin, missing: "AWS_ROLE_ARN or role_arn")
    }
    let path = Host.expanded(file.value, environment)
    let token: [UInt8]
    do throws(Errno) {
      token = try File.read(path, limit: 64 << 10)
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
    let role = STSClient.Role(
      arn: arn,
      sessionName: setting("AWS_ROLE_SESSION_NAME", "role_session_name")?.value ?? defaultSessionName)
    let client = try securityTokenService(for: profile)
    do throws(APIError) {
      let found = try client.assume(
        role, webIdentityToken: String(decoding: ASCII.trimmed(token.filter { $0 != 0x0A }), as: UTF8.self))
      return .found(found, detail: file.origin)
    } catch {
      if error == .connection(.interrupted) { throw .interrupted }
      throw .notGiven(source: .webIdentity, reason: "\(arn): \(error)")
    }
  }
}
