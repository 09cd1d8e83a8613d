import Platform

/// The body of one call, read member by member; everything wrong with it is told at once, as AWS does.
///
/// A value of the wrong type ends the reading (`SerializationException`), one outside its limits is noted,
/// and `finish()` throws what was noted (`ValidationException`).
struct ServiceInput {
  private let root: JSON
  private(set) var problems: [String] = []

  /// An empty body counts as `{}`.
  init(parsing body: [UInt8]) throws(ServiceFault) {
    if body.isEmpty {
      root = .object([])
      return
    }
    do {
      root = try JSON(parsing: body)
    } catch {
      throw .serialization("Unable to parse the request body as JSON: \(error)")
    }
    guard root.members != nil else {
      throw .serialization("Start of structure or map found where not expected.")
    }
  }

  /// The member as sent; null counts as absent.
  subscript(_ name: String) -> JSON? {
    guard let value = root[name], value != .null else { return nil }
    return value
  }

  /// A string with a length in characters; required ones are noted where they are absent.
  mutating func string(
    _ name: String, required: Bool = false, length: ClosedRange<Int> = 0...Int.max
  ) throws(ServiceFault) -> String? {
    guard let value = self[name] else {
      if required { note("null", name, "Member must not be null") }
      return nil
    }
    let text = try Self.string(value)
    check(text, name, length: length)
    return text
  }

  mutating func integer(_ name: String, in range: ClosedRange<Int64>) throws(ServiceFault) -> Int64? {
    guard let value = self[name] else { return nil }
    guard let number = value.integer else {
      throw .serialization("\(Self.typeName(value)) can not be converted to an Integer")
    }
    if number < range.lowerBound {
      note("'\(number)'", name, "Member must have value greater than or equal to \(range.lowerBound)")
    } else if number > range.upperBound {
      note("'\(number)'", name, "Member must have value less than or equal to \(range.upperBound)")
    }
    return number
  }

  /// A map of string lists, as `Parameters` is.
  mutating func stringLists(_ name: String) throws(ServiceFault) -> [(name: String, values: [String])] {
    guard let value = self[name] else { return [] }
    guard let members = value.members else {
      throw .serialization("\(Self.typeName(value)) can not be converted to a Map")
    }
    var lists: [(name: String, values: [String])] = []
    for member in members {
      guard let elements = member.value.array else {
        throw .serialization("\(Self.typeName(member.value)) can not be converted to a List")
      }
      check(member.name, "\(name).key", length: 1...255)
      var values: [String] = []
      for element in elements {
        let text = try Self.string(element)
        check(text, "\(name).\(member.name).member", length: 1...65_535)
        values.append(text)
      }
      lists.append((member.name, values))
    }
    return lists
  }

  /// A map of strings, as `EncryptionContext` is; names that occur twice count once, with the last value.
  func strings(_ name: String) throws(ServiceFault) -> [(name: String, value: String)] {
    guard let value = self[name] else { return [] }
    guard let members = value.members else {
      throw .serialization("\(Self.typeName(value)) can not be converted to a Map")
    }
    var strings: [String: String] = [:]
    for member in members { strings[member.name] = try Self.string(member.value) }
    return strings.map { ($0.key, $0.value) }
  }

  /// Throws everything that was noted.
  func finish() throws(ServiceFault) {
    if !problems.isEmpty { throw .validation(problems) }
  }

  /// Notes that a member breaks a rule; `value` is quoted already, or `null`.
  mutating func note(_ value: String, _ name: String, _ rule: String) {
    let path = name.prefix(1).lowercased() + name.dropFirst()
    problems.append("Value \(value.prefix(1024)) at '\(path)' failed to satisfy constraint: \(rule)")
  }

  mutating func check(_ text: String, _ name: String, length: ClosedRange<Int>) {
    let count = text.unicodeScalars.count
    if count < length.lowerBound {
      note("'\(text)'", name, "Member must have length greater than or equal to \(length.lowerBound)")
    } else if count > length.upperBound {
      note("'\(text)'", name, "Member must have length less than or equal to \(length.upperBound)")
    }
  }

  static func string(_ value: JSON) throws(ServiceFault) -> String {
    guard let text = value.string else {
      throw .serialization("\(typeName(value)) can not be converted to a String")
    }
    return text
  }

  private static func typeName(_ value: JSON) -> String {
    switch value {
    case .null: "NULL_VALUE"
    case .bool(let isTrue): isTrue ? "TRUE_VALUE" : "FALSE_VALUE"
    case .number: "NUMBER_VALUE"
    case .string: "STRING_VALUE"
    case .array: "START_ARRAY"
    case .object: "START_OBJECT"
    }
  }
}
