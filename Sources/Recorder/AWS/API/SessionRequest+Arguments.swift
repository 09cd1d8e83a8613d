import Platform

extension SessionRequest {
  /// How the options read files; a parameter so that tests need none.
  typealias FileReading = @Sendable (_ path: String) throws(Errno) -> [UInt8]

  /// Most bytes of a file that an option names.
  static let fileLimit = 4 << 20

  /// Reads the API's JSON, as the embedded service receives it.
  init(json: JSON) throws(SessionRequestError) {
    let draft = try Draft(json)
    guard let target = draft.target else { throw .missing(member: "Target") }
    try self.init(
      target: target, documentName: draft.documentName, reason: draft.reason,
      parameters: draft.parameters ?? [])
  }

  /// Puts a request together from the options of `ssmrec start`, as the AWS CLI reads them: options come
  /// before what `--cli-input-json` says.
  /// - Parameters:
  ///   - parameters: shorthand (`portNumber=22,host=a,b`), a JSON object, or `file://PATH` with either.
  ///   - cliInputJSON: a JSON object or `file://PATH`.
  init(
    target: String?, documentName: String? = nil, reason: String? = nil, parameters: String? = nil,
    cliInputJSON: String? = nil,
    readFile: FileReading = { (path) throws(Errno) in try File.read(path, limit: fileLimit) }
  ) throws(SessionRequestError) {
    var draft = Draft()
    if let cliInputJSON {
      let text = try Self.contents(of: cliInputJSON, readFile)
      draft = try Draft(try Self.parse(text, source: "--cli-input-json"))
    }
    guard let target = target ?? draft.target else { throw .missing(member: "Target") }
    var list = draft.parameters ?? []
    if let parameters { list = try Self.parameters(parsing: parameters, readFile) }
    try self.init(
      target: target, documentName: documentName ?? draft.documentName, reason: reason ?? draft.reason,
      parameters: list)
  }

  /// Reads the value of `--parameters`.
  static func parameters(
    parsing argument: String, _ readFile: FileReading
  ) throws(SessionRequestError) -> [Parameter] {
    let text = try contents(of: argument, readFile)
    let first = text.utf8.first { !ASCII.isBlank($0) && $0 != 0x0A && $0 != 0x0D }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      return try Draft.parameters(try parse(text, source: "--parameters"))
    }
    let members: [Shorthand.Member]
    do throws(ShorthandError) {
      members = try Shorthand.parse(text, readFile: readFile)
    } catch {
      throw .badShorthand(error)
    }
    var list: [Parameter] = []
    for member in members {
      switch member.value {
      case .text(let text): list.append(Parameter(name: member.name, values: [text]))
      case .list(let values):
        let texts = values.compactMap(\.text)
        guard texts.count == values.count else { throw notAList(member.name) }
        list.append(Parameter(name: member.name, values: texts))
      case .map: throw notAList(member.name)
      }
    }
    return list
  }

  fileprivate static func notAList(_ name: String) -> SessionRequestError {
    .wrongType(
      member: "Parameters.\(name)", expected: "a list of strings, for example {\"\(name)\":[\"value\"]}")
  }

  private static func parse(_ text: String, source: String) throws(SessionRequestError) -> JSON {
    do throws(JSONError) {
      return try JSON(parsing: text)
    } catch {
      throw .badJSON(source: source, error)
    }
  }

  /// The argument itself, or the contents of the file it names.
  private static func contents(
    of argument: String, _ readFile: FileReading
  ) throws(SessionRequestError) -> String {
    guard argument.hasPrefix("file://") else { return argument }
    let path = String(argument.dropFirst("file://".count))
    do throws(Errno) {
      return String(decoding: try readFile(path), as: UTF8.self)
    } catch {
      throw .unreadableFile(path: path, error)
    }
  }
}

/// The members of a request that are there, not checked yet.
private struct Draft {
  var target: String?
  var documentName: String?
  var reason: String?
  var parameters: [SessionRequest.Parameter]?

  init() {}

  init(_ json: JSON) throws(SessionRequestError) {
    guard let members = json.members else {
      throw .wrongType(member: "the request", expected: "a JSON object")
    }
    for member in members {
      switch member.name {
      case "Target": target = try Self.text(member)
      case "DocumentName": documentName = try Self.text(member)
      case "Reason": reason = try Self.text(member)
      case "Parameters": parameters = try Self.parameters(member.value)
      default: throw .unknownMember(member.name)
      }
    }
  }

  private static func text(_ member: JSON.Member) throws(SessionRequestError) -> String {
    guard let text = member.value.string else { throw .wrongType(member: member.name, expected: "a string") }
    return text
  }

  static func parameters(_ json: JSON) throws(SessionRequestError) -> [SessionRequest.Parameter] {
    guard let members = json.members else {
      throw .wrongType(member: "Parameters", expected: "a map of lists of strings")
    }
    var list: [SessionRequest.Parameter] = []
    for member in members {
      guard let values = member.value.array, case let texts = values.compactMap(\.string),
        texts.count == values.count
      else { throw SessionRequest.notAList(member.name) }
      list.removeAll { $0.name == member.name }  // of a name that comes twice, JSON's readers take the last
      list.append(.init(name: member.name, values: texts))
    }
    return list
  }
}

extension SessionRequest {
  /// What `--generate-cli-skeleton input` prints: to be filled in and given to `--cli-input-json`.
  static let inputSkeleton: JSON = [
    "Target": "", "DocumentName": "", "Reason": "", "Parameters": ["KeyName": [""]],
  ]

  /// What `--generate-cli-skeleton output` prints: the shape of an answer.
  static let outputSkeleton: JSON = [
    "SessionId": "SessionId", "TokenValue": "TokenValue", "StreamUrl": "StreamUrl",
  ]
}
