import Platform

/// An access key as AWS gives it out. Neither printing nor reflection shows the secret or the session token.
struct Credentials: Equatable, Sendable {
  let accessKeyID: String
  let secretAccessKey: String
  /// Set for temporary credentials.
  let sessionToken: String?
  /// When they stop to work; nil where that is not known, or never.
  var expiration: Timestamp?

  init(
    accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Timestamp? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiration = expiration
  }

  /// Reads the four members that AWS's services give, under the names they have there; nil where the key or
  /// its secret is missing.
  init?(_ json: JSON, key: String, secret: String, token: String, expiration: String) {
    guard let id = json[key]?.string, !id.isEmpty, let hidden = json[secret]?.string, !hidden.isEmpty else {
      return nil
    }
    self.init(
      accessKeyID: id, secretAccessKey: hidden, sessionToken: json[token]?.string,
      expiration: json[expiration]?.string.flatMap { Timestamp(iso8601: $0) })
  }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "access key \(accessKeyID)" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}
