import Platform

/// Why a shorthand text cannot be read, and where.
struct ShorthandError: Error, Equatable, Sendable {
  enum Problem: Equatable, Sendable {
    /// nil: the text ends where something else must stand.
    case expected(String, found: Character?)
    case duplicateName(String)
    case tooDeep(limit: Int)
    case unreadableFile(path: String, Errno)
  }
  let problem: Problem
  /// Characters from the start of the text.
  let offset: Int
}

extension ShorthandError: CustomStringConvertible {
  var description: String {
    switch problem {
    case .expected(let wanted, nil):
      "it ends where \(wanted) is expected; write name=value or name=value1,value2"
    case .expected(let wanted, let found?):
      "\(wanted) is expected at character \(offset + 1), not \"\(found)\"; write name=value,name2=value, and "
        + "quote values that hold commas or equals signs"
    case .duplicateName(let name): "\"\(name)\" is given twice; write lists as \(name)=value1,value2"
    case .tooDeep(let limit): "it is nested deeper than \(limit) levels"
    case .unreadableFile(let path, let error): "cannot read \(path): \(error)"
    }
  }
}

/// The AWS CLI's shorthand for structured options: `name=value,other=a,b,list=[x,"y z"],map={k=v}`.
///
/// Follows the grammar of awscli's `shorthand.py` in every detail, odd ones too: a list without brackets ends
/// where a word followed by `=` begins, which is only seen afterwards, so the reader goes back a comma.
enum Shorthand {
  struct Member: Equatable, Sendable {
    var name: String
    var value: Value
  }

  indirect enum Value: Equatable, Sendable {
    case text(String)
    case list([Value])
    case map([Member])

    var text: String? { if case .text(let text) = self { text } else { nil } }
  }

  /// Deepest nesting of brackets and braces.
  static let maximumDepth = 32
}
