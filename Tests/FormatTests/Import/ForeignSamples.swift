import Platform

@testable import Format

/// Sources of other formats, small enough to be flipped bit by bit, and what came of reading one.
enum ForeignSamples {
  struct Result {
    var format: SourceFormat
    var formatName: String
    var header: Header
    var started: Timestamp?
    var events: [Event]
    var findings: [Finding]

    var output: String { String(decoding: Samples.bytes(.output, of: events), as: UTF8.self) }
    var input: String { String(decoding: Samples.bytes(.input, of: events), as: UTF8.self) }
    var times: [Int64] { events.map(\.microseconds) }
    var codes: String { events.map(\.code.description).joined() }
  }

  static let options = ImportOptions(environment: .current)

  static func read(
    _ bytes: [UInt8], name: String = "sample", options: ImportOptions = options
  ) throws -> Result {
    try read(try SourceReader(bytes, name: name, options: options))
  }

  static func read(_ reader: SourceReader) throws -> Result {
    var events: [Event] = []
    while let event = try reader.nextEvent() { events.append(event) }
    return Result(
      format: reader.format, formatName: reader.formatName, header: reader.header, started: reader.started,
      events: events, findings: reader.findings)
  }

  static func read(_ source: any EventSource, _ format: SourceFormat) throws -> Result {
    var events: [Event] = []
    var log = FindingLog()
    while let event = try source.next(&log) { events.append(event) }
    return Result(
      format: format, formatName: format.rawValue, header: source.header, started: source.started,
      events: events, findings: log.findings)
  }

  static func source(_ bytes: [UInt8], _ name: String = "sample") throws -> SourceBytes {
    try SourceBytes(InputWindow(bytes, name: name))
  }

  static func frame(_ microseconds: Int64, _ data: String) -> [UInt8] {
    var bytes: [UInt8] = []
    TtyrecFrame(microseconds: microseconds, byteCount: data.utf8.count).append(to: &bytes)
    return bytes + Array(data.utf8)
  }

  static let ttyrec =
    frame(1_512_942_573_000_000, "\u{1B}[8;30;100t") + frame(1_512_942_573_500_000, "Hello,")
    + frame(1_512_942_574_000_001, "") + frame(1_512_942_575_250_000, "“World”\r\n")

  static let typescript = """
    Script started on 2026-11-21 08:24:38+02:00 [COMMAND="echo "a b"; exit 3" TERM="xterm" TTY="/dev/pts/3" COLUMNS="100" LINES="30"]
    one\r
    two\r

    Script done on 2026-11-21 08:24:39+02:00 [COMMAND_EXIT_CODE="3"]

    """
  static let classicTiming = "0.012128 5\n0.201309 5\n"
  static let advancedTiming = """
    H 0.000000 START_TIME 2026-11-21 08:24:38+02:00
    H 0.000000 TERM xterm-256color
    H 0.000000 COLUMNS 90
    H 0.000000 LINES 25
    H 0.000000 COMMAND echo
    H 0.000000 TIMING_LOG t
    H 0.000000 OUTPUT_LOG out.log
    H 0.000000 INPUT_LOG in.log
    I 0.500000 3
    O 0.250000 5
    S 1.000000 SIGWINCH ROWS=30 COLS=100
    S 0.500000 SIGTERM
    O 0.000001 5
    H 0.000000 DURATION 9.500000
    H 0.000000 EXIT_CODE 3

    """
  static let inputLog = "Script started on x\nls\r\nScript done on x\n"

  static let sudo: [String: String] = [
    "log": "1645151020:millert:root::/dev/ttypb:24:80\n/home/millert\n/usr/bin/passwd -x\n",
    "timing": """
    4 0.087089703 5
    3 0.100000297 1
    1 1 3
    2 0.5 2
    5 0.25 40 120
    7 0.125 TSTP
    7 3.000000000 CONT
    0 0.000001 2
    4 0.000001 4

    """,
    "ttyout": "Pass:done", "ttyin": "x", "stdout": "out", "stderr": "er", "stdin": "in",
  ]

  /// A reader of sudo files in memory.
  static func sudoReader(_ parts: [String: String]) throws -> SudoLogReader {
    try SudoLogReader(name: "io") { part throws(ImportError) in
      guard let text = parts[part] else { return nil }
      return try SourceBytes(InputWindow(Array(text.utf8), name: part))
    }
  }

  static let tlog = #"""
    {"ver":"2.3","host":"server","rec":"e84-22c2","user":"john","term":"xterm","session":324,"id":1,"pos":0,"time":1512942573.250,"timing":"=80x24+10>2]1/2>1<3+5=100x30>1","in_txt":"l€\r","in_bin":[],"out_txt":"ab�cé","out_bin":[200,201]}
    {"ver":"2.3","host":"server","rec":"e84-22c2","user":"john","term":"xterm","session":324,"id":2,"pos":345,"time":1512942573.595,"timing":"+0>4[1/1","in_txt":"�","in_bin":[255],"out_txt":"next","out_bin":[]}

    """#

  static let cloudWatch = #"""
    {"eventVersion":"1.0","eventTime":"2026-11-21T08:00:02Z","awsRegion":"eu-west-1","target":{"id":"i-0123"},"userIdentity":{"arn":"arn:aws:iam::1:user/jo"},"runAsUser":"ssm-user","sessionId":"jo-0a1b","sessionData":["second","third"]}
    {"eventVersion":"1.0","eventTime":"2026-11-21T08:00:00Z","awsRegion":"eu-west-1","target":{"id":"i-0123"},"userIdentity":{"arn":"arn:aws:iam::1:user/jo"},"runAsUser":"ssm-user","sessionId":"jo-0a1b","sessionData":["first"]}

    """#
}
