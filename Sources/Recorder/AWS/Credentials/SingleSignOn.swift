import Format
import Platform

/// Credentials by IAM Identity Center: the token that `aws sso login` left on this machine, renewed where it can
/// be, exchanged for the credentials of the profile's account and role.
struct SingleSignOn {
  /// What a profile says about it, complete.
  struct Settings: Equatable, Sendable {
    var startURL: String
    var region: String
    var accountID: String
    var roleName: String
    /// The `[sso-session NAME]` section; nil for a profile that holds all by itself, the older form.
    var session: String?
  }

  let profile: Profile
  let configuration: SharedConfiguration
  let environment: Environment
  let network: CredentialNetwork
  let now: () -> Timestamp

  /// A token with less than this left, in microseconds, is renewed.
  private static let renewalWindow: Int64 = 900_000_000

  func look() throws(CredentialError) -> CredentialFinding {
    guard let settings = try settings() else {
      return .passedOver(reason: "profile \"\(profile.name)\" has no sso_account_id or sso_role_name")
    }
    let token = try token(settings)
    let credentials = try roleCredentials(settings, token: token)
    let place = settings.session.map { "sso-session \($0)" } ?? settings.startURL
    return .found(
      credentials, detail: "role \(settings.roleName) in account \(settings.accountID), \(place)")
  }

  // MARK: - Settings

  /// - Returns: nil where the profile does not ask for single sign-on.
  private func settings() throws(CredentialError) -> Settings? {
    guard profile.settings.values["sso_account_id"] != nil || profile.settings.values["sso_role_name"] != nil
    else { return nil }
    var values = profile.settings.values
    let session = values["sso_session"]
    if let session {
      guard let shared = configuration.singleSignOnSession(session) else {
        throw .badConfiguration(
          profile: profile.name, reason: "there is no section [sso-session \(session)] in the config file")
      }
      for (name, value) in shared {
        if let own = values[name], own != value {
          throw .badConfiguration(
            profile: profile.name, reason: "\(name) differs from that of [sso-session \(session)]")
        }
        values[name] = value
      }
    }
    let names = ["sso_role_name", "sso_account_id", "sso_start_url", "sso_region"]
    let missing = names.filter { values[$0] == nil }
    guard missing.isEmpty, let role = values["sso_role_name"], let account = values["sso_account_id"],
      let url = values["sso_start_url"], let region = values["sso_region"]
    else {
      throw .badConfiguration(
        profile: profile.name, reason: "it uses single sign-on and lacks \(missing.joined(separator: ", "))")
    }
    return Settings(startURL: url, region: region, accountID: account, roleName: role, session: session)
  }

  private func endpoint(_ service: String, _ settings: Settings) throws(CredentialError) -> URLParts {
    do throws(EndpointError) {
      return try Endpoint.url(
        service: service, region: settings.region, environment: environment, profile: profile)
    } catch {
      throw .badConfiguration(profile: profile.name, reason: "\(error)")
    }
  }

  // MARK: - The token

  /// A token that has not expired, renewed where it soon will.
  private func token(_ settings: Settings) throws(CredentialError) -> String {
    let name = settings.session ?? settings.startURL
    let cache = SingleSignOnCache(key: name, environment: environment)
    guard let token = try cache.read() else {
      throw .signedOut(profile: profile.name, reason: "nobody is signed in to \(name)")
    }
    let isLate = token.expiration.microseconds - now().microseconds < Self.renewalWindow
    if settings.session != nil, isLate, let renewed = try renew(token, settings) {
      // A folder that cannot be written costs another renewal the next time, nothing else.
      try? cache.write(renewed)
      return renewed.accessToken
    }
    guard token.expiration > now() else {
      throw .signedOut(profile: profile.name, reason: "the sign-on to \(name) has expired")
    }
    return token.accessToken
  }

  /// - Returns: nil where the cache holds nothing to renew with, or the service will not have it.
  private func renew(
    _ token: SingleSignOnCache.Token, _ settings: Settings
  ) throws(CredentialError) -> SingleSignOnCache.Token? {
    guard let registration = token.registration, registration.expiration > now() else { return nil }
    let url = try endpoint("sso-oidc", settings).appending(path: "/token")
    let body: JSON = [
      "clientId": .string(registration.clientID), "clientSecret": .string(registration.clientSecret),
      "grantType": "refresh_token", "refreshToken": .string(registration.refreshToken),
    ]
    do throws(APIError) {
      let answer = try network.service.answer(to: "CreateToken", at: url) { () throws(APIError) in
        HTTPRequest(
          method: "POST", target: url.requestTarget,
          fields: [
            "Host": url.hostField, "User-Agent": "ssmcast", "Content-Type": "application/json",
          ], body: body.encoded())
      }
      guard let json = try? JSON(parsing: answer.body),  // told as a renewal that did not work
        let accessToken = json["accessToken"]?.string, let seconds = json["expiresIn"]?.integer,
        0..<(1 << 32) ~= seconds
      else { return nil }
      let expiration = Timestamp(microseconds: now().microseconds + seconds * 1_000_000)
      return token.renewed(
        accessToken: accessToken, expiration: expiration, refreshToken: json["refreshToken"]?.string)
    } catch {
      if error == .connection(.interrupted) { throw .interrupted }
      return nil
    }
  }

  // MARK: - The credentials

  private func roleCredentials(_ settings: Settings, token: String) throws(CredentialError) -> Credentials {
    let query =
      "role_name=\(SigV4.encoded(settings.roleName.utf8))&account_id=\(SigV4.encoded(settings.accountID.utf8))"
    let url = try endpoint("sso", settings).appending(path: "/federation/credentials", query: query)
    let answer: HTTPResponse
    do throws(APIError) {
      answer = try network.service.answer(to: "GetRoleCredentials", at: url) { () throws(APIError) in
        HTTPRequest(
          method: "GET", target: url.requestTarget,
          fields: ["Host": url.hostField, "User-Agent": "ssmcast", "x-amz-sso_bearer_token": token])
      }
    } catch {
      if case .service(_, let problem) = error, problem.status == 401 {
        throw .signedOut(profile: profile.name, reason: "the sign-on to \(settings.startURL) is not valid")
      }
      if error == .connection(.interrupted) { throw .interrupted }
      throw .notGiven(source: .singleSignOn, reason: "\(error)")
    }
    let json = (try? JSON(parsing: answer.body))?["roleCredentials"]  // told as an answer without credentials
    guard
      var found = json.flatMap({
        Credentials(
          $0, key: "accessKeyId", secret: "secretAccessKey", token: "sessionToken", expiration: "-")
      })
    else {
      throw .notGiven(source: .singleSignOn, reason: "the answer to GetRoleCredentials holds none")
    }
    if let milliseconds = json?["expiration"]?.integer, 0..<(1 << 50) ~= milliseconds {
      found.expiration = Timestamp(microseconds: milliseconds * 1000)
    }
    return found
  }
}
