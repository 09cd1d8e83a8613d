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

  /// - Throws: for the first member that the API would refuse.
  init(
    target: String, documentName: String? = nil, reason: String? = nil, parameters: [Parameter] = []
  ) throws(SessionRequestError) {
    try Self.check(target, "Target", 1...400)
    if let documentName { try Self.checkDocumentName(documentName) }
    if let reason {
      try Self.check(reason, "Reason", 1...256)
      if reason.unicodeScalars.contains("\n") {
        throw .badCharacters(member: "Reason", allowed: "one line of text")
      }
    }
    for parameter in parameters {
      try Self.check(parameter.name, "a name in Parameters", 1...255)
      for value in parameter.values { try Self.check(value, "Parameters.\(parameter.name)", 1...65535) }
    }
    self.target = target
    self.documentName = documentName
    self.reason = reason
    self.parameters = parameters
  }

  /// The request as the API takes it.
  var json: JSON {
    var members = [JSON.Member("Target", .string(target))]
    if let documentName { members.append(JSON.Member("DocumentName", .string(documentName))) }
    if let reason { members.append(JSON.Member("Reason", .string(reason))) }
    if !parameters.isEmpty {
      let list = parameters.map { JSON.Member($0.name, .array($0.values.map { .string($0) })) }
      members.append(JSON.Member("Parameters", .object(list)))
    }
    return .object(members)
  }

  private static func check(
    _ text: String, _ member: String, _ limits: ClosedRange<Int>
  ) throws(SessionRequestError) {
    let count = text.unicodeScalars.count
    if count < limits.lowerBound { throw .empty(member: member) }
    if count > limits.upperBound { throw .tooLong(member: member, count: count, maximum: limits.upperBound) }
  }

  /// `^[a-zA-Z0-9_\-.:/]{3,128}$`; an ARN fits too.
  private static func checkDocumentName(_ name: String) throws(SessionRequestError) {
    if name.isEmpty { throw .empty(member: "DocumentName") }
    guard name.utf8.allSatisfy({ ASCII.isLetter($0) || ASCII.isDigit($0) || "_-.:/".utf8.contains($0) })
    else {
      throw .badCharacters(member: "DocumentName", allowed: "letters, digits and _ - . : /")
    }
    if name.utf8.count < 3 { throw .tooShort(member: "DocumentName", minimum: 3) }
    try check(name, "DocumentName", 3...128)
  }
}
