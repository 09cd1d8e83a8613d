/// Header fields in their order; names match in any letter case (RFC 9110 §5).
struct HTTPFields: Equatable, Sendable, ExpressibleByDictionaryLiteral {
  struct Field: Equatable, Sendable {
    var name: String
    var value: String
  }

  private(set) var list: [Field] = []

  init() {}

  init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { append(name, value) }
  }

  /// The first field of that name; setting replaces all of that name, nil removes them.
  subscript(name: String) -> String? {
    get { list.first { Self.isSame($0.name, name) }?.value }
    set {
      let first = list.firstIndex { Self.isSame($0.name, name) }
      list.removeAll { Self.isSame($0.name, name) }
      if let newValue { list.insert(Field(name: name, value: newValue), at: first ?? list.count) }
    }
  }

  /// The values of all fields of that name, in order.
  func values(_ name: String) -> [String] {
    list.filter { Self.isSame($0.name, name) }.map(\.value)
  }

  /// The members of a comma-separated list over all fields of that name, in lower case (RFC 9110 §5.6.1).
  func tokens(_ name: String) -> [String] {
    values(name).flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }
      .map { String(decoding: ASCII.trimmed($0), as: UTF8.self).lowercased() }
      .filter { !$0.isEmpty }
  }

  mutating func append(_ name: String, _ value: String) {
    list.append(Field(name: name, value: value))
  }

  /// Puts a field before all others, where `Host` belongs.
  mutating func prepend(_ name: String, _ value: String) {
    list.insert(Field(name: name, value: value), at: 0)
  }

  /// Whether two field names are the same but for ASCII letter case.
  static func isSame(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count
      && zip(left.utf8, right.utf8).allSatisfy { ASCII.lowercased($0) == ASCII.lowercased($1) }
  }
}
