/// A JSON value (RFC 8259) that keeps the order of its members and the digits of its numbers.
///
/// Reading is bounded and never crashes; `JSON(parsing:)` says at which byte a text is wrong.
public enum JSON: Equatable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// The digits as they stood in the text, for example "1.50" or "6e3".
  case number(String)
  /// A string.
  case string(String)
  /// An array, in order.
  case array([JSON])
  /// Members in their order; a name may occur twice, `subscript` finds the last one.
  case object([Member])

  /// One name and value of an object.
  public struct Member: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: JSON
    /// A name and its value.
    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }
}

extension JSON {
  /// The value of a member; nil where this is no object or has no such member.
  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  /// The value of a member whose name matches in any letter case (ASCII), as Go's decoder does.
  public func member(ignoringCase name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    let wanted = name.lowercased()
    return members.last { $0.name.lowercased() == wanted }?.value
  }

  /// The string that it is, if it is one.
  public var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The truth value that it is, if it is one.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The elements of the array that it is, if it is one.
  public var array: [JSON]? { if case .array(let values) = self { values } else { nil } }
  /// The members of the object that it is, if it is one, in order.
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  /// A whole number that fits; nil for fractions, exponents and all else.
  public var integer: Int64? { if case .number(let digits) = self { Int64(digits) } else { nil } }
  /// The nearest floating-point number; nil where the number is too large for one.
  public var double: Double? {
    guard case .number(let digits) = self, let value = Double(digits), value.isFinite else { return nil }
    return value
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  /// A string from a literal, as in `let value: JSON = "text"`.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A number from a literal.
  public init(integerLiteral value: Int64) { self = .number(String(value)) }
  /// True or false from a literal.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Null from `nil`.
  public init(nilLiteral: ()) { self = .null }
  /// An array from a literal.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// An object from a literal, in its order.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }

  /// A whole number.
  public init(_ value: some BinaryInteger) { self = .number(String(value)) }

  /// A string, or null where there is none.
  public init(_ text: String?) { self = text.map { .string($0) } ?? .null }
}
