import Format
import Platform

/// The file in `~/.aws/sso/cache` in which `aws sso login` leaves a token. Its name is the SHA-1 of the session's
/// name, or of the start address.
struct SingleSignOnCache {
  struct Token: Sendable {
    var accessToken: String
    var expiration: Timestamp
    /// What a new token can be had with; nil where the file lacks a part of it.
    var registration: Registration?
    /// The file's members, so that none is lost when it is written again.
    var json: JSON
  }

  struct Registration: Sendable {
    var clientID: String
    var clientSecret: String
    var refreshToken: String
    var expiration: Timestamp
  }

  let path: String

  init(key: String, environment: Environment) {
    let name = SHA1.hash(Array(key.utf8)).hexadecimal
    path = "\(Host.home(environment))/.aws/sso/cache/\(name).json"
  }

  /// - Returns: nil where nobody has signed in.
  /// - Throws: `.unreadable`; what the file holds is left out.
  func read() throws(CredentialError) -> Token? {
    let bytes: [UInt8]
    do throws(Errno) {
      bytes = try File.read(path, limit: 1 << 20)
    } catch {
      if error == .noSuchFile || error == .notDirectory { return nil }
      throw .unreadable(path: path, reason: "\(error)")
    }
    guard let json = try? JSON(parsing: bytes), json.members != nil else {  // the reason may quote the token
      throw .unreadable(path: path, reason: "it holds no JSON")
    }
    guard let token = json["accessToken"]?.string,
      let expiration = json["expiresAt"]?.string.flatMap({ Timestamp(iso8601: $0) })
    else { throw .unreadable(path: path, reason: "it lacks accessToken or expiresAt") }
    return Token(accessToken: token, expiration: expiration, registration: Registration(json), json: json)
  }

  /// Replaces the file, whole or not at all.
  func write(_ token: Token) throws(Errno) {
    let temporary = "\(path).\(Host.processID)"
    try File.write(token.json.encoded(), to: temporary, permissions: 0o600)
    try File.rename(temporary, to: path)
  }
}

extension SingleSignOnCache.Registration {
  fileprivate init?(_ json: JSON) {
    guard let id = json["clientId"]?.string, let secret = json["clientSecret"]?.string,
      let refresh = json["refreshToken"]?.string,
      let expiration = json["registrationExpiresAt"]?.string.flatMap({ Timestamp(iso8601: $0) })
    else { return nil }
    self.init(clientID: id, clientSecret: secret, refreshToken: refresh, expiration: expiration)
  }
}

extension SingleSignOnCache.Token {
  /// The token that takes this one's place.
  func renewed(accessToken: String, expiration: Timestamp, refreshToken: String?) -> Self {
    var changed: [(String, String?)] = [
      ("accessToken", accessToken), ("expiresAt", CalendarDate(expiration.withoutFraction).rfc3339),
    ]
    if let refreshToken { changed.append(("refreshToken", refreshToken)) }
    var members = json.members ?? []
    for (name, value) in changed {
      members.removeAll { $0.name == name }
      members.append(JSON.Member(name, JSON(value)))
    }
    var token = self
    token.accessToken = accessToken
    token.expiration = expiration
    token.json = .object(members)
    return token
  }
}

extension Timestamp {
  /// The second it lies in.
  fileprivate var withoutFraction: Timestamp { Timestamp(microseconds: seconds * 1_000_000) }
}

extension SingleSignOnCache.Token: CustomStringConvertible, CustomReflectable {
  var description: String { "a token of single sign-on" }
  var customMirror: Mirror { Mirror(self, children: []) }
}

extension SingleSignOnCache.Registration: CustomStringConvertible, CustomReflectable {
  var description: String { "a registration for single sign-on" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
