import Platform

/// A StartSession request, checked against the API's own limits before it is sent (protocol.md §1.2).
struct SessionRequest: Equatable, Sendable {
  /// One parameter of the session document; values are always lists of strings.
  struct Parameter: Equatable, Sendable {
    var name: String
    var values: [String]
  }

  let target: String
  let documentName: String?
  let reason: String?
  let parameters: [Parameter]

  init(
    target: String, documentName: String? = nil, reason: String? = nil, parameters: [Parameter] = []
  ) throws(SessionRequestError) { fatalError() }

  /// Reads the API's JSON, as the embedded service receives it and `--cli-input-json` takes it.
  init(json: JSON) throws(SessionRequestError) { fatalError() }

  /// The request as the API takes it.
  var json: JSON { fatalError() }
}

/// What is wrong with a request, by the API's own member names.
enum SessionRequestError: Error, Equatable, Sendable {
  case missing(member: String)
  case tooShort(member: String, minimum: Int)
  case tooLong(member: String, count: Int, maximum: Int)
  case badCharacters(member: String, allowed: String)
  case wrongType(member: String, expected: String)
  case unknownMember(String)
  case badJSON(source: String, JSONError)
  case badShorthand(reason: String, offset: Int)
  case unreadableFile(path: String, Errno)
}
