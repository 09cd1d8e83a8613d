import Platform

extension Header {
  /// Appends the header line of asciicast v3, keys in asciinema's order, `ssm` last.
  func append(to text: inout [UInt8]) {
    json(version: 3).append(to: &text)
    text.append(0x0A)
  }

  /// The header as asciicast 3, 2 or 1 has it.
  func json(version: Int) -> JSON {
    var members = [JSON.Member("version", JSON(version))]
    func add(_ name: String, _ value: JSON?) {
      if let value { members.append(JSON.Member(name, value)) }
    }
    if version == 3 {
      add("term", terminal)
    } else {
      add("width", JSON(size.columns))
      add("height", JSON(size.rows))
    }
    add("timestamp", timestamp.map { JSON($0.seconds) })
    add("idle_time_limit", idleTimeLimit.map { .number(Self.digits($0)) })
    add("command", command.map { .string($0) })
    add("title", title.map { .string($0) })
    add("env", environmentObject(version: version))
    if version < 3 { add("theme", theme) }
    members += otherKeys
    add("ssm", session)
    return .object(members)
  }

  private var terminal: JSON {
    var members = [JSON.Member("cols", JSON(size.columns)), JSON.Member("rows", JSON(size.rows))]
    if let terminalType { members.append(JSON.Member("type", .string(terminalType))) }
    if let terminalVersion { members.append(JSON.Member("version", .string(terminalVersion))) }
    if let theme { members.append(JSON.Member("theme", theme)) }
    return .object(members + otherTerminalKeys)
  }

  /// Before v3 the terminal type has no place but TERM.
  private func environmentObject(version: Int) -> JSON? {
    var variables = environment
    if version < 3, let terminalType, !variables.contains(where: { $0.name == "TERM" }) {
      variables.append(Variable("TERM", terminalType))
    }
    if variables.isEmpty { return nil }
    return .object(variables.map { JSON.Member($0.name, .string($0.value)) })
  }

  /// `2.5`, and `2` for 2.0.
  private static func digits(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return String(value)
  }
}
