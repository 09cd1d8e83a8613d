/// An access key as AWS gives it out. Neither printing nor reflection shows the secret or the session token.
struct Credentials: Equatable, Sendable {
  let accessKeyID: String
  let secretAccessKey: String
  /// Set for temporary credentials.
  let sessionToken: String?

  init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
  }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "access key \(accessKeyID)" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}
