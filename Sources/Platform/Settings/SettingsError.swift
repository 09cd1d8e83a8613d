/// Why settings cannot be used.
public enum SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file cannot be read.
  case unreadable(path: String, Errno)
  /// The file is not JSON.
  case malformed(path: String, JSONError)
  /// The file is JSON, but no object.
  case notAnObject(path: String)
  /// No setting has this name; `nearest` is the most like it.
  case unknownKey(String, Settings.Origin, nearest: String?)
  /// A JSON value of another type than the setting's; `found` names it.
  case wrongType(key: String, Settings.Origin, expected: SettingDeclaration.Kind, found: String)
  /// A text that does not stand for a value of the setting's kind.
  case badValue(key: String, Settings.Origin, expected: SettingDeclaration.Kind, found: String)
  /// A value of the right kind that cannot be used; `cause` says why and what would do.
  case unusable(key: String, Settings.Origin, cause: String)

  public var description: String {
    switch self {
    case .unusable(let key, let origin, let cause):
      "\(origin.description.printable): \"\(key)\" cannot be used: \(cause)"
    case .unreadable(let path, let error): "cannot read the settings in \(path.printable): \(error)"
    case .malformed(let path, let error):
      "the settings in \(path.printable) are no JSON: \(error); correct or remove the file"
    case .notAnObject(let path):
      "the settings in \(path.printable) must be one JSON object, such as {\"key\": \"value\"}"
    case .unknownKey(let key, let origin, let nearest):
      "\(origin.description.printable) sets \"\(key.printable)\", which is no setting"
        + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    case .wrongType(let key, let origin, let expected, let found):
      "\(origin.description.printable): \"\(key)\" must be \(expected), but is \(found)"
    case .badValue(let key, let origin, let expected, let found):
      "\(origin.description.printable): \"\(key)\" must be \(expected), but is \"\(found.printable)\""
    }
  }
}

extension SettingDeclaration.Kind: CustomStringConvertible {
  /// What a value must be, as error messages put it.
  public var description: String {
    switch self {
    case .text: "a text"
    case .path: "a path (a text)"
    case .choice(let choices): "one of " + choices.joined(separator: ", ")
    case .number: "a number"
    case .boolean: "true or false"
    }
  }
}
