import Platform

/// What StartSession and ResumeSession answer. Printing shows neither token nor the stream address's query.
struct StartSessionResponse: Equatable, Sendable {
  let sessionID: String
  let tokenValue: String
  /// The address of the data channel, opaque.
  let streamURL: String

  init(sessionID: String, tokenValue: String, streamURL: String) {
    self.sessionID = sessionID
    self.tokenValue = tokenValue
    self.streamURL = streamURL
  }

  /// Reads JSON with SessionId, TokenValue and StreamUrl in any letter case; other members are ignored.
  init(json: JSON) throws(ResponseError) { fatalError() }

  /// The response as the API gives it.
  var json: JSON { fatalError() }

  enum ResponseError: Error, Equatable, Sendable {
    case notAnObject
    case missing(member: String)
  }
}
