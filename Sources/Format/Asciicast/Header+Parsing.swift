import Platform

extension Header {
  /// Why an object is no header.
  enum Problem: Error, Equatable {
    case notAnObject
    case noVersion
    case unknownVersion(String)
    case badSize
  }

  /// Reads the header object of asciicast v1, v2 or v3. Keys of the wrong type are kept as unknown keys.
  /// - Returns: also the version.
  static func parse(_ json: JSON) throws(Problem) -> (header: Header, version: Int) {
    guard let members = json.members else { throw .notAnObject }
    guard let given = json["version"] else { throw .noVersion }
    guard let version = given.integer, (1...3).contains(version) else { throw .unknownVersion(given.text) }
    var header: Header
    if version == 3 {
      guard let terminal = json["term"], let size = size(terminal["cols"], terminal["rows"]) else {
        throw .badSize
      }
      header = Header(size: size)
      header.takeTerminal(terminal)
    } else {
      guard let size = size(json["width"], json["height"]) else { throw .badSize }
      header = Header(size: size)
    }
    for member in members { header.take(member, version: Int(version)) }
    if version < 3 {
      header.terminalType = header.environment.first { $0.name == "TERM" }?.value
    }
    return (header, Int(version))
  }

  private static func size(_ columns: JSON?, _ rows: JSON?) -> WindowSize? {
    guard let columns = columns?.integer, let rows = rows?.integer,
      (0...Int64(Seal.maximumSide)).contains(columns), (0...Int64(Seal.maximumSide)).contains(rows)
    else { return nil }
    return WindowSize(columns: Int(columns), rows: Int(rows))
  }

  private mutating func takeTerminal(_ terminal: JSON) {
    for member in terminal.members ?? [] {
      switch (member.name, member.value) {
      case ("cols", _), ("rows", _): break
      case ("type", .string(let text)): terminalType = text
      case ("version", .string(let text)): terminalVersion = text
      case ("theme", .object): theme = member.value
      case (_, .null): break
      default: otherTerminalKeys.append(member)
      }
    }
  }

  private mutating func take(_ member: JSON.Member, version: Int) {
    switch (member.name, member.value) {
    case ("version", _): break
    case ("term", _) where version == 3: break
    case ("width", _) where version < 3, ("height", _) where version < 3: break
    // The sum of the events says the same, and does so truly.
    case ("duration", _) where version < 3, ("stdout", _) where version == 1: break
    case (_, .null): break
    case ("timestamp", .number(let digits)): takeTimestamp(digits, member)
    case ("title", .string(let text)): title = text
    case ("command", .string(let text)): command = text
    case ("idle_time_limit", .number(let digits)):
      if let limit = Double(digits), limit.isFinite, limit >= 0 { idleTimeLimit = limit }
    case ("env", .object(let variables)):
      for variable in variables {
        if let text = variable.value.string { environment.append(Variable(variable.name, text)) }
      }
    case ("theme", .object) where version < 3: theme = member.value
    case ("ssm", .object): session = member.value
    default: otherKeys.append(member)
    }
  }

  private mutating func takeTimestamp(_ digits: String, _ member: JSON.Member) {
    guard let seconds = Double(digits), abs(seconds) < 1e12 else {
      otherKeys.append(member)
      return
    }
    let whole = Int64(digits) ?? Int64(seconds.rounded(.down))
    timestamp = Timestamp(microseconds: whole * 1_000_000)
  }
}
