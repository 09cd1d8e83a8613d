import Platform

/// What sudo's `log` or `log.json` tells of a command.
struct SudoLogFacts: Equatable {
  var started: Timestamp?
  var submitUser: String?
  var runUser: String?
  var runGroup: String?
  var host: String?
  var tty: String?
  var size: WindowSize?
  var folder: String?
  var command: String?
  var terminalType: String?

  /// Reads the three lines of `log`: `EPOCH:USER:RUNUSER:RUNGROUP:TTY[:LINES:COLS]`, the folder, the command.
  /// nil where the first line is none of these.
  init?(log: [UInt8]) {
    let lines = log.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false)
    guard let first = lines.first else { return nil }
    let fields = first.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard fields.count == 5 || fields.count >= 7, let seconds = DecimalSeconds.count(fields[0]),
      seconds < 1 << 40, !fields[1].isEmpty
    else { return nil }
    func text(_ bytes: ArraySlice<UInt8>) -> String? {
      bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
    started = Timestamp(microseconds: Int64(seconds) * 1_000_000)
    (submitUser, runUser, runGroup, tty) = (
      text(fields[1]), text(fields[2]), text(fields[3]), text(fields[4])
    )
    if fields.count >= 7 { size = WindowSize(columns: text(fields[6]), rows: text(fields[5])) }
    if lines.count > 1 { folder = text(lines[1]) }
    if lines.count > 2 { command = text(lines[2]) }
  }

  /// Reads `log.json`. Of the environment only TERM is taken: it may hold secrets.
  init?(json: JSON) {
    guard json.members != nil, json["submituser"] != nil || json["timestamp"] != nil else { return nil }
    if let seconds = json["timestamp"]?["seconds"]?.integer, (0..<1 << 40).contains(seconds) {
      let nanoseconds = json["timestamp"]?["nanoseconds"]?.integer ?? 0
      started = Timestamp(microseconds: seconds * 1_000_000 + max(0, min(nanoseconds, 999_999_999)) / 1000)
    }
    submitUser = json["submituser"]?.string
    runUser = json["runuser"]?.string
    runGroup = json["rungroup"]?.string
    host = json["submithost"]?.string
    tty = json["ttyname"]?.string
    size = WindowSize(
      columns: json["columns"]?.integer.map { String($0) }, rows: json["lines"]?.integer.map { String($0) })
    folder = json["runcwd"]?.string ?? json["submitcwd"]?.string
    let words = (json["runargv"]?.array ?? []).compactMap(\.string)
    // The first word is the program's own name; `command` is its path.
    command = ([json["command"]?.string ?? words.first].compactMap { $0 } + words.dropFirst())
      .joined(separator: " ")
    if command?.isEmpty == true { command = nil }
    let variables = (json["runenv"]?.array ?? []) + (json["submitenv"]?.array ?? [])
    terminalType = variables.compactMap(\.string).first { $0.hasPrefix("TERM=") }.map {
      String($0.dropFirst(5))
    }
  }

  var header: Header {
    var header = Header(
      size: size ?? Header.assumedSize,
      timestamp: started.map { Timestamp(microseconds: $0.seconds * 1_000_000) }, command: command,
      terminalType: terminalType)
    header.sizeOrigin = size == nil ? .assumed : .told
    header.setSession("owner", submitUser)
    header.setSession("run_as", runUser)
    header.setSession("run_as_group", runGroup)
    header.setSession("target", host)
    header.setSession("tty", tty)
    header.setSession("working_directory", folder)
    return header
  }
}
