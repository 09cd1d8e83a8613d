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

  /// Why a text is no StartSession response. What it holds is left out: it may be secret.
  enum ResponseError: Error, Equatable, Sendable {
    case notJSON(JSONError)
    case notAnObject
    case missing(member: String)
    case badStreamURL(URLPartsError)
  }

  /// Reads JSON with SessionId, TokenValue and StreamUrl in any letter case; other members are ignored.
  init(json: JSON) throws(ResponseError) {
    guard case .object = json else { throw .notAnObject }
    func member(_ name: String) throws(ResponseError) -> String {
      guard let text = json.member(ignoringCase: name)?.string, !text.isEmpty else {
        throw .missing(member: name)
      }
      return text
    }
    sessionID = try member("SessionId")
    tokenValue = try member("TokenValue")
    streamURL = try member("StreamUrl")
    _ = try stream()
  }

  /// Reads JSON text.
  init(parsing text: [UInt8]) throws(ResponseError) {
    let json: JSON
    do throws(JSONError) {
      json = try JSON(parsing: text)
    } catch {
      throw .notJSON(error)
    }
    try self.init(json: json)
  }

  /// The stream's address taken apart.
  func stream() throws(ResponseError) -> URLParts {
    do throws(URLPartsError) {
      return try URLParts(parsing: streamURL)
    } catch {
      throw .badStreamURL(error)
    }
  }

  /// The response as the API gives it.
  var json: JSON {
    [
      "SessionId": .string(sessionID), "TokenValue": .string(tokenValue), "StreamUrl": .string(streamURL),
    ]
  }
}

extension StartSessionResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "session \(sessionID)" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: ["sessionID": sessionID]) }
}

extension StartSessionResponse.ResponseError: CustomStringConvertible {
  var description: String {
    switch self {
    case .notJSON(let error): "the StartSession response is no JSON: \(error)"
    case .notAnObject: "the StartSession response is no JSON object"
    case .missing(let member):
      "the StartSession response has no \(member); expected are SessionId, TokenValue and StreamUrl"
    case .badStreamURL(let error): "the StreamUrl of the StartSession response cannot be used: \(error)"
    }
  }
}
