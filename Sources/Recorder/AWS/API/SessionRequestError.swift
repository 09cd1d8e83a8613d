import Platform

/// What is wrong with a request, by the API's own member names.
enum SessionRequestError: Error, Equatable, Sendable {
  case missing(member: String)
  case empty(member: String)
  case tooShort(member: String, minimum: Int)
  /// Counted in Unicode characters.
  case tooLong(member: String, count: Int, maximum: Int)
  case badCharacters(member: String, allowed: String)
  case wrongType(member: String, expected: String)
  case unknownMember(String)
  /// `source` is the option or file the text came from.
  case badJSON(source: String, JSONError)
  case badShorthand(ShorthandError)
  case unreadableFile(path: String, Errno)
}

extension SessionRequestError: CustomStringConvertible {
  var description: String {
    switch self {
    case .missing("Target"):
      "no target is given; name one with --target, for example --target i-0123456789abcdef0"
    case .missing(let member): "\(member) is missing"
    case .empty(let member): "\(member) is empty"
    case .tooShort(let member, let minimum): "\(member) is shorter than \(minimum) characters"
    case .tooLong(let member, let count, let maximum):
      "\(member) has \(count) characters; the service takes at most \(maximum)"
    case .badCharacters(let member, let allowed):
      "\(member) holds characters the service does not take; allowed: \(allowed)"
    case .wrongType(let member, let expected): "\(member) must be \(expected)"
    case .unknownMember(let name):
      "the request has no \"\(name)\"; known are Target, DocumentName, Reason and Parameters"
    case .badJSON(let source, let error): "\(source) is no JSON: \(error)"
    case .badShorthand(let error): "--parameters cannot be read: \(error)"
    case .unreadableFile(let path, let error): "cannot read \(path): \(error)"
    }
  }
}
