/// Control strings: titles, colors, links, marks of the shell, images that are not drawn. Nothing of it is passed on.
extension Screen {
  mutating func perform(_ string: ControlString) {
    switch string.kind {
    case .operatingSystem: perform(OperatingSystemCommand(parsing: string.payload))
    case .screenTitle: setTitle(string.payload[...])
    case .deviceControl: deviceControl(string.payload)
    case .application:
      if string.payload.first == UInt8(ascii: "G") {
        events.append(.image(.kitty, byteCount: string.payload.count))
      }
    case .privacy, .startOfString: return
    }
  }

  private mutating func perform(_ command: OperatingSystemCommand) {
    switch command.number ?? -1 {
    case 0:
      setTitle(command.text)
      setIconTitle(command.text)
    case 1: setIconTitle(command.text)
    case 2: setTitle(command.text)
    case 4: changePalette(command.fields())
    case 7: setWorkingDirectory(command.text)
    case 8: openLink(command)
    case 9: iTermMessage(command)
    case 10...19: changeDynamicColors(command)
    case 52: events.append(.clipboard(Array(command.text.prefix(EventLog.textLimit))))
    case 66: printSized(command)
    case 104: resetPalette(command)
    case 110...119: colors.dynamic[UInt8((command.number ?? 110) - 100)] = nil
    case 133: shellMark(command)
    case 633: editorMark(command)
    case 777: events.append(.notification(Array(command.text.prefix(EventLog.textLimit))))
    case 1337: iTermCommand(command)
    default: return
    }
  }

  // MARK: Titles and links

  private mutating func setTitle(_ text: ArraySlice<UInt8>) {
    titles.window = Array(text.prefix(Titles.lengthLimit))
    events.append(.title(titles.window))
  }

  private mutating func setIconTitle(_ text: ArraySlice<UInt8>) {
    titles.icon = Array(text.prefix(Titles.lengthLimit))
    events.append(.iconTitle(titles.icon))
  }

  private mutating func setWorkingDirectory(_ text: ArraySlice<UInt8>) {
    workingDirectory = Array(text.prefix(Titles.lengthLimit))
    events.append(.workingDirectory(workingDirectory))
  }

  /// OSC 8: `params;address`; an empty address ends the link.
  private mutating func openLink(_ command: OperatingSystemCommand) {
    let fields = command.fields(limit: 2)
    guard fields.count == 2 else { return }
    changePen()
    guard !fields[1].isEmpty else {
      pen.link = 0
      return
    }
    let id = fields[0].split(separator: UInt8(ascii: ":")).first { $0.starts(with: "id=".utf8) }
    pen.link = links.index(of: LinkTable.Link(id: Array((id ?? []).dropFirst(3)), address: Array(fields[1])))
  }

  // MARK: Colors

  /// OSC 4: pairs of index and color; a `?` asks, and is not answered.
  private mutating func changePalette(_ fields: [ArraySlice<UInt8>]) {
    var index = 0
    while index + 1 < fields.count {
      if let entry = OperatingSystemCommand.number(fields[index]).flatMap(UInt8.init(exactly:)),
        let color = OperatingSystemCommand.color(fields[index + 1])
      {
        colors.palette[entry] = color
      }
      index += 2
    }
  }

  private mutating func resetPalette(_ command: OperatingSystemCommand) {
    if command.text.isEmpty { colors.palette = [:] }
    for field in command.fields() {
      if let entry = OperatingSystemCommand.number(field).flatMap(UInt8.init(exactly:)) {
        colors.palette[entry] = nil
      }
    }
  }

  /// OSC 10…19: further colors go to the numbers that follow.
  private mutating func changeDynamicColors(_ command: OperatingSystemCommand) {
    for (offset, field) in command.fields(limit: 16).enumerated() {
      guard let number = UInt8(exactly: (command.number ?? 10) + offset), number <= 19 else { return }
      if let color = OperatingSystemCommand.color(field) { colors.dynamic[number] = color }
    }
  }

  // MARK: Shell integration

  /// The cursor's row, counted from the first that ever scrolled off.
  private var absoluteRow: Int { (isAlternate ? 0 : history.total + grid.departedCount) + cursor.row }

  private mutating func shellMark(_ command: OperatingSystemCommand) {
    let fields = command.fields()
    switch fields.first?.first {
    case UInt8(ascii: "A"), UInt8(ascii: "P"), UInt8(ascii: "N"): begin(.prompt)
    case UInt8(ascii: "B"), UInt8(ascii: "I"): begin(.command)
    case UInt8(ascii: "C"): begin(.output)
    case UInt8(ascii: "D"): endCommand(fields.count > 1 ? fields[1] : [])
    default: return
    }
  }

  private mutating func begin(_ phase: ShellState.Phase) {
    shell.phase = phase
    let row = absoluteRow
    switch phase {
    case .prompt:
      shell.commandLine = []
      grid.update(cursor.row) { $0.mark = .prompt }
      events.append(.prompt(row: row))
    case .command: events.append(.commandStart(row: row))
    case .output:
      grid.update(cursor.row) { $0.mark = .output }
      events.append(.commandOutput(row: row))
    case .unknown: return
    }
  }

  private mutating func endCommand(_ code: ArraySlice<UInt8>) {
    shell.phase = .unknown
    shell.exitCode = OperatingSystemCommand.number(code).flatMap(Int32.init(exactly:))
    events.append(.commandEnd(row: absoluteRow, exitCode: shell.exitCode))
  }

  /// OSC 633, of VS Code: the marks of 133, the command line, and properties.
  private mutating func editorMark(_ command: OperatingSystemCommand) {
    let fields = command.fields()
    switch fields.first?.first {
    case UInt8(ascii: "E"):
      guard fields.count > 1 else { return }
      shell.commandLine = Array(fields[1].prefix(EventLog.textLimit))
      events.append(.commandLine(shell.commandLine))
    case UInt8(ascii: "P"):
      if fields.count > 1, fields[1].starts(with: "Cwd=".utf8) { setWorkingDirectory(fields[1].dropFirst(4)) }
    default: shellMark(command)
    }
  }

  /// OSC 9: ConEmu's working directory (9;9), progress (9;4); else a notification of iTerm2.
  private mutating func iTermMessage(_ command: OperatingSystemCommand) {
    let fields = command.fields(limit: 2)
    if fields.count == 2, fields[0].elementsEqual("9".utf8) { return setWorkingDirectory(fields[1]) }
    if fields.count == 2, fields[0].count <= 2, OperatingSystemCommand.number(fields[0]) != nil { return }
    events.append(.notification(Array(command.text.prefix(EventLog.textLimit))))
  }

  private mutating func iTermCommand(_ command: OperatingSystemCommand) {
    let text = command.text
    if text.starts(with: "CurrentDir=".utf8) { setWorkingDirectory(text.dropFirst(11)) }
    if text.starts(with: "File=".utf8) || text.starts(with: "MultipartFile=".utf8) {
      events.append(.image(.iterm, byteCount: text.count))
    }
  }

  // MARK: Others

  /// Sixel graphics end their parameters with `q`, ReGIS with `p`; all else (DECRQSS, XTGETTCAP, DECUDK, tmux) has
  /// an intermediate or means nothing here.
  private mutating func deviceControl(_ payload: [UInt8]) {
    guard let final = payload.first(where: { !(0x30...0x3B).contains($0) }) else { return }
    if final == UInt8(ascii: "q") { events.append(.image(.sixel, byteCount: payload.count)) }
    if final == UInt8(ascii: "p") { events.append(.image(.regis, byteCount: payload.count)) }
  }
}
