import Platform

/// The commands of a recording as `ssmplay show` tells them.
struct ShownCommands {
  /// So many are listed; in JSON, so many.
  static let listed = 10
  static let listedInJSON = 1000
  /// Longer ones are cut, in characters.
  static let textLimit = 200

  private let commands: [TypedCommand]

  /// - Parameter commands: in order of time.
  init(_ commands: [TypedCommand]) { self.commands = commands }

  /// - Parameter name: the recording, as `ssmplay commands` takes it.
  func lines(name: String, style: Style) -> [String] {
    guard !commands.isEmpty else { return [] }
    let shown = commands.prefix(Self.listed)
    let width = shown.map { TimeText.clock($0.start * 1000).count }.max() ?? 0
    var lines = [style.dim(commands.count == 1 ? "1 command" : "\(commands.count) commands")]
    for command in shown {
      let time = TimeText.clock(command.start * 1000)
      let text = String(decoding: command.text, as: UTF8.self).printable
      let exit = command.exitCode.flatMap { $0 == 0 ? nil : style.red("  [\($0)]") } ?? ""
      let cut = text.count > Self.textLimit ? text.prefix(Self.textLimit) + "…" : text[...]
      lines.append(
        "  " + style.dim(String(repeating: " ", count: width - time.count) + time) + "  " + cut + exit)
    }
    let rest = commands.count - shown.count
    if rest > 0 { lines.append(style.dim("  and \(rest) more: ssmplay commands \(name.printable)")) }
    return lines
  }

  var json: [JSON.Member] {
    let list = commands.prefix(Self.listedInJSON).map { command in
      var members = [JSON.Member("start", TimeText.json(command.start * 1000))]
      if let end = command.end { members.append(.init("end", TimeText.json(end * 1000))) }
      if let code = command.exitCode { members.append(.init("exit", JSON(code))) }
      members.append(.init("text", .string(String(decoding: command.text, as: UTF8.self))))
      members.append(.init("confidence", .number("\(command.evidence.confidence)")))
      return JSON.object(members)
    }
    return [.init("command_count", JSON(commands.count)), .init("commands", .array(list))]
  }
}
