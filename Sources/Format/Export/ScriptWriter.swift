import Platform

/// Writes what script(1) of util-linux does: a typescript, its timing, and an input log.
struct ScriptWriter {
  let isClassic: Bool
  let name: String?
  private var header = Header(size: Header.assumedSize)
  private var started: Timestamp?
  /// Time of the last line of the timing, in microseconds.
  private var time: Int64 = 0
  private var exitCode: String?
  /// The first line of the input log, until there is input.
  private var inputLine: [UInt8] = []
  private var hasInput = false

  init(isClassic: Bool, name: String?) {
    self.isClassic = isClassic
    self.name = name
  }

  private var size: WindowSize? {
    header.sizeOrigin == .assumed || header.size.columns == 0 || header.size.rows == 0 ? nil : header.size
  }

  /// Values that would break the line they stand on lose their line feeds.
  private static func oneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" || $0 == "\r" ? " " : $0 }))
  }

  mutating func begin(
    _ header: Header, started: Timestamp?, into bytes: inout [UInt8], _ companions: inout Exporter.Companions
  ) {
    self.header = header
    self.started = started
    let moment = WallClockText.script(started ?? Timestamp(microseconds: 0))
    let line = firstLine(moment)
    bytes += line
    if isClassic { return }
    inputLine = line
    var lines: [(String, String)] = [("START_TIME", moment)]
    if let type = header.terminalType { lines.append(("TERM", type)) }
    if let size { lines += [("COLUMNS", String(size.columns)), ("LINES", String(size.rows))] }
    if let command = header.command { lines.append(("COMMAND", command)) }
    if let name {
      lines += [("TIMING_LOG", name + ".timing"), ("OUTPUT_LOG", name), ("INPUT_LOG", name + ".input")]
    }
    for (name, value) in lines { Self.append(name, value, to: &companions.timing) }
  }

  private func firstLine(_ moment: String) -> [UInt8] {
    var facts: [String] = []
    if let command = header.command { facts.append("COMMAND=\"\(Self.oneLine(command))\"") }
    if let type = header.terminalType { facts.append("TERM=\"\(Self.oneLine(type))\"") }
    if let size { facts.append("COLUMNS=\"\(size.columns)\" LINES=\"\(size.rows)\"") }
    if facts.isEmpty { facts = ["<not executed on terminal>"] }
    return Array("Script started on \(moment) [\(facts.joined(separator: " "))]\n".utf8)
  }

  private static func append(_ name: String, _ value: String, to timing: inout [UInt8]) {
    timing += "H 0.000000 \(name) \(oneLine(value))\n".utf8
  }

  /// - Returns: false where script has no place for the event.
  mutating func append(
    _ event: Event, into bytes: inout [UInt8], _ companions: inout Exporter.Companions
  ) -> Bool {
    switch event.code {
    case .output:
      if event.bytes.isEmpty { return true }  // the delay goes to the next line
      appendTiming("O", event, String(event.bytes.count), to: &companions.timing)
      bytes += event.bytes
    case .input where !isClassic:
      if event.bytes.isEmpty { return true }
      companions.input += inputLine  // the input log begins with the same line, when there is input
      if !inputLine.isEmpty { hasInput = true }
      inputLine = []
      appendTiming("I", event, String(event.bytes.count), to: &companions.timing)
      companions.input += event.bytes
    case .resize where !isClassic:
      guard let size = WindowSize(asciicast: event.bytes) else { return false }
      appendTiming(
        "S", event, "SIGWINCH ROWS=\(size.rows) COLS=\(size.columns)", to: &companions.timing)
    case .state where !isClassic:
      // else it is another state
      guard let json = try? JSON(parsing: event.bytes), json["state"]?.string == "signal",
        let signal = json["signal"]?.string
      else { return false }
      let rest = json["rest"]?.string.map { " " + $0 } ?? ""
      appendTiming("S", event, Self.oneLine(signal + rest), to: &companions.timing)
    case .exit:
      guard exitCode == nil, DecimalSeconds.count(event.bytes) != nil else { return false }
      exitCode = event.text
    default: return false
    }
    return true
  }

  private mutating func appendTiming(_ code: String, _ event: Event, _ rest: String, to timing: inout [UInt8])
  {
    if !isClassic { timing += "\(code) ".utf8 }
    let delay = max(0, event.microseconds - time)
    time = max(time, event.microseconds)
    timing += "\(delay / 1_000_000).\(pad(Int(delay % 1_000_000), 6)) \(rest)\n".utf8
  }

  mutating func finish(
    at microseconds: Int64, into bytes: inout [UInt8], _ companions: inout Exporter.Companions
  ) {
    let done = Timestamp(microseconds: (started?.microseconds ?? 0) + microseconds)
    let moment = WallClockText.script(done)
    let footer =
      "\nScript done on \(moment)" + (exitCode.map { " [COMMAND_EXIT_CODE=\"\($0)\"]" } ?? "") + "\n"
    bytes += footer.utf8
    if hasInput { companions.input += footer.utf8 }
    if isClassic { return }
    let duration = "\(microseconds / 1_000_000).\(pad(Int(microseconds % 1_000_000), 6))"
    Self.append("DURATION", duration, to: &companions.timing)
    if let exitCode { Self.append("EXIT_CODE", exitCode, to: &companions.timing) }
  }
}
